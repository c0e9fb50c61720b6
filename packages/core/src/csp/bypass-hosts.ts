/**
 * Hosts from which a script source is no boundary: they serve JSONP, script libraries with gadgets, or anybody's files.
 * Host names collected from "CSP Is Dead, Long Live CSP!" (Weichselbaum and others, ACM CCS 2016), the public lists of
 * Google's CSP Evaluator, and the hosting services' own documents. Short on purpose: what is not listed is not safe.
 * @module
 */

/** Why a host gives a policy away. */
export type BypassReason = 'jsonp' | 'libraries' | 'anybody';

/** Answer with a function call of the caller's choice. */
const JSONP = [
  'accounts.google.com',
  'ajax.googleapis.com',
  'api.flickr.com',
  'api.twitter.com',
  'api.vk.com',
  'cdn.syndication.twimg.com',
  'clients1.google.com',
  'cse.google.com',
  'googleads.g.doubleclick.net',
  'graph.facebook.com',
  'gum.criteo.com',
  'maps.google.com',
  'maps.googleapis.com',
  'nominatim.openstreetmap.org',
  'pagead2.googlesyndication.com',
  'securepubads.g.doubleclick.net',
  'syndication.twitter.com',
  'translate.google.com',
  'translate.googleapis.com',
  'vimeo.com',
  'www.blogger.com',
  'www.facebook.com',
  'www.google.com',
  'www.googleapis.com',
  'www.youtube.com',
];

/** Serve every version of every library, AngularJS with its sandbox escapes among them. */
const LIBRARIES = [
  'ajax.aspnetcdn.com',
  'cdn.jsdelivr.net',
  'cdn.skypack.dev',
  'cdn.statically.io',
  'cdnjs.cloudflare.com',
  'code.angularjs.org',
  'esm.run',
  'esm.sh',
  'unpkg.com',
  'www.gstatic.com',
  'yastatic.net',
];

/** Give anybody a folder of this very host. */
const SHARED = ['cdn.shopify.com', 'raw.githack.com', 's3.amazonaws.com', 'storage.googleapis.com'];

/** Give anybody a name below theirs, so that a wildcard below them is everybody. */
const PARENTS = [
  'amazonaws.com',
  'appspot.com',
  'azureedge.net',
  'azurewebsites.net',
  'blob.core.windows.net',
  'cloudfront.net',
  'firebaseapp.com',
  'github.io',
  'gitlab.io',
  'herokuapp.com',
  'netlify.app',
  'pages.dev',
  'vercel.app',
  'web.app',
  'workers.dev',
];

/** Why scripts of this host (`cdn.example`, `*.example`) are not only the owner's choice; `undefined`: not listed. */
export function bypassOf(host: string): BypassReason | undefined {
  if (matches(host, JSONP)) return 'jsonp';
  if (matches(host, LIBRARIES)) return 'libraries';
  if (matches(host, SHARED)) return 'anybody';
  const parent = host.startsWith('*.') ? host.slice(2) : undefined;
  if (parent === undefined) return undefined;
  // `*.s3.amazonaws.com` lies below a listed parent, `*.core.windows.net` above one: both hold strangers.
  const held = PARENTS.some((one) => one === parent || parent.endsWith(`.${one}`) || one.endsWith(`.${parent}`));
  return held ? 'anybody' : undefined;
}

function matches(host: string, list: readonly string[]): boolean {
  return host.startsWith('*.') ? list.some((one) => one.endsWith(host.slice(1))) : list.includes(host);
}
