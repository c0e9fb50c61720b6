/**
 * Content-type parsers: Dewar reads JSON, forms and text once, before the owner's code; others are the owner's.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import type { ConfigFault } from '@dewar/core';
import { defaultReader, READ_BY_DEWAR } from '@dewar/core/http';

/** Hands over what was read, and lets no second parser wait for a stream that is at its end. */
export function guardParsers(app: FastifyInstance, faults: ConfigFault[]): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request, _payload, done) => {
    if (request.dewar.bodyRead) return done(null, request.dewar.body);
    done(Object.assign(new Error('no parser for this content type'), { statusCode: 415 }));
  });
  const add = app.addContentTypeParser as (this: FastifyInstance, ...args: unknown[]) => FastifyInstance;
  app.addContentTypeParser = function addContentTypeParser(this: FastifyInstance, type: unknown, ...rest: unknown[]) {
    const types = Array.isArray(type) ? type : [type];
    if (!types.some(isOurs)) return add.call(this, types.map(forOthers), ...rest);
    faults.push({
      option: `addContentTypeParser(${String(types.find(isOurs))})`,
      wrong: 'Dewar reads this content type itself, once',
      write: 'remove this parser (or @fastify/formbody); request.body holds the parsed body',
    });
    return this;
  } as FastifyInstance['addContentTypeParser'];
}

/**
 * A pattern that Dewar's types are kept from: where it looks at parameters too, or takes `application/xml+json` for XML,
 * a parser would wait for a stream that was read.
 */
class OthersPattern extends RegExp {
  override test(type: string): boolean {
    return defaultReader(type) === null && super.test(type);
  }
}

function forOthers(type: unknown): unknown {
  return type instanceof RegExp ? new OthersPattern(type) : type;
}

function isOurs(type: unknown): boolean {
  if (type instanceof RegExp) return READ_BY_DEWAR.some((one) => type.test(one)) || type.test('application/x+json');
  return type === '*' || defaultReader(String(type)) !== null;
}
