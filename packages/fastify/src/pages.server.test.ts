/**
 * Markup leaves as a page, however a handler hands it over; everything else leaves as it did.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { anyone } from '@dewar/core';
import { html } from '@dewar/core/html';
import { assertHead, assertProblem, stage } from './stage.server.test.ts';

const open = { access: anyone() };
const PAGE = '<!doctype html><p>&lt;b&gt;</p>';
const page = (): unknown => html`<!doctype html><p>${'<b>'}</p>`;

function routes(app: FastifyInstance): void {
  app.get('/returned', open, async () => page());
  app.get('/sent', open, (_request, reply) => reply.code(422).send(page()));
  app.get('/typed', open, (_request, reply) => reply.type('application/json').send(page()));
  app.get('/schema', { ...open, schema: { response: { 200: { type: 'object', properties: {} } } } }, async () =>
    page(),
  );
  app.get('/page-typed', open, (_request, reply) => reply.type('text/html').send(page()));
  app.get('/look-alike', open, async () => ({ text: '<b>', toString: '<b>' }));
  app.get('/json', open, async () => ({ page: page() }));
  void app.register(async (child) => {
    child.get('/child', open, async () => page());
  });
}

describe('markup that a handler hands over', () => {
  for (const [path, status, type, body] of [
    ['/returned', 200, 'text/html; charset=utf-8', PAGE],
    ['/sent', 422, 'text/html; charset=utf-8', PAGE],
    ['/typed', 200, 'text/html; charset=utf-8', PAGE],
    ['/schema', 200, 'text/html; charset=utf-8', PAGE],
    ['/child', 200, 'text/html; charset=utf-8', PAGE],
    ['/look-alike', 200, 'application/json; charset=utf-8', '{"text":"<b>","toString":"<b>"}'],
    ['/json', 200, 'application/json; charset=utf-8', '{"page":{}}'],
  ] as const)
    it(`GET ${path} is ${type}`, async (t) => {
      const { send } = await stage(t, routes);
      const response = await send('GET', path);
      assert.equal(response.status, status);
      assert.equal(response.header('content-type'), type);
      assert.equal(response.body.toString(), body);
      assertHead(response);
    });

  it('is refused by Fastify where the type of a page was set: it takes text with that', async (t) => {
    const { send } = await stage(t, routes);
    assertProblem(await send('GET', '/page-typed'), 500);
    assertProblem(await send('GET', '/page-typed'), 500);
  });
});
