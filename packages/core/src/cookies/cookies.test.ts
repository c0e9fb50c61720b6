/**
 * What leaves as a cookie, whoever set it.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, off } from '../kernel/index.ts';
import type { CookieChoices, Setting } from '../kernel/index.ts';
import { check, guardWith, set, stage, withFields } from '../kernel/kernel.fixture.ts';
import type { Stage } from '../kernel/kernel.fixture.ts';
import { clearCookie, cookies, COOKIES_DEFAULTS, getCookie, setCookie } from './index.ts';
import type { CookieException, CookiesOptions } from './index.ts';

const why = 'a test needs to see it';
const exceptions: Readonly<Record<string, CookieException>> = {
  theme: { readable: true, reason: why },
  widget: { sameSite: 'None', reason: why },
  shared: { domain: 'app.example', reason: why },
  area: { path: '/area', reason: why },
  plain: { insecure: true, reason: why },
};

const on = (setting?: Setting<CookiesOptions>): Stage => stage({ protections: [set(cookies, setting)] });

function made(name: string, value: string, choices?: CookieChoices, setting?: Setting<CookiesOptions>): string {
  const c = on(setting).context();
  setCookie(c, name, value, choices);
  const [line, ...more] = c.cookies;
  assert.deepEqual(more, []);
  return line!;
}

describe('a cookie that is set', () => {
  const strong = '; Path=/; Secure; HttpOnly; SameSite=Lax';
  const rows: readonly (readonly [title: string, name: string, choices: CookieChoices | undefined, line: string])[] = [
    ['has every attribute by default [S-29] [S-30] [SES-03] [SES-04]', 'a', undefined, `__Host-a=v${strong}`],
    ['keeps a prefix it has', '__Host-a', undefined, `__Host-a=v${strong}`],
    ['keeps the weaker prefix it has', '__Secure-a', undefined, `__Secure-a=v${strong}`],
    ['may live', 'a', { maxAge: 60 }, '__Host-a=v; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax'],
    [
      'lives 400 days at most',
      'a',
      { maxAge: 1e9 },
      '__Host-a=v; Path=/; Max-Age=34560000; Secure; HttpOnly; SameSite=Lax',
    ],
    ['may be stricter', 'a', { sameSite: 'Strict' }, '__Host-a=v; Path=/; Secure; HttpOnly; SameSite=Strict'],
    ['is readable by exception', 'theme', undefined, 'theme=v; Path=/; Secure; SameSite=Lax'],
    ['may be stricter than its exception', 'theme', { readable: false }, `theme=v${strong}`],
    ['goes cross-site by exception', 'widget', undefined, 'widget=v; Path=/; Secure; HttpOnly; SameSite=None'],
    [
      'is shared by exception',
      'shared',
      undefined,
      'shared=v; Path=/; Domain=app.example; Secure; HttpOnly; SameSite=Lax',
    ],
    ['has a path by exception', 'area', undefined, 'area=v; Path=/area; Secure; HttpOnly; SameSite=Lax'],
    ['goes in clear text by exception', 'plain', undefined, 'plain=v; Path=/; HttpOnly; SameSite=Lax'],
  ];
  for (const [title, name, choices, line] of rows)
    it(title, () => assert.equal(made(name, 'v', choices, { exceptions }), line));

  const refused: readonly (readonly [
    title: string,
    name: string,
    value: string,
    choices: CookieChoices,
    error: RegExp,
  ])[] = [
    ['readable without a reason', 'a', 'v', { readable: true }, /__Host-a may not be readable.*reason/],
    ['cross-site without a reason', 'a', 'v', { sameSite: 'None' }, /__Host-a may not be SameSite=None.*reason/],
    ['with a SameSite nobody knows', 'a', 'v', { sameSite: 'x; Domain=evil.example' as 'Lax' }, /may not be SameSite/],
    ['with a path under __Host-', 'a', 'v', { path: '/x' }, /__Host-a with a path/],
    ['with attributes in its path', 'area', 'v', { path: '/; Domain=evil.example' }, /the path of the cookie area/],
    ['with a name that is no token', 'a;b', 'v', {}, /"a;b" is no token/],
    ['without a name', '', 'v', {}, /"" is no token/],
    ['with a line end in its value [INJ-09]', 'a', 'v\r\nSet-Cookie: b=c', {}, /__Host-a has characters/],
    ['with attributes in its value', 'a', 'v; Domain=evil.example', {}, /__Host-a has characters/],
    ['with letters outside ASCII', 'a', 'né', {}, /__Host-a has characters that no cookie can carry: encode it/],
    ['with quotes that would not survive', 'a', '"v"', {}, /__Host-a has characters/],
    ['that browsers would drop for its size [SES-22]', 'a', 'v'.repeat(4089), {}, /__Host-a has 4097 bytes/],
    ['with half a lifetime', 'a', 'v', { maxAge: 0.5 }, /__Host-a is to live 0.5 seconds/],
  ];
  for (const [title, name, value, choices, error] of refused)
    it(`is refused ${title}`, () => assert.throws(() => made(name, value, choices, { exceptions }), error));

  it('of the greatest size is set', () => assert.equal(made('a', 'v'.repeat(4088)).length > 4096, true));

  it('is refused when all together would not come back [SES-22]', async () => {
    const c = on().context();
    for (const name of ['a', 'b']) setCookie(c, name, 'v'.repeat(3060));
    assert.throws(() => setCookie(c, 'c', 'v'.repeat(500)), /__Host-c this response sets 66\d\d bytes/);
    setCookie(c, 'b', 'v'.repeat(2000));
    setCookie(c, 'c', 'v'.repeat(500));
    assert.equal([...c.cookies].length, 3);
  });

  it('comes too late once the head is out', () => {
    const c = on().context();
    c.headSent = true;
    assert.throws(() => setCookie(c, 'a', 'v'), /too late/);
  });

  it('is read under the name it has in the browser', () => {
    const c = on().context(withFields('Cookie', '__Host-a=dark; a=planted'));
    assert.equal(getCookie(c, 'a'), 'dark');
    assert.equal(getCookie(c, 'b'), undefined);
  });

  it('is taken back', () => {
    const c = on().context();
    clearCookie(c, 'a');
    assert.deepEqual([...c.cookies], ['__Host-a=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax']);
  });

  it('is none where cookies are off', () => {
    const c = on(off('this service has none')).context();
    assert.throws(() => setCookie(c, 'a', 'v'), /cookies are off/);
  });
});

describe('a Set-Cookie line that a handler wrote', () => {
  const strong = '; Path=/; Secure; HttpOnly; SameSite=Lax';
  const rows: readonly (readonly [title: string, own: readonly string[], out: readonly string[], conflicts: number])[] =
    [
      ['gets what is missing [S-29] [S-30] [SES-03]', ['a=b'], [`a=b${strong}`], 0],
      ['keeps what is stronger', ['a=b; SameSite=Strict'], ['a=b; Path=/; Secure; HttpOnly; SameSite=Strict'], 0],
      ['keeps its path', ['a=b; Path=/x'], ['a=b; Path=/x; Secure; HttpOnly; SameSite=Lax'], 0],
      ['loses SameSite=None', ['a=b; SameSite=None; Secure'], [`a=b${strong}`], 1],
      ['loses a domain', ['a=b; Domain=app.example'], [`a=b${strong}`], 1],
      [
        'loses a domain that browsers refuse under __Host-',
        ['__Host-a=b; Domain=app.example'],
        [`__Host-a=b${strong}`],
        1,
      ],
      ['is not sent with a path under __Host-', ['__Host-a=b; Path=/x'], [], 1],
      ['is made what its prefix asks for', ['__host-a=b'], [`__host-a=b${strong}`], 0],
      ['is not sent when it cannot be understood', ['a=b c', 'x', 'c=d'], [`c=d${strong}`], 2],
      ['is not sent with a second line in it [INJ-09]', ['a=b\r\nX-Admin: 1'], [], 1],
      ['is not sent when browsers would drop it [SES-22]', [`a=${'b'.repeat(4096)}`], [], 1],
      ['gives way to a later one of its name [SES-22]', ['a=1', 'b=2', 'a=3'], [`b=2${strong}`, `a=3${strong}`], 0],
      ['keeps a weakness that has a reason', ['theme=b; Secure'], ['theme=b; Path=/; Secure; SameSite=Lax'], 0],
      [
        'keeps a domain that has a reason',
        ['shared=b; Domain=.app.example'],
        ['shared=b; Path=/; Domain=app.example; Secure; HttpOnly; SameSite=Lax'],
        0,
      ],
      ['loses a domain that has none for it', ['shared=b; Domain=example.com'], [`shared=b${strong}`], 1],
      [
        'is cross-site by exception',
        ['widget=b; SameSite=None'],
        ['widget=b; Path=/; Secure; HttpOnly; SameSite=None'],
        0,
      ],
      ['is in clear text by exception', ['plain=b'], ['plain=b; Path=/; HttpOnly; SameSite=Lax'], 0],
    ];
  for (const [title, own, out, conflicts] of rows)
    it(title, async () => {
      const here = on({ exceptions });
      const { answer } = await here.send(
        {},
        own.flatMap((line) => ['Set-Cookie', line]),
      );
      const lines = answer.fields.filter((_, index) => answer.fields[index - 1] === 'set-cookie' && index % 2 === 1);
      assert.deepEqual(lines, out);
      const said = here.said('response.conflict');
      assert.equal(said.length, conflicts);
      for (const { field } of said) assert.match(field, /^set-cookie: [^\r\n]*$/);
    });

  it('is not sent when all together would not come back, the first of them first [SES-22]', async () => {
    const here = on();
    const long = 'v'.repeat(3070);
    const own = ['a', 'b', 'c'].flatMap((name) => ['Set-Cookie', `${name}=${long}`]);
    const { field } = await here.send({}, own);
    assert.deepEqual(
      [field('set-cookie')].flat().map((line) => line?.charAt(0)),
      ['b', 'c'],
    );
    assert.deepEqual(
      here.said('response.conflict').map((one) => one.field),
      ['set-cookie: a'],
    );
  });

  it('has Secure where browsers insist on it, whatever its exception', async () => {
    const plain = { insecure: true, reason: why } as const;
    const widget = { ...plain, sameSite: 'None' } as const;
    const policy = { exceptions: { plain, widget } } as object;
    const here = stage({ profile: 'development', protections: [set(cookies, policy)] });
    const { field } = await here.send({}, ['Set-Cookie', 'widget=b', 'Set-Cookie', 'plain=b; Partitioned']);
    assert.deepEqual(field('set-cookie'), [
      'widget=b; Path=/; Secure; HttpOnly; SameSite=None',
      'plain=b; Path=/; Secure; HttpOnly; SameSite=Lax; Partitioned',
    ]);
  });

  it('never replaces one that a protection set', async () => {
    const setter = guardWith({
      place: 'access',
      run(c) {
        c.kernel.part('cookies')!.set(c, '__Host-session', 'ours');
        return null;
      },
    });
    const here = stage({ protections: [cookies, setter] });
    const { field } = await here.send({}, ['Set-Cookie', '__Host-session=theirs']);
    assert.equal(field('set-cookie'), `__Host-session=ours${strong}`);
    assert.deepEqual(
      here.said('response.conflict').map((one) => one.field),
      ['set-cookie: __Host-session'],
    );
  });

  it('never leaves past the guard through the context', async () => {
    const bypass = guardWith({
      place: 'access',
      run(c) {
        c.setCookie('a', 'a=b');
        return null;
      },
    });
    const here = stage({ protections: [cookies, bypass] });
    await here.ready;
    const c = here.context();
    await here.kernel.before(c);
    assert.throws(() => here.kernel.head(c, 200, []), /"a" was not made by the cookies part/);
    const { fields } = here.kernel.fail(c, new Error('the head'));
    assert.ok(!fields.includes('set-cookie'));
  });

  it('is guarded on refusals too', async () => {
    const no = { code: 'guard/no', status: 403, by: 'guard', option: 'guard', headers: ['set-cookie', 'a=b'] } as const;
    const here = stage({ protections: [cookies, guardWith(check('access', no))] });
    assert.equal((await here.send()).field('set-cookie'), `a=b${strong}`);
  });
});

describe('the policy of cookies', () => {
  const rows: readonly (readonly [title: string, setting: Setting<CookiesOptions>, option: string])[] = [
    ['SameSite=None for all', { sameSite: 'None' as 'Lax', reason: why }, 'cookies.sameSite'],
    ['an unknown prefix', { prefix: 'x-' as '', reason: why }, 'cookies.prefix'],
    ['a weaker prefix without a reason', { prefix: '__Secure-' }, 'cookies.prefix'],
    ['a size that browsers drop', { maxSize: 5000 }, 'cookies.maxSize'],
    ['a total that is no number', { maxTotal: NaN }, 'cookies.maxTotal'],
    ['a list of exceptions', { exceptions: [] as never }, 'cookies.exceptions'],
    [
      'an exception without a reason',
      { exceptions: { a: { readable: true } as never } },
      'cookies.exceptions["a"].reason',
    ],
    [
      'an exception with half a word',
      { exceptions: { a: { readable: true, reason: 'js' } } },
      'cookies.exceptions["a"].reason',
    ],
    ['an exception that is none', { exceptions: { a: true as never } }, 'cookies.exceptions["a"]'],
    [
      'a misspelt exception',
      { exceptions: { a: { readible: true, reason: why } as never } },
      'cookies.exceptions["a"].readible',
    ],
    ['a name that is none', { exceptions: { 'a b': { readable: true, reason: why } } }, 'cookies.exceptions["a b"]'],
    ['a top-level domain', { exceptions: { a: { domain: 'com', reason: why } } }, 'cookies.exceptions["a"].domain'],
    ['a path that is none', { exceptions: { a: { path: 'x', reason: why } } }, 'cookies.exceptions["a"].path'],
    [
      'a SameSite that is none',
      { exceptions: { a: { sameSite: 'lax' as 'Lax', reason: why } } },
      'cookies.exceptions["a"].sameSite',
    ],
    ['a false', { exceptions: { a: { readable: false as true, reason: why } } }, 'cookies.exceptions["a"].readable'],
    [
      '__Host- with a domain',
      { exceptions: { '__Host-a': { domain: 'app.example', reason: why } } },
      'cookies.exceptions["__Host-a"].domain',
    ],
    [
      '__Host- with a path',
      { exceptions: { '__Host-a': { path: '/x', reason: why } } },
      'cookies.exceptions["__Host-a"].path',
    ],
    [
      '__Secure- in clear text',
      { exceptions: { '__Secure-a': { insecure: true, reason: why } } },
      'cookies.exceptions["__Secure-a"].insecure',
    ],
    [
      'a readable __Host-Http-',
      { exceptions: { '__Host-Http-a': { readable: true, reason: why } } },
      'cookies.exceptions["__Host-Http-a"].readable',
    ],
    [
      'None in clear text',
      { exceptions: { a: { sameSite: 'None', insecure: true, reason: why } } },
      'cookies.exceptions["a"]',
    ],
  ];
  for (const [title, setting, option] of rows)
    it(`refuses ${title}`, async () => {
      await assert.rejects(on(setting).ready, (error) => {
        assert.ok(error instanceof ConfigError);
        assert.deepEqual(
          error.faults.map((one) => one.option),
          [option],
        );
        return true;
      });
    });

  it('is frozen, and sound as it stands', async () => {
    assert.ok(Object.isFrozen(COOKIES_DEFAULTS) && Object.isFrozen(COOKIES_DEFAULTS.exceptions));
    await on().ready;
  });

  it('tells every exception at start, with its reason', async () => {
    const here = on({ exceptions });
    await here.ready;
    assert.deepEqual(
      here.said('policy.weakened').map(({ option, reason }) => [option, reason]),
      Object.keys(exceptions).map((name) => [`cookies.exceptions["${name}"]`, why]),
    );
  });

  it('cannot be set for one route', async () => {
    const here = stage({
      protections: [cookies],
      routes: [{ overrides: { cookies: { sameSite: 'Strict' } as object } }],
    });
    await assert.rejects(here.ready, /a route has no cookies of its own/);
  });

  it('still sends Secure with SameSite=None where development only warns', async () => {
    const widget = { sameSite: 'None', insecure: true, reason: why } as const;
    const here = stage({ profile: 'development', protections: [set(cookies, { exceptions: { widget } } as object)] });
    await here.ready;
    assert.equal(here.said('policy.warning').length, 1);
    const c = here.context();
    setCookie(c, 'widget', 'v');
    assert.deepEqual([...c.cookies], ['widget=v; Path=/; Secure; HttpOnly; SameSite=None']);
  });
});
