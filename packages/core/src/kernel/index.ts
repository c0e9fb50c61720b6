/**
 * The kernel's parts, for protections, adapters and tests.
 * @module
 */
export { callSite } from './call-site.ts';
export { compileRoute } from './compile.ts';
export { enterHandler } from './pipeline.ts';
export { ConfigError, nearest, unknownKeys } from './config-error.ts';
export type { ConfigFault } from './config-error.ts';
export { Context } from './context.ts';
export type { Credentials, Params } from './context.ts';
export { later, systemClock } from './clock.ts';
export type { Clock, Random } from './clock.ts';
export type { Endpoint } from './endpoint.ts';
export { formatEvent, isSecretName } from './event-line.ts';
export { eventLog } from './event-log.ts';
export type { EventLog, EventLogOptions } from './event-log.ts';
export { levelOf } from './events.ts';
export type { Emit, EventName, Events, EventSink, Level, RequestFields, SecurityEvent } from './events.ts';
export type { Explanation } from './explain.ts';
export type { ClientAddress, Query, RawRequest, RequestFacts, RequestKind } from './facts-types.ts';
export { ANONYMOUS } from './identity.ts';
export type {
  AccountIdentity,
  AnonymousIdentity,
  CredentialKind,
  Identity,
  IdentityResolver,
  TokenIdentity,
} from './identity.ts';
export { AMBIGUOUS_CREDENTIALS } from './identify.ts';
export { Kernel } from './kernel.ts';
export type { Answer } from './answer.ts';
export type { FoundRoute, KernelParts } from './kernel.ts';
export { ORDER, phaseOf, placeIndex } from './order.ts';
export type { Phase, Place } from './order.ts';
export { policyView } from './policy-view.ts';
export type { InForce, OptionView, PolicySource, PolicyView, ProtectionView, RouteSettingView } from './policy-view.ts';
export type { Weakening } from './weakening.ts';
export { problemJson, problemPage, titleOf, wantsPage } from './problem.ts';
export { protection } from './protection.ts';
export type {
  AnyProtection,
  CheckEnv,
  Combination,
  Configured,
  EffectivePolicy,
  Env,
  KernelView,
  Profile,
  Protection,
  ProtectionParts,
  Site,
} from './protection.ts';
export type {
  BodyStep,
  CheckStep,
  EndStep,
  FieldList,
  FinishStep,
  HeadStep,
  HeadVariant,
  Outcome,
  ResponseHead,
  ResponseKind,
  ScopeStep,
  Step,
} from './steps.ts';
export type { BodyPace, BodyPlan, BodyReader, BodySource, StreamReader, Unpack, WholeReader } from './body-plan.ts';
export type {
  CookieChoices,
  CookiesPart,
  CspPart,
  CspReport,
  CspViolationGroup,
  CsrfPart,
  HostsPart,
  LimitsPart,
  LimitsReport,
  LimitUse,
  PartOf,
  Parts,
} from './parts.ts';
export { Slot } from './slot.ts';
export { paramsOf } from './route.ts';
export type { CompiledRoute, Overrides, RouteInfo } from './route.ts';
export type { Resource, Rule } from './rule.ts';
export { INPUTS, isStandardSchema } from './standard-schema.ts';
export type { InferOutput, InputName, Issue, RouteSchemas, StandardSchema, Validated } from './standard-schema.ts';
export { detect, isDetect, isOff, off, reasonFault } from './settings.ts';
export type { Detect, Mode, Off, Setting } from './settings.ts';
export { isPromise, isReply, Refused } from './verdict.ts';
export type { Denial, InputClass, MaybePromise, Reply, Verdict } from './verdict.ts';
export { requestIds } from './request-ids.ts';
export { compileFacts } from './facts.ts';
export { checkFacts, FACTS_DEFAULTS } from './facts-options.ts';
export type { FactsOptions } from './facts-options.ts';
export type { Manner } from './settings.ts';
export { EMPTY_QUERY, parseQuery, queryParser } from './query.ts';
export type { QueryLimits } from './query.ts';
export { routerTarget } from './target.ts';
export { FACTS_CODES } from './facts-codes.ts';
export { inAny, parseAddress, parseCidr } from './address.ts';
export { parseHost } from './host.ts';
export { printSeconds, secondsOf } from './duration.ts';
export type { Duration } from './duration.ts';
