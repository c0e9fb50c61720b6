/**
 * Every snippet of the README runs as it stands, and its table names the options that the commands have.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ran, project } from './cli/stage.test.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);

describe('the README', () => {
  const before = { secret: process.env['DEWAR_SECRET'], profile: process.env['DEWAR_PROFILE'] };
  beforeEach(() => {
    process.env['DEWAR_SECRET'] = 'pXq7vT2mZr9LdK4hWb8NcY6sJf3GaE5u';
    delete process.env['DEWAR_PROFILE'];
  });
  afterEach(() => {
    for (const [name, value] of [
      ['DEWAR_SECRET', before.secret],
      ['DEWAR_PROFILE', before.profile],
    ] as const)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  });

  it('has three snippets', () => assert.equal(snippets.length, 3));

  it('has two lines that protect an application, which starts in production [DX-01] [S-71]', async () => {
    const file = join(project({ 'two-lines.ts': `${snippets[0]}export { app };\n` }), 'two-lines.ts');
    interface App {
      inject(request: object): Promise<{ readonly statusCode: number; readonly headers: Record<string, unknown> }>;
      close(): Promise<void>;
    }
    const { app } = (await import(pathToFileURL(file).href)) as { readonly app: App };
    const refused = await app.inject({ url: '/account', headers: { host: 'app.example' } });
    assert.equal(refused.statusCode, 308, 'clear text is sent to https');
    assert.equal(refused.headers['location'], 'https://app.example/account');
    await app.close();
  });

  it('has a configuration that lists its routes without a fault', async () => {
    const cwd = project({ 'dewar.config.ts': snippets[1]! });
    const { code, out, note } = await ran(['routes'], { cwd });
    assert.match(out, /^GET HEAD {2}\/ {2}anyone {2}/);
    assert.deepEqual([code, note], [0, '']);
  });

  it('has a definition with a configuration, which dewar config shows', async () => {
    const app = /^ {2}app: ([^]*?\n {2}\},)$/m.exec(snippets[1]!)![1]!.replace(/,$/, '');
    const before = `import Fastify from 'fastify';
import { anyone } from 'dewar';
import { defineDewar } from 'dewar/fastify';
import { list, readConfig, secret } from 'dewar/config';
const config = readConfig(
  { secret: secret('DEWAR_SECRET'), hosts: list('APP_HOSTS', { default: ['app.example'] }) },
  { secretsFolder: false },
);
const app = ${app};
`;
    const cwd = project({ 'dewar.config.ts': before + snippets[2]! });
    const { code, out, note } = await ran(['config'], { cwd });
    assert.match(out, /DEWAR_SECRET {2}\[secret\] \(environment\)/);
    assert.deepEqual([code, note], [0, '']);
    assert.equal((await ran(['policy'], { cwd })).code, 0);
  });

  for (const command of ['routes', 'start', 'policy', 'config', 'explain'])
    it(`names every option of dewar ${command}`, async () => {
      const { out } = await ran([command, '--help']);
      const [row = ''] = new RegExp(`^\\| \`dewar ${command} .*$`, 'm').exec(readme) ?? [];
      const options = [...out.matchAll(/^ {2}(--\w+(?: [A-Z]+)?)/gm)].map(([, option]) => option!);
      assert.ok(options.length > 2);
      // The two that name places are told of below the table, for all commands.
      const told = options.filter((one) => one !== '--help' && (one !== '--config FILE' || command !== 'explain'));
      for (const option of told) assert.ok(row.includes(`[${option}]`), option);
    });
});
