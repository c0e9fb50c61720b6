/**
 * One protection, or a few, in a Fastify application that was created without `dewar.options`:
 * `await app.register(only(csrf(), { … }))`. The guarantee is weaker than the whole policy's; the README says how.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { assemble, ConfigError, enterHandler, eventLog, isPromise } from '@dewar/core';
import type {
  CompiledRoute,
  Configured,
  Context,
  EventSink,
  Kernel,
  Policy,
  RoutePolicy,
  Stores,
  Verdict,
} from '@dewar/core';
import { announcedLength, CONTEXT, rawOf, watch } from '@dewar/core/http';
import type { GuardedReply } from '@dewar/core/http';
import { refuse, setFields } from './only-answer.ts';
import { guardBody } from './only-body.ts';
import { compiledFor, compileRoutes } from './routes.ts';

export interface OnlyOptions extends Pick<Policy, 'profile' | 'secret' | 'facts' | 'identity'> {
  /** Where events go. @default refusals and failures, as JSON lines on standard output */
  readonly events?: readonly EventSink[];
  /** Where state lives. Closed with the application. @default in memory */
  readonly stores?: Stores;
  /**
   * Settings of single routes that were declared before the plugin, by exact method and pattern. Later ones carry
   * their own `policy`. @default {}
   */
  readonly routes?: Readonly<Record<string, RoutePolicy>>;
}

/** Marks routes that were declared after the plugin, and so have a compiled route of their own. */
const DECLARED: unique symbol = Symbol('dewar.declared');
const guarded = new WeakSet<object>();

/** A plugin that puts these protections, and nothing else, into an application that exists. */
export function only(
  protections: Configured | readonly Configured[],
  options: OnlyOptions = {},
): (app: FastifyInstance) => Promise<void> {
  const list = 'protection' in protections ? [protections] : protections;
  const plugin = async (app: FastifyInstance): Promise<void> => {
    refuseSecond(app);
    guarded.add(app.server);
    install(app, list, options);
  };
  // Hooks must reach the application itself, not a child of it (what fastify-plugin sets).
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'dewar-only',
  });
}

/** The application logs its requests itself; what it cannot know are the refusals. */
function refusalLog(): EventSink {
  const { sink } = eventLog();
  const quiet: EventSink = (event) => {
    if (event.name !== 'request.completed') sink(event);
  };
  quiet.close = () => sink.close?.();
  return quiet;
}

/** Two guards would judge each request twice, and each would hold the other's cookies and tokens for forged. */
function refuseSecond(app: FastifyInstance): void {
  const whole = app.hasRequestDecorator('dewar') && !guarded.has(app.server);
  if (!whole && !guarded.has(app.server)) return;
  const wrong = whole ? 'stands in an application that dewar.options guards already' : 'is registered a second time';
  const write = whole ? 'set the protection in the policy' : 'register it once, with a list: only([csrf(), headers()])';
  throw new ConfigError([{ option: 'only()', wrong, write }]);
}

function install(app: FastifyInstance, list: readonly Configured[], options: OnlyOptions): void {
  const { stores, routes = {}, events = [refusalLog()], ...rest } = options;
  // Access is no part of this kernel; the rule only completes the shape.
  const declared = Object.entries(routes).map(([key, own]) => [key, { ...own, access: { kind: 'anyone' } as const }]);
  const policy: Policy = { ...rest, events, routes: Object.fromEntries(declared), protections: list };
  const kernel = assemble(policy, [], stores === undefined ? {} : { stores });
  const earlier = new Map<string, CompiledRoute>();
  const compile = compileRoutes(kernel);

  app.decorateRequest('dewar');
  app.addHook('onRoute', (route) => {
    compile(route);
    route.config = Object.assign({}, route.config, { [DECLARED]: true });
  });
  app.addHook('onRequest', (request, reply, done) => {
    const c = begin(kernel, routeOf(kernel, earlier, request), request, reply);
    run(c, before, reply, done);
  });
  app.addHook('preParsing', (request, reply, payload, done) => guardBody(request, reply, payload, done));
  // Before the owner's schema, which may take the token out of the body as a field it does not know.
  app.addHook('preValidation', (request, reply, done) => {
    const c = request.dewar;
    c.body = request.body;
    c.bodyRead = request.body !== undefined || announcedLength(c.facts) === 0;
    run(c, after, reply, () => {
      handOver(c, request);
      enterHandler(c, done);
    });
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    // A hook before ours may have answered without us; a refusal has its head already.
    const c: Context | undefined = request.dewar;
    if (c !== undefined && !c.headSent) setFields(reply, kernel.head(c, reply.statusCode, takeFields(reply)));
    done(null, payload);
  });
  app.addHook('onReady', async () => {
    for (const key of Object.keys(routes)) declareEarlier(app, kernel, earlier, key);
    await kernel.start();
  });
  app.addHook('onClose', () => kernel.close());
}

