/**
 * Options of `headers`, their defaults and their check.
 * @module
 */
import type { ConfigFault } from '../kernel/index.ts';

export type ReferrerPolicy =
  | 'no-referrer'
  | 'same-origin'
  | 'strict-origin'
  | 'strict-origin-when-cross-origin'
  | 'origin-when-cross-origin';

/** Who may use a browser feature: nobody, this origin, or these origins. */
export type FeatureAllowList = readonly ('self' | `https://${string}`)[];

export interface HeadersOptions {
  /** X-Content-Type-Options: nosniff. Without it an upload can be read as a script. @default true */
  readonly contentTypeOptions: boolean;
  /** X-Frame-Options, for browsers without CSP; keep it in step with `csp` frame-ancestors. @default 'DENY' */
  readonly frameOptions: 'DENY' | 'SAMEORIGIN' | false;
  /**
   * Referrer-Policy. `no-referrer` makes browsers send `Origin: null` with forms, which a CSRF check must refuse.
   * @default 'same-origin'
   */
  readonly referrerPolicy: ReferrerPolicy | false;
  /** Permissions-Policy: feature to allow-list; what is listed with `[]` is denied to everybody. @default every powerful feature denied */
  readonly permissionsPolicy: Readonly<Record<string, FeatureAllowList>> | false;
  /** Cross-Origin-Opener-Policy. @default 'same-origin' */
  readonly openerPolicy: 'same-origin' | 'same-origin-allow-popups' | 'noopener-allow-popups' | 'unsafe-none' | false;
  /** Cross-Origin-Resource-Policy. @default 'same-origin' */
  readonly resourcePolicy: 'same-origin' | 'same-site' | 'cross-origin' | false;
  /** Cross-Origin-Embedder-Policy; breaks pages that show foreign images without CORS. @default false */
  readonly embedderPolicy: 'require-corp' | 'credentialless' | false;
  /** Origin-Agent-Cluster: ?1. @default true */
  readonly originAgentCluster: boolean;
  /** X-DNS-Prefetch-Control: off. @default true */
  readonly noDnsPrefetch: boolean;
  /** X-Permitted-Cross-Domain-Policies: none. @default true */
  readonly noCrossDomainPolicies: boolean;
  /** X-Download-Options: noopen. @default true */
  readonly noOpenDownloads: boolean;
  /** X-XSS-Protection: 0. The old filter was itself a hole. @default true */
  readonly noXssFilter: boolean;
}

/**
 * Features that reach hardware, money or the person behind the screen. What browsers keep to the page itself anyway
 * (full screen, passkeys) is left to them: each name costs its bytes on every response.
 */
const POWERFUL = [
  'accelerometer',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
] as const;

/** The full set, as strict as ordinary sites bear it. */
export const HEADERS_DEFAULTS: Readonly<HeadersOptions> = Object.freeze({
  contentTypeOptions: true,
  frameOptions: 'DENY',
  referrerPolicy: 'same-origin',
  permissionsPolicy: Object.freeze(Object.fromEntries(POWERFUL.map((name): [string, FeatureAllowList] => [name, []]))),
  openerPolicy: 'same-origin',
  resourcePolicy: 'same-origin',
  embedderPolicy: false,
  originAgentCluster: true,
  noDnsPrefetch: true,
  noCrossDomainPolicies: true,
  noOpenDownloads: true,
  noXssFilter: true,
});

const CHOICES: Partial<Record<keyof HeadersOptions, readonly unknown[]>> = {
  frameOptions: ['DENY', 'SAMEORIGIN', false],
  referrerPolicy: [
    'no-referrer',
    'same-origin',
    'strict-origin',
    'strict-origin-when-cross-origin',
    'origin-when-cross-origin',
    false,
  ],
  openerPolicy: ['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups', 'unsafe-none', false],
  resourcePolicy: ['same-origin', 'same-site', 'cross-origin', false],
  embedderPolicy: ['require-corp', 'credentialless', false],
};

/** Faults of the options. */
export function checkHeaders(options: HeadersOptions, at: string): ConfigFault[] {
  const faults: ConfigFault[] = [];
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = options[name as keyof HeadersOptions];
    if (choices.includes(value)) continue;
    faults.push({
      option: `${at}.${name}`,
      wrong: `${JSON.stringify(value)} is no choice`,
      write: `write one of ${choices.map((one) => JSON.stringify(one)).join(', ')}`,
    });
  }
  for (const [name, usual] of Object.entries(HEADERS_DEFAULTS)) {
    if (typeof usual !== 'boolean' || name in CHOICES || typeof options[name as keyof HeadersOptions] === 'boolean')
      continue;
    faults.push({ option: `${at}.${name}`, wrong: 'is neither true nor false', write: 'write true or false' });
  }
  const policy: unknown = options.permissionsPolicy;
  if (policy === false) return faults;
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    const write = `write { camera: [], geolocation: ['self'] }, or false`;
    return [...faults, { option: `${at}.permissionsPolicy`, wrong: 'is no set of features', write }];
  }
  for (const [feature, list] of Object.entries(policy)) {
    const option = `${at}.permissionsPolicy["${feature}"]`;
    if (!/^[a-z][a-z0-9-]*$/.test(feature))
      faults.push({ option, wrong: 'is no feature name', write: 'write one such as "camera"' });
    if (
      !Array.isArray(list) ||
      list.some((origin: unknown) => origin !== 'self' && !/^https:\/\/[a-z0-9.*-]+(:\d+)?$/.test(String(origin)))
    ) {
      faults.push({ option, wrong: 'is no allow-list', write: `write [], ['self'] or ['https://maps.example']` });
    }
  }
  return faults;
}
