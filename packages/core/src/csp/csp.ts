/**
 * Content Security Policy: what pages may load and run, decided at start; a page's nonce is the only thing that is
 * joined into it per response.
 * @module
 */
import { protection } from '../kernel/index.ts';
import type {
  CspPart,
  CspReport,
  Emit,
  FieldList,
  FinishStep,
  Protection,
  RouteInfo,
  Site,
  Step,
} from '../kernel/index.ts';
import { checkCsp } from './check.ts';
import { ReportCollector } from './collector.ts';
import { cspCombinations } from './combinations.ts';
import { mergeDirectives } from './directives.ts';
import type { Directives } from './directives.ts';
import type { CspFinding } from './finding.ts';
import { lintCsp } from './lint.ts';
import { CSP_DEFAULTS, presetOf, reportingTo, TIGHT_DATA } from './policy.ts';
import type { CspOptions } from './policy.ts';
import { receiving, reportEndpoint } from './receiver.ts';
import { cut, ENDPOINT, joinNonce } from './serialize.ts';
import type { Cut } from './serialize.ts';

const ENFORCED = 'content-security-policy';
const REPORTED = 'content-security-policy-report-only';

/** What every response of a route chooses from. */
interface Sent {
  readonly page: Fields;
  readonly data: Fields;
}

/** Both fields, for clear text and for https. */
type Fields = readonly [clear: readonly [Cut, Cut], secure: readonly [Cut, Cut]];

/** What routes share: the policy's own layer, the weaknesses to be told at start, and what was reported. */
export interface CspState extends CspPart {
  readonly base: CspOptions;
  readonly emit: Emit;
  readonly weak: Map<string, CspFinding>;
  /** Of every route without options of its own. */
  steps: readonly Step[] | undefined;
  readonly collector: ReportCollector;
}

/** The directives of pages and of data: presets, then the policy's, then the route's own. */
export function mergedCsp(
  options: CspOptions,
  base: CspOptions = options,
): { readonly page: Directives; readonly data: Directives } {
  return {
    page: mergeDirectives(presetOf(options.preset), base.directives, options.directives),
    data: mergeDirectives(TIGHT_DATA, base.data, options.data),
  };
}

/** What stands below the default, by the option that put it there. */
function weaknesses(
  options: CspOptions,
  base?: CspOptions,
): readonly (readonly [option: string, finding: CspFinding])[] {
  const { page, data } = mergedCsp(options, base);
  const ofPage = lintCsp(page, options).map((finding) => {
    const option = Object.hasOwn(options.directives, finding.directive) ? 'directives' : 'preset';
    return [option, finding] as const;
  });
  const ofData = lintCsp(data, { nonceIn: [], of: 'data' }).map((finding) => ['data', finding] as const);
  return [...ofPage, ...ofData].filter(([, { severity }]) => severity !== 'info');
}

/** Both header fields of a set of policies, cut for clear text and for https. */
function fieldsOf(enforced: readonly Directives[], reported: readonly Directives[], options: CspOptions): Fields {
  const { nonceIn } = options;
  const reportTo = reportingTo(options);
  const one = (secure: boolean): readonly [Cut, Cut] => [
    cut(enforced, { nonceIn, secure, reportOnly: false, reportTo }),
    cut(reported, { nonceIn, secure, reportOnly: true, reportTo }),
  ];
  return [one(false), one(true)];
}

function sentWhile(observing: boolean, { options, state }: Site<CspOptions, CspState>): Sent {
  const { page, data } = mergedCsp(options, state.base);
  const { preset = 'strict', directives = {} } = options.reportOnly === false ? {} : options.reportOnly;
  const second = options.reportOnly === false ? [] : [mergeDirectives(presetOf(preset), directives)];
  // Data has no scripts of its own to give a nonce to.
  const plain = { ...options, nonceIn: [] };
  return observing
    ? { page: fieldsOf([], [page, ...second], options), data: fieldsOf([], [data], plain) }
    : { page: fieldsOf([page], second, options), data: fieldsOf([data], [], plain) };
}

