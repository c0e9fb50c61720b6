import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CookieJar } from './cookie-jar.ts';
import { fakeClock } from './fake-clock.ts';
import { parseCookieDate } from './set-cookie.ts';
import { Sites } from './site.ts';
import type { Cookie, CookieContext } from './cookie-jar.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22);
const SAME: CookieContext = { site: 'strict', topSite: 'https://desk.example' };
const HTTPS = new URL('https://a.desk.example/set/a/b');

function stored(line: string, url: URL = HTTPS, context: CookieContext = SAME): Cookie | string {
  const jar = new CookieJar({ clock: fakeClock(NOW) });
  return jar.set(line, url, context) ?? jar.all()[0] ?? 'deleted';
}

function summary(cookie: Cookie | string): string {
  if (typeof cookie === 'string') return cookie;
  const days = cookie.expires === null ? 'session' : `${Math.round((cookie.expires - NOW) / DAY)}d`;
  const home = `${cookie.hostOnly ? '' : '.'}${cookie.domain} ${cookie.path.slice(0, 8)}`;
  return `${cookie.name}=${cookie.value.slice(0, 9)} ${home} ${days} ${cookie.sameSite}`;
}

// Every row was seen in Chromium 156 on the same input; Chromium reports `default` as Lax.
const HOME = 'a.desk.example /set/a session default';
const lines: readonly (readonly [line: string, result: string])[] = [
  ['a=1', `a=1 ${HOME}`],
  ['__Host-a=1; Secure; Path=/', '__Host-a=1 a.desk.example / session default'],
  ['__Host-a=1; Path=/', 'prefix'],
  ['__Host-a=1; Secure', 'prefix'],
  ['__Host-a=1; Secure; Path=/; Domain=a.desk.example', 'prefix'],
  ['__host-a=1; Path=/', 'prefix'],
  ['__HOST-a=1; Secure; Path=/; Domain=desk.example', 'prefix'],
  ['__Secure-a=1', 'prefix'],
  ['__secure-a=1', 'prefix'],
  ['__Secure-a=1; Secure', `__Secure-a=1 ${HOME}`],
  ['=__Host-a=1; Secure; Path=/', 'prefix'],
  ['__Host-a; Secure; Path=/', 'prefix'],
  ['__Http-a=1; Secure', 'prefix'],
  ['__Http-a=1; Secure; HttpOnly', `__Http-a=1 ${HOME}`],
  ['__Host-Http-a=1; Secure; Path=/', 'prefix'],
  ['__Host-Http-a=1; Secure; Path=/; HttpOnly', '__Host-Http-a=1 a.desk.example / session default'],
  ['=v', `=v ${HOME}`],
  ['novalue', `=novalue ${HOME}`],
  ['=', 'empty'],
  ['; Secure', 'empty'],
  ['a=1; Domain=desk.example', 'a=1 .desk.example /set/a session default'],
  ['a=1; Domain=.DESK.example', 'a=1 .desk.example /set/a session default'],
  ['a=1; Domain=example', 'domain'],
  ['a=1; Domain=evil.example', 'domain'],
  ['a=1; Domain=b.a.desk.example', 'domain'],
  ['a=1; Domain=desk.example.', 'domain'],
  ['a=1; Domain=..desk.example', 'domain'],
  ['a=1; Domain=', `a=1 ${HOME}`],
  ['a=1; Domain=desk.example; Domain=a.desk.example', 'a=1 .a.desk.example /set/a session default'],
  ['a=1; Path=/x', 'a=1 a.desk.example /x session default'],
  ['a=1; Path=x', `a=1 ${HOME}`],
  ['a=1; Path=/; Path=/set', 'a=1 a.desk.example /set session default'],
  ['a=1; SameSite=None', 'same-site'],
  ['a=1; SameSite=None; Secure', 'a=1 a.desk.example /set/a session None'],
  ['a=1; SameSite=foo', `a=1 ${HOME}`],
  ['a=1; SameSite=Strict; SameSite=Lax', 'a=1 a.desk.example /set/a session Lax'],
  ['a=1; Max-Age=0', 'deleted'],
  ['a=1; Max-Age=-5', 'deleted'],
  ['a=1; Max-Age=99999999999', 'a=1 a.desk.example /set/a 400d default'],
  ['a=1; Max-Age=abc', `a=1 ${HOME}`],
  ['a=1; Max-Age=5.5', `a=1 ${HOME}`],
  ['a=1; Max-Age="500000"', `a=1 ${HOME}`],
  ['a=1; Expires=Wed, 01 Jan 2020 00:00:00 GMT', 'deleted'],
  ['a=1; Expires=Wed, 01 Jan 2020 00:00:00 GMT; Max-Age=500000', 'a=1 a.desk.example /set/a 6d default'],
  ['a=1; Expires=Fri, 01-Jan-27 00:00:00 GMT', 'a=1 a.desk.example /set/a 40d default'],
  ['a=1; Expires=foo', `a=1 ${HOME}`],
  ['a="q; x"', `a="q ${HOME}`],
  [' a = b c ; Secure', `a=b c ${HOME}`],
  ['a=1\tb', 'control'],
  ['a=1\u0000b', 'control'],
  [`a=${'x'.repeat(4095)}`, `a=xxxxxxxxx ${HOME}`],
  [`a=${'x'.repeat(4096)}`, 'size'],
  [`a=1; Path=/${'x'.repeat(1022)}`, 'a=1 a.desk.example /xxxxxxx session default'],
  [`a=1; Path=/set; Path=/${'x'.repeat(1024)}`, 'a=1 a.desk.example /set session default'],
  ['a=1; Partitioned', 'partitioned'],
];