/** What schemas made of the input is what handlers get. */
function handOver({ route, input, body }: Context, request: FastifyRequest): void {
  const { schema } = route.info;
  if (schema.query !== undefined) request.query = input.query;
  if (schema.params !== undefined) request.params = input.params;
  if (schema.headers !== undefined) request.headers = input.headers as FastifyRequest['headers'];
  if (schema.body !== undefined) request.body = body;
}

/** A route of before the plugin, as far as `routes` speaks of it. */
function declareEarlier(app: FastifyInstance, kernel: Kernel, earlier: Map<string, CompiledRoute>, key: string): void {
  const [method = '', path = ''] = key.split(' ');
  if (kernel.routes.some((info) => info.method === method && info.path === path)) return;
  if (app.hasRoute({ method, url: path })) earlier.set(key, kernel.declare({ method, path }));
}

/** Routes of before the plugin are compiled when they are first used: Fastify names them to nobody. */
function routeOf(kernel: Kernel, earlier: Map<string, CompiledRoute>, request: FastifyRequest): CompiledRoute {
  const { url, config } = request.routeOptions;
  if (request.is404 || url === undefined) return kernel.notFound;
  if (DECLARED in config) return compiledFor(request.routeOptions, request.method);
  const key = `${request.method} ${url}`;
  let route = earlier.get(key);
  if (route === undefined) earlier.set(key, (route = kernel.declare({ method: request.method, path: url })));
  return route;
}

function begin(kernel: Kernel, route: CompiledRoute, request: FastifyRequest, reply: FastifyReply): Context {
  const { raw } = request;
  const res: GuardedReply = reply.raw;
  const facts = kernel.readFacts(rawOf(raw, raw.headers.upgrade === undefined ? 'request' : 'upgrade'));
  const c = kernel.context(facts, route, request.params as Record<string, string>);
  request.dewar = c;
  res[CONTEXT] = c;
  watch(res);
  return c;
}

const before = (c: Context): ReturnType<Kernel['before']> => c.kernel.before(c);
const after = (c: Context): ReturnType<Kernel['after']> => c.kernel.after(c);

/** Runs one half of the pipeline. What a step throws refuses. */
function run(c: Context, half: typeof before, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  let verdict;
  try {
    verdict = half(c);
  } catch (error) {
    return refuse(reply, c.kernel.fail(c, error));
  }
  if (!isPromise(verdict)) return proceed(c, verdict, reply, done);
  void verdict.then(
    (late) => proceed(c, late, reply, done),
    (error: unknown) => refuse(reply, c.kernel.fail(c, error)),
  );
}

function proceed(c: Context, verdict: Verdict, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  // The client went away, or the framework's own time-out answered, while a step waited.
  if (c.over || reply.sent) return;
  if (verdict === null) return done();
  // A step that answers nothing at all has decided nothing.
  if (typeof verdict !== 'object') return refuse(reply, c.kernel.fail(c, new TypeError('a step answered nothing')));
  refuse(reply, c.kernel.answer(c, verdict));
}

/** Takes every field off the reply, as a flat list. */
function takeFields(reply: FastifyReply): string[] {
  const fields: string[] = [];
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) fields.push(name, String(one));
    reply.removeHeader(name);
    reply.raw.removeHeader(name);
  }
  return fields;
}