function push(fields: string[], [enforced, reported]: readonly [Cut, Cut], nonce: string): void {
  if (enforced.plain !== '') fields.push(ENFORCED, nonce === '' ? enforced.plain : joinNonce(enforced, nonce));
  if (reported.plain !== '') fields.push(REPORTED, nonce === '' ? reported.plain : joinNonce(reported, nonce));
}

/** The finish step. While enforcing, data has its constant fields already. */
function finishing(site: Site<CspOptions, CspState>, enforcing: Sent): FinishStep {
  const owns = [ENFORCED, REPORTED];
  const { detectUntil } = site;
  if (detectUntil === 0) {
    return {
      place: 'csp',
      owns,
      finish(c, head) {
        if (head.kind === 'page') push(head.fields, enforcing.page[head.secure ? 1 : 0], c.usedNonce);
      },
    };
  }
  const observing = sentWhile(true, site);
  return {
    place: 'csp',
    owns,
    finish(c, head) {
      if (head.kind === 'unchanged') return;
      const sent = c.facts.at < detectUntil ? observing : enforcing;
      push(head.fields, sent[head.kind][head.secure ? 1 : 0], c.usedNonce);
    },
  };
}

/** Fields of every response that is no page. */
function constants({ options, detectUntil }: Site<CspOptions, CspState>, { data }: Sent, secure: boolean): FieldList {
  const fields: string[] = [];
  if (detectUntil === 0) push(fields, data[secure ? 1 : 0], '');
  return fields.concat(endpoints(options));
}

function endpoints(options: CspOptions): FieldList {
  const reportTo = reportingTo(options);
  return reportTo === '' ? [] : ['reporting-endpoints', `${ENDPOINT}="${reportTo}"`];
}

function remember({ weak }: CspState, at: string, options: CspOptions, base?: CspOptions): void {
  for (const [option, finding] of weaknesses(options, base)) {
    const where = option === 'data' ? 'data' : 'directives';
    weak.set(`${at}csp.${where}["${finding.directive}"] ${finding.source ?? ''}`, finding);
  }
}

function atOf({ method, path, notFound }: RouteInfo): string {
  return notFound ? '' : `${method} ${path}: `;
}

function stepsOf(site: Site<CspOptions, CspState>): readonly Step[] {
  const enforcing = sentWhile(false, site);
  const clear = constants(site, enforcing, false);
  const secure = constants(site, enforcing, true);
  const page = endpoints(site.options);
  return [
    {
      place: 'csp',
      head(variant) {
        // Browsers merge the fields of a 304 into the page they have, whose nonce is another.
        if (variant.kind === 'unchanged') return [];
        return variant.kind === 'page' ? page : variant.secure ? secure : clear;
      },
    },
    finishing(site, enforcing),
  ];
}

/** The protection. In detect mode every policy leaves as Report-Only until the mode's end, judged per response. */
export const csp: Protection<CspOptions, CspState> = protection<CspOptions, CspState>({
  name: 'csp',
  defaults: CSP_DEFAULTS,
  codes: [],
  detectable: true,
  check: checkCsp,
  weaker: (options) => [...new Set(weaknesses(options).map(([option]) => option))],
  setup(options, { emit, clock }) {
    const collector = new ReportCollector(clock, emit);
    const page = mergedCsp(options).page as CspReport['page'];
    const report = (): CspReport => collector.report(page);
    const state: CspState = { base: options, emit, weak: new Map(), steps: undefined, collector, report };
    remember(state, '', options);
    return state;
  },
  start({ weak, emit }) {
    for (const [at, { severity, text, source }] of weak) {
      const option = at.trimEnd();
      const wrong = `${severity}: ${text}`;
      const write = source === undefined ? 'leave the directive in' : `do without ${source}`;
      emit('policy.warning', { option, wrong, write });
    }
  },
  endpoints: ({ reports }) => (reports === '' ? [] : [reportEndpoint(reports)]),
  compile(site) {
    const { own, state, options, route } = site;
    if (route.method === 'POST' && route.path === state.base.reports) {
      return [...stepsOf(site), ...receiving(state.collector)];
    }
    if (!own) return (state.steps ??= stepsOf(site));
    remember(state, atOf(route), options, state.base);
    return stepsOf(site);
  },
  combinations: cspCombinations,
});