describe('Set-Cookie', () => {
  for (const [line, result] of lines) {
    it(`${JSON.stringify(line.slice(0, 60))} is ${result}`, () => assert.equal(summary(stored(line)), result));
  }

  it('takes Secure and HttpOnly whatever value they are given', () => {
    const cookie = stored('a=1; secure=false; httponly=0');
    assert.ok(typeof cookie === 'object' && cookie.secure && cookie.httpOnly);
  });

  const hosts: readonly (readonly [url: string, line: string, result: string])[] = [
    ['http://desk.example/', 'a=1', 'a=1 desk.example / session default'],
    ['http://desk.example/', 'a=1; Secure', 'secure'],
    ['http://desk.example/', '__Host-a=1; Secure; Path=/', 'secure'],
    ['http://localhost:3000/', '__Host-a=1; Secure; Path=/', '__Host-a=1 localhost / session default'],
    ['http://127.0.0.1:3000/', '__Host-a=1; Secure; Path=/', '__Host-a=1 127.0.0.1 / session default'],
    ['http://localhost:3000/', 'a=1; SameSite=None', 'same-site'],
    ['http://localhost:3000/', 'a=1; Domain=localhost', 'a=1 localhost / session default'],
    ['http://foo.localhost:3000/', 'a=1; Domain=localhost', 'domain'],
    ['http://foo.localhost:3000/', 'a=1; Domain=foo.localhost', 'a=1 .foo.localhost / session default'],
    ['http://127.0.0.1:3000/', 'a=1; Domain=127.0.0.1', 'a=1 127.0.0.1 / session default'],
    ['http://127.0.0.1:3000/', 'a=1; Domain=0.0.1', 'domain'],
    ['https://shop.co.uk/', 'a=1; Domain=co.uk', 'domain'],
    ['https://me.github.io/', 'a=1; Domain=github.io', 'domain'],
  ];
  for (const [url, line, result] of hosts) {
    it(`${line} from ${url} is ${result}`, () => assert.equal(summary(stored(line, new URL(url))), result));
  }

  const dates: readonly (readonly [text: string, date: number | null])[] = [
    ['Sun, 06 Nov 1994 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sunday, 06-Nov-94 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sun Nov  6 08:49:37 1994', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['1 Jan 2027 0:0:0', Date.UTC(2027, 0, 1)],
    ['30 Feb 2027 0:0:0', null],
    ['1 Jan 2027', null],
    ['1 Jan 1600 0:0:0', null],
    ['1 Jan 2027 24:0:0', null],
  ];
  for (const [text, date] of dates) {
    it(`the date "${text}" is ${date === null ? 'none' : 'read'}`, () => assert.equal(parseCookieDate(text), date));
  }
});

describe('which cookies travel', () => {
  const url = new URL('https://desk.example/');
  const jar = (laxAllowingUnsafe = false, thirdPartyCookies = true): CookieJar => {
    const made = new CookieJar({ clock: fakeClock(NOW), laxAllowingUnsafe, thirdPartyCookies });
    for (const line of ['st=1; SameSite=Strict', 'lx=1; SameSite=Lax', 'no=1; SameSite=None', 'df=1']) {
      assert.equal(made.set(`${line}; Secure`, url, SAME), null);
    }
    return made;
  };
  type Row = readonly [site: CookieContext['site'], sameSite: NonNullable<CookieContext['sameSite']>, sent: string];
  const rows: readonly Row[] = [
    ['strict', 'modern', 'st=1; lx=1; no=1; df=1'],
    ['lax', 'modern', 'lx=1; no=1; df=1'],
    ['lax-unsafe', 'modern', 'no=1'],
    ['cross', 'modern', 'no=1'],
    ['strict', 'explicit', 'st=1; lx=1; no=1; df=1'],
    ['lax', 'explicit', 'lx=1; no=1; df=1'],
    ['lax-unsafe', 'explicit', 'no=1; df=1'],
    ['cross', 'explicit', 'no=1; df=1'],
    ['cross', 'ignored', 'st=1; lx=1; no=1; df=1'],
  ];
  for (const [site, sameSite, sent] of rows) {
    it(`${site} to a ${sameSite} browser: ${sent}`, () => {
      assert.equal(jar().header(url, { ...SAME, site, sameSite }), sent);
    });
  }

  it('lets a fresh cookie without SameSite go with a cross-site POST, for two minutes, when Lax allows unsafe', () => {
    const clock = fakeClock(NOW);
    const made = new CookieJar({ clock, laxAllowingUnsafe: true });
    made.set('df=1', url, SAME);
    made.set('lx=1; SameSite=Lax', url, SAME);
    clock.advance(119_999);
    assert.equal(made.header(url, { ...SAME, site: 'lax-unsafe' }), 'df=1');
    assert.equal(made.header(url, { ...SAME, site: 'cross' }), undefined);
    clock.advance(1);
    assert.equal(made.header(url, { ...SAME, site: 'lax-unsafe' }), undefined);
  });

  it('stores only SameSite=None cookies from a cross-site subresource', () => {
    const made = new CookieJar();
    const cross: CookieContext = { ...SAME, site: 'cross' };
    const answers = ['a=1', 'b=1; SameSite=Lax', 'c=1; SameSite=None; Secure'].map((line) =>
      made.set(line, url, cross),
    );
    assert.deepEqual(answers, ['same-site', 'same-site', null]);
  });

  it('keeps cross-site requests without cookies when third parties are blocked', () => {
    const made = jar(false, false);
    assert.equal(made.header(url, { ...SAME, site: 'cross' }), undefined);
    assert.equal(made.set('x=1; SameSite=None; Secure', url, { ...SAME, site: 'cross' }), 'third-party');
    assert.equal(made.header(url, { ...SAME, site: 'lax-unsafe' }), 'no=1');
  });

  const homes: readonly (readonly [line: string, url: string, sent: boolean])[] = [
    ['a=1', 'https://a.desk.example/set/a', true],
    ['a=1', 'https://a.desk.example/set/ab', false],
    ['a=1', 'https://a.desk.example/set/a/b/c', true],
    ['a=1', 'https://b.a.desk.example/set/a', false],
    ['a=1; Domain=desk.example', 'https://desk.example/set/a', true],
    ['a=1; Domain=desk.example', 'https://xdesk.example/set/a', false],
    ['a=1; Path=/', 'https://a.desk.example:8443/', true],
    ['a=1; Path=/', 'http://a.desk.example/', true],
    ['a=1; Path=/; Secure', 'http://a.desk.example/', false],
  ];
  for (const [line, target, sent] of homes) {
    it(`${line} ${sent ? 'goes' : 'does not go'} to ${target}`, () => {
      const made = new CookieJar();
      made.set(line, HTTPS, SAME);
      assert.equal(made.header(new URL(target), SAME), sent ? 'a=1' : undefined);
    });
  }

  it('sends longer paths first, then older cookies, a changed value counting as new', () => {
    const made = new CookieJar();
    for (const line of ['a=1; Path=/', 'b=1; Path=/', 'c=1; Path=/ord', 'a=2; Path=/', 'b=1; Path=/']) {
      made.set(line, url, SAME);
    }
    assert.equal(made.header(new URL('https://desk.example/ord'), SAME), 'c=1; b=1; a=2');
  });

  it('sends both of two equal names: a tossed domain cookie with a longer path comes first', () => {
    const made = new CookieJar();
    made.set('sid=victim; Path=/', url, SAME);
    made.set('sid=tossed; Path=/account; Domain=desk.example', new URL('https://evil.desk.example/'), SAME);
    assert.equal(made.header(new URL('https://desk.example/account'), SAME), 'sid=tossed; sid=victim');
  });

  it('confines a Partitioned cookie to the site it was set under', () => {
    const made = new CookieJar();
    const embedded: CookieContext = { site: 'cross', topSite: 'https://a.example' };
    made.set('p=1; SameSite=None; Secure; Partitioned', url, embedded);
    assert.equal(made.header(url, embedded), 'p=1');
    assert.equal(made.header(url, { site: 'cross', topSite: 'https://b.example' }), undefined);
  });

  it('forgets a cookie when its time has come', () => {
    const clock = fakeClock(NOW);
    const made = new CookieJar({ clock });
    made.set('a=1; Max-Age=10', url, SAME);
    clock.advance(9_999);
    assert.equal(made.header(url, SAME), 'a=1');
    clock.advance(1);
    assert.equal(made.header(url, SAME), undefined);
    assert.equal(made.all().length, 0);
  });
});

describe('who may overwrite', () => {
  const https = new URL('https://desk.example/');
  const http = new URL('http://desk.example/');
  const script: CookieContext = { ...SAME, script: true };

  it('leaves Secure cookies alone from an insecure page, shadowing by path included', () => {
    const jar = new CookieJar();
    jar.set('s=1; Secure; Path=/; Domain=desk.example', https, SAME);
    assert.equal(jar.set('s=2; Path=/', http, SAME), 'overwrites-secure');
    assert.equal(jar.set('s=3; Path=/deep', http, SAME), 'overwrites-secure');
    assert.equal(jar.set('other=1; Path=/', http, SAME), null);
  });

  it('keeps scripts from reading, setting and overwriting HttpOnly, but not from shadowing it', () => {
    const jar = new CookieJar();
    jar.set('h=1; HttpOnly; Path=/', https, SAME);
    assert.equal(jar.header(https, script), undefined);
    assert.equal(jar.set('h=2; Path=/', https, script), 'http-only');
    assert.equal(jar.set('k=1; HttpOnly', https, script), 'http-only');
    assert.equal(jar.set('h=3; Path=/x', https, script), null);
    assert.equal(jar.header(new URL('https://desk.example/x'), SAME), 'h=3; h=1');
  });

  it('keeps __Http- cookies from scripts even with HttpOnly written', () => {
    assert.notEqual(new CookieJar().set('__Http-a=1; Secure; HttpOnly', https, script), null);
  });

  const floods: readonly (readonly [attributes: string, sidSurvives: boolean])[] = [
    ['', true],
    ['; Secure', false],
  ];
  for (const [attributes, survives] of floods) {
    it(`a flood of 200${attributes} cookies from a sibling ${survives ? 'spares' : 'evicts'} a Secure one`, () => {
      const clock = fakeClock(NOW);
      const jar = new CookieJar({ clock });
      jar.set('sid=1; Secure; HttpOnly; Path=/', https, SAME);
      jar.set('old=1; Path=/', https, SAME);
      for (let n = 0; n < 200; n++) {
        clock.advance(1);
        jar.set(`j${n}=1; Domain=desk.example; Path=/${attributes}`, new URL('https://evil.desk.example/'), SAME);
      }
      const names = jar.all().map(({ name }) => name);
      // 171 is what Chromium has left: 181 cut to 150, and 21 more.
      assert.equal(names.length, 171);
      assert.deepEqual([names.includes('sid'), names.includes('old')], [survives, false]);
    });
  }
});

describe('sites', () => {
  const rows: readonly (readonly [from: string, to: string, relation: string])[] = [
    ['https://desk.example', 'https://desk.example/x', 'same-origin'],
    ['https://desk.example', 'https://desk.example:8443', 'same-site'],
    ['https://evil.desk.example', 'https://desk.example', 'same-site'],
    ['http://desk.example', 'https://desk.example', 'cross-site'],
    ['https://evil.example', 'https://desk.example', 'cross-site'],
    ['https://a.github.io', 'https://b.github.io', 'cross-site'],
    ['https://a.shop.co.uk', 'https://b.shop.co.uk', 'same-site'],
    ['http://127.0.0.1:1', 'http://127.0.0.1:2', 'same-site'],
    ['http://127.0.0.1', 'http://localhost', 'cross-site'],
    ['http://a.hosting.example', 'http://b.hosting.example', 'cross-site'],
  ];
  for (const [from, to, relation] of rows) {
    it(`${from} to ${to} is ${relation}`, () => {
      assert.equal(new Sites(['hosting.example']).relation(new URL(from), new URL(to)), relation);
    });
  }

  it('an opaque origin is foreign to all', () => {
    assert.equal(new Sites().relation(null, new URL('https://desk.example')), 'cross-site');
  });
});
