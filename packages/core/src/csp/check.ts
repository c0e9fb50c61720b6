/**
 * Faults of the options of `csp`, each with what to write instead.
 * @module
 */
import { nearest, unknownKeys } from '../kernel/index.ts';
import type { CheckEnv, ConfigFault } from '../kernel/index.ts';
import { DIRECTIVE_NAMES, kindOf, mergeDirectives, NONCEABLE, OBSOLETE } from './directives.ts';
import type { DirectiveKind, DirectiveName } from './directives.ts';
import { reportingTo } from './policy.ts';
import type { CspOptions } from './policy.ts';
import { sourceFault } from './sources.ts';

/** Faults of the options. */
export function checkCsp(options: CspOptions, at: string, env: CheckEnv): readonly ConfigFault[] {
  const { preset, directives, nonceIn, data, reportOnly, reportTo, reports } = options;
  const faults = [
    ...presetFaults(preset, `${at}.preset`),
    ...directiveFaults(directives, `${at}.directives`),
    ...directiveFaults(data, `${at}.data`),
    ...nonceFaults(nonceIn, `${at}.nonceIn`),
    ...reportOnlyFaults(reportOnly, `${at}.reportOnly`),
    ...reportToFaults(reportTo, `${at}.reportTo`),
    ...reportsFaults(reports, `${at}.reports`),
  ];
  if (faults.length > 0) return faults;
  // A route's own directives may be none at all and still stand on those of the policy.
  if (!env.route && preset === 'none' && reportOnly === false && isEmpty(directives)) {
    faults.push({ option: `${at}.preset`, wrong: 'leaves pages without any policy', write: `write csp: off('why')` });
  }
  if (reportOnly !== false && reportingTo(options) === '' && env.profile === 'production') {
    const wrong = 'reports to nobody';
    faults.push({ option: `${at}.reportOnly`, wrong, write: `write reports: '/csp-reports' beside it` });
  }
  return faults;
}

function isEmpty(directives: CspOptions['directives']): boolean {
  return Object.keys(mergeDirectives(directives)).length === 0;
}

function presetFaults(preset: unknown, option: string): ConfigFault[] {
  if (preset === 'strict' || preset === 'none') return [];
  return [{ option, wrong: `${JSON.stringify(preset)} is no preset`, write: `write 'strict' or 'none'` }];
}

/** Faults of a set of directives. */
export function directiveFaults(directives: unknown, at: string): ConfigFault[] {
  if (typeof directives !== 'object' || directives === null || Array.isArray(directives)) {
    const write = `write { 'img-src': ["'self'", 'https://images.example'] }`;
    return [{ option: at, wrong: 'is no set of directives', write }];
  }
  return Object.entries(directives).flatMap(([name, value]: [string, unknown]) => {
    const option = `${at}["${name}"]`;
    const kind = kindOf(name);
    if (kind === undefined) return [unknownDirective(name, option)];
    if (value === undefined || value === false) return [];
    if (kind === 'flag') {
      return value === true ? [] : [{ option, wrong: 'takes no values', write: 'write true, or false to remove it' }];
    }
    return listFaults(value, name as DirectiveName, kind, option);
  });
}

function unknownDirective(name: string, option: string): ConfigFault {
  const lower = name.toLowerCase();
  const instead = Object.hasOwn(OBSOLETE, lower) ? OBSOLETE[lower] : undefined;
  if (instead !== undefined) return { option, wrong: 'is not written here', write: instead };
  const near = nearest(
    name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    DIRECTIVE_NAMES,
  );
  const fault = { option, wrong: 'no such directive', write: `use one of ${DIRECTIVE_NAMES.join(', ')}` };
  return near === undefined ? fault : { ...fault, nearest: near };
}

