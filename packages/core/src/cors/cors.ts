/**
 * Cross-origin resource sharing: which pages elsewhere may read which answers. Nobody may unless a rule says so, and
 * whatever a handler says of it, the rules have the word.
 * @module
 */
import { protection, Slot } from '../kernel/index.ts';
import type { Context, FinishStep, Protection, ResponseHead, Step } from '../kernel/index.ts';
import { checkCors } from './check.ts';
import { corsCombinations } from './combinations.ts';
import { decide, PASS } from './decide.ts';
import { CORS_CODES } from './denials.ts';
import type { Decision } from './denials.ts';
import { overlap } from './paths.ts';
import { CORS_DEFAULTS, isWide } from './policy.ts';
import type { CorsOptions } from './policy.ts';
import { compileRules, resourceOf } from './resources.ts';
import type { Resource } from './resources.ts';

const DECISION = new Slot<Decision>();
const RESOURCE = new Slot<Resource>();

/** Fields that say who may read. A handler, or a plugin, that sets one gives way. */
const OWNED: readonly string[] = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-expose-headers',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-max-age',
  'access-control-allow-private-network',
];

/** Of preflights: caches that keep OPTIONS exist, although none should. */
const ASKED = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';

/** Most requests come from nowhere else: nothing was decided, and nothing is said. */
function say(c: Context, head: ResponseHead): void {
  const decision = DECISION.get(c);
  if (decision !== undefined) {
    for (let i = 0; i < decision.fields.length; i++) head.fields.push(decision.fields[i]!);
    if (decision.verdict !== null && c.facts.method === 'OPTIONS') return void head.vary.push(ASKED);
  }
  if (RESOURCE.get(c)?.varies === true) head.vary.push('Origin');
}

function finishing(detectUntil: number): FinishStep {
  if (detectUntil === 0) return { place: 'cors.headers', owns: OWNED, finish: say };
  // What an application said before these rules goes on until they count, or the roll-out would be the outage.
  return {
    place: 'cors.headers',
    finish(c, head) {
      const granted = (DECISION.get(c)?.fields.length ?? 0) > 0;
      if (granted || c.facts.at >= detectUntil) dropOwned(head);
      say(c, head);
    },
  };
}

function dropOwned({ fields }: ResponseHead): void {
  for (let i = fields.length - 2; i >= 0; i -= 2) if (OWNED.includes(fields[i]!)) fields.splice(i, 2);
}

/** Steps of a route that these resources may belong to. */
function stepsOf(resources: readonly Resource[], detectUntil: number): readonly Step[] {
  return [
    {
      place: 'cors',
      run(c) {
        const resource = resources.length === 0 ? undefined : resourceOf(resources, c.facts.path);
        const decision = decide(c.facts, resource);
        if (resource !== undefined) RESOURCE.set(c, resource);
        if (decision !== PASS) DECISION.set(c, decision);
        return decision.verdict;
      },
    },
    finishing(detectUntil),
  ];
}

/** The protection. In detect mode what it would refuse passes, and a handler's own fields stay where no rule speaks. */
export const cors: Protection<CorsOptions, readonly Resource[]> = protection<CorsOptions, readonly Resource[]>({
  name: 'cors',
  defaults: CORS_DEFAULTS,
  codes: CORS_CODES,
  detectable: true,
  check: checkCors,
  weaker: ({ rules }) => (rules.some(isWide) ? ['rules'] : []),
  setup: ({ rules }) => compileRules(rules),
  compile({ state, route, detectUntil }) {
    // A preflight is no route's own request: it reaches what answers for no route, whose rules are all there are.
    if (route.notFound || route.method === 'OPTIONS') return stepsOf(state, detectUntil);
    return stepsOf(
      state.filter(({ path }) => overlap(path, route.path)),
      detectUntil,
    );
  },
  combinations: corsCombinations,
});
