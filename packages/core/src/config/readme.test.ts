/**
 * The README's snippets are this file's own text, so they compile and hold.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as config from './index.ts';
import { duration, integer, list, oneOf, readConfig as read, secret, Secret } from './index.ts';

const STRONG = 'k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE';
const env = { DEWAR_SECRET: STRONG, DESK_HOST: 'desk.example', DATABASE_URL: 'postgres://desk:pw@db/desk' };

/** As in the README, in an environment of the test's own. */
const readConfig: typeof read = (shape, options) =>
  read(shape, { ...options, env, cwd: import.meta.dirname, secretsFolder: false });

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('shows nothing but snippets of this test', () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
    const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!.trim());
    assert.equal(snippets.length, 2);
    for (const snippet of snippets) assert.ok(source.includes(snippet.replaceAll(/\s+/g, ' ')), snippet);
  });

  it('reads a configuration', () => {
    const config = readConfig(
      {
        port: integer('PORT', { default: 3000, min: 0, max: 65_535 }),
        secret: secret('DEWAR_SECRET', { about: 'all keys are made from it' }),
        hosts: list('DESK_HOST', { development: ['localhost'] }),
        database: secret('DATABASE_URL', { foreign: true }),
        idle: duration('DESK_IDLE', { default: 1800 }),
        level: oneOf('DESK_LOG', ['debug', 'info', 'warning'], { default: 'info' }),
      },
      { files: ['.env'], prefix: 'DESK_' },
    );
    const { port, hosts, idle, level } = config;
    assert.deepEqual([port, hosts, idle, level], [3000, ['desk.example'], 1800, 'info']);
    assert.equal(config.database.reveal(), env.DATABASE_URL);
  });

  it('shows a secret that shows nothing', () => {
    const sealed = new Secret('correct-horse-battery-staple');
    JSON.stringify({ sealed }); // {"sealed":"[secret]"}
    sealed.equals('correct-horse-battery-staple'); // true, in constant time
    sealed.reveal(); // the text
    assert.equal(JSON.stringify({ sealed }), '{"sealed":"[secret]"}');
    assert.ok(sealed.equals('correct-horse-battery-staple'));
  });

  it('names every field', () => {
    const others = ['Secret', 'readConfig', 'configReport'];
    for (const name of Object.keys(config)) {
      if (!others.includes(name)) assert.ok(readme.includes(`| \`${name}(name`), name);
    }
  });
});
