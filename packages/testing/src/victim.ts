/**
 * People and bytes that attacks are told with.
 * @module
 */
import { browser } from './browser-client.ts';
import type { Tab } from './browser-client.ts';
import type { BrowserResponse } from './browser-response.ts';
import type { RawResponse } from './http-message.ts';
import { head, rawRequest } from './raw-client.ts';
import type { Target } from './twin.ts';

/** A new browser before the target's public origin, with the trusted proxy between. */
export function visitor({ url, origin }: Target): Tab {
  return browser({ url, origin, forwarded: true });
}

/** A browser in which `name` has signed in through the form. */
export async function signedInAs(target: Target, name: string): Promise<Tab> {
  const tab = visitor(target);
  await signIn(tab, name);
  return tab;
}

/** Signs in through the form, as a person does. */
export async function signIn(tab: Tab, name: string): Promise<BrowserResponse> {
  const shown = await tab.get('/sign-in');
  const answer = await tab.submit(shown, { name, password: [...name].reverse().join('') });
  if (answer.status !== 200) throw new Error(`${name} could not sign in: ${answer.status}`);
  return answer;
}

/** One GET with exactly these fields beside Host and the proxy's. */
export async function rawGet(
  target: Target,
  path: string,
  fields: readonly (readonly [string, string])[],
): Promise<RawResponse> {
  const { response } = await rawRequest(
    target.url,
    head(
      'GET',
      path,
      fields.map(([name, value]): [string, string] => [name, value]),
    ),
  );
  return response;
}