function listFaults(value: unknown, name: DirectiveName, kind: DirectiveKind, option: string): ConfigFault[] {
  if (!Array.isArray(value)) {
    const list = typeof value === 'string' && value.trim() !== '' ? value.trim().split(/\s+/) : ["'self'"];
    return [{ option, wrong: 'is no list', write: `write ${JSON.stringify(list)}, or false to remove it` }];
  }
  if (value.length === 0 && kind !== 'sandbox') {
    return [{ option, wrong: 'is empty', write: `write ["'none'"], or false to remove it` }];
  }
  const seen = new Set<unknown>();
  return value.flatMap((source: unknown, index): ConfigFault[] => {
    const here = `${option}[${index}]`;
    const fault = sourceFault(source, name, kind);
    if (fault !== undefined) return [{ option: here, ...fault }];
    if (seen.has(source))
      return [{ option: here, wrong: `${JSON.stringify(source)} stands twice`, write: 'leave one out' }];
    seen.add(source);
    if (source !== "'none'" || value.length === 1) return [];
    return [
      { option: here, wrong: `browsers ignore 'none' beside other values`, write: 'leave it out, or leave it alone' },
    ];
  });
}

function nonceFaults(nonceIn: unknown, option: string): ConfigFault[] {
  if (!Array.isArray(nonceIn)) return [{ option, wrong: 'is no list', write: `write ['script-src', 'style-src']` }];
  return nonceIn.flatMap((name: unknown, index): ConfigFault[] => {
    const here = `${option}[${index}]`;
    if (NONCEABLE.includes(name as DirectiveName)) {
      return nonceIn.indexOf(name) === index ? [] : [{ option: here, wrong: 'stands twice', write: 'leave one out' }];
    }
    const near = typeof name === 'string' ? nearest(name, NONCEABLE) : undefined;
    const fault = { option: here, wrong: 'takes no nonce', write: `use one of ${NONCEABLE.join(', ')}` };
    return [near === undefined ? fault : { ...fault, nearest: near }];
  });
}

function reportOnlyFaults(reportOnly: unknown, option: string): ConfigFault[] {
  if (reportOnly === false) return [];
  if (typeof reportOnly !== 'object' || reportOnly === null || Array.isArray(reportOnly)) {
    return [{ option, wrong: 'is no policy', write: `write { directives: { 'style-src': ["'self'"] } }, or false` }];
  }
  const { preset, directives } = reportOnly as { preset?: unknown; directives?: unknown };
  return [
    ...unknownKeys(reportOnly, ['preset', 'directives'], option),
    ...(preset === undefined ? [] : presetFaults(preset, `${option}.preset`)),
    ...(directives === undefined ? [] : directiveFaults(directives, `${option}.directives`)),
  ];
}

/** Both forms stand in a policy and in a quoted string of Reporting-Endpoints, so no character may end either. */
const PATH = /^\/(?!\/)[\w\-.~!$&()*+=:@%/?]*$/;
const URL_REFERENCE = /^https:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:\/[\w\-.~!$&()*+=:@%/?]*)?$/i;

function reportToFaults(reportTo: unknown, option: string): ConfigFault[] {
  const sound =
    typeof reportTo === 'string' &&
    (reportTo === '' || PATH.test(reportTo) || (URL_REFERENCE.test(reportTo) && URL.canParse(reportTo)));
  if (sound) return [];
  const write = `write '/csp-reports' or 'https://reports.example/csp'`;
  return [{ option, wrong: `${JSON.stringify(reportTo)} is no place to report to`, write }];
}

/** A path in its one spelling, since it is compared with that of requests. */
const EXACT_PATH = /^(?:\/[\w\-.~]+)+$/;

function reportsFaults(reports: unknown, option: string): ConfigFault[] {
  if (reports === '') return [];
  if (typeof reports === 'string' && EXACT_PATH.test(reports) && !/\/\.\.?(?:\/|$)/.test(reports)) return [];
  return [{ option, wrong: `${JSON.stringify(reports)} is no path of this site`, write: `write '/csp-reports'` }];
}
