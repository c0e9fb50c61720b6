/**
 * A figure of something that does not protect means nothing: each secured application must refuse before it counts.
 * @module
 */
import { SITE, SPA } from './apps/common.ts';
import { freePort, Server } from './server.ts';

const REQUIRED = [
  'content-security-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
  'referrer-policy',
  'permissions-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
];
const SECURED: ReadonlySet<string> = new Set([
  'plugins',
  'dewar',
  'fused',
  'express-stack',
  'hono-stack',
  'flask-stack',
]);
const ALLOWED = 'access-control-allow-origin';
/** What Hono's middleware does not have: HSTS by its own default is another, tokens there are none. */
const WITHOUT_TOKEN: ReadonlySet<string> = new Set(['hono-stack']);

/** What an application fails to do; empty where it may be measured. */
export async function failures(server: Server): Promise<string[]> {
  const found: string[] = [];
  const check = (sound: boolean, what: string): void => {
    if (!sound) found.push(what);
  };
  const page = await server.request('GET', '/page');
  check(page.status === 200 && page.body.length > 1800, `page ${page.status}, ${page.body.length} characters`);
  check(/Ada &(?:lt|#60);b/.test(page.body), 'the name is not escaped');
  const posted = await post(server, server.form());
  check(posted.status === 200 && posted.body.includes('ada@example.org'), `a sound form is answered ${posted.status}`);
  if (!SECURED.has(server.name)) return found;

  for (const name of REQUIRED) check(page.headers[name] !== undefined, `no ${name}`);
  await checkNonce(server, page, check);
  const read = await server.request('GET', '/json', { origin: SPA });
  check(read.headers[ALLOWED] === SPA, 'a named origin may not read');
  const stolen = await server.request('GET', '/json', { origin: 'https://evil.test' });
  check(stolen.headers[ALLOWED] !== 'https://evil.test', 'any origin may read');

  const refused = async (
    what: string,
    answer: Promise<{ readonly status: number }>,
    status?: number,
  ): Promise<void> => {
    const got = (await answer).status;
    check(status === undefined ? got >= 400 && got < 500 : got === status, `${what} is answered ${got}`);
  };
  await refused('a form from elsewhere', post(server, server.form({ _csrf: '' }), 'https://evil.test'));
  if (!WITHOUT_TOKEN.has(server.name)) {
    await refused('a form without a token', post(server, server.form({ _csrf: '' })));
    await refused('a form with a wrong token', post(server, server.form({ _csrf: 'x'.repeat(40) })));
  }
  await refused('a bad address', post(server, server.form({ email: 'nope' })));
  await refused('a bad age', post(server, server.form({ age: '900' })));
  await refused('20 KB', post(server, server.form({ name: 'x'.repeat(20_000) })), 413);
  await refused('a client over its limit', overLimit(server.name), 429);
  return found;
}

type Page = Awaited<ReturnType<Server['request']>>;

async function checkNonce(server: Server, page: Page, check: (sound: boolean, what: string) => void): Promise<void> {
  const nonce = ({ headers }: Page): string | undefined =>
    /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1];
  const again = await server.request('GET', '/page');
  const first = nonce(page);
  check(first !== undefined && first !== nonce(again), 'no new nonce per response');
  const text = page.body
    .replace(/&#(?:x2b|43);/gi, '+')
    .replace(/&#(?:x3d|61);/gi, '=')
    .replace(/&#(?:x2f|47);/gi, '/');
  check(first !== undefined && text.includes(`nonce="${first}"`), 'the nonce of the policy is not in the page');
}

function post(server: Server, body: string, origin: string = SITE): Promise<Page> {
  const fields = { 'content-type': 'application/x-www-form-urlencoded', origin, referer: `${origin}/page` };
  return server.request('POST', '/form', fields, body);
}

/** The last answer of eight, where five a minute are allowed. */
async function overLimit(name: string): Promise<{ readonly status: number }> {
  const server = new Server(name, await freePort(), { RATE_MAX: '5' });
  try {
    await server.ready();
    let last = { status: 0 };
    for (let i = 0; i < 8; i++) last = await server.request('GET', '/json');
    return last;
  } finally {
    server.stop();
  }
}
