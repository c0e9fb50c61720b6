/**
 * One walk over the protection list: what every protection must have, whatever it does.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ConfigError, createKernel, detect, off, PROTECTIONS } from '@dewar/core';
import type { AnyProtection, Events, Policy, SecurityEvent } from '@dewar/core';
import { ATTACKS, protectedApp, SUBJECT_ORIGIN, TEST_SECRET } from '@dewar/testing';
import { root } from '../scripts/tree.ts';
import { subject, tap } from './subject.fixture.ts';

const SOUND: Policy = { hosts: { allowed: ['app.example'] } };

/** Protections that change answers and refuse nothing. */
const REFUSES_NOTHING: ReadonlySet<string> = new Set(['cookies', 'csp', 'headers']);
/** `sessions` refuses only inside a handler whose session is gone; the test that sends such requests. */
const ENDED = 'is refused for nobody, and for a session that was revoked meanwhile';

/** Starts a kernel of that policy; answers its events, or the names of the options at fault. */
async function begin(
  policy: Policy,
  profile: 'production' | 'development' = 'production',
): Promise<SecurityEvent[] | string[]> {
  const events: SecurityEvent[] = [];
  const kernel = createKernel(
    { ...SOUND, ...policy },
    { profile, secret: TEST_SECRET, events: [(event) => events.push(event)] },
  );
  try {
    await kernel.start();
    return events;
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.faults.map(({ option }) => option);
  } finally {
    await kernel.close();
  }
}

const weakened = (events: SecurityEvent[] | string[]): unknown[] =>
  events.flatMap((event) => (typeof event === 'object' && event.name === 'policy.weakened' ? [event.fields] : []));

describe('every protection', () => {
  it('is in the list once', () => {
    const names = PROTECTIONS.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 8, names.join(', '));
  });

  it('together start with no options but the hosts, and weaken nothing', async () => {
    assert.deepEqual(weakened(await begin({})), []);
  });

  for (const protection of PROTECTIONS) describe(protection.name, () => walk(protection));
});

function walk(protection: AnyProtection): void {
  const { name, codes, detectable, defaults } = protection;
  const set = (setting: object): Policy => ({ [name]: setting });

  it('has frozen defaults that are sound by themselves', () => {
    assert.ok(Object.isFrozen(defaults));
    const faults = protection.check(defaults, name, { profile: 'development', now: Date.now(), route: false });
    assert.deepEqual(faults, []);
    assert.deepEqual(protection.weaker?.(defaults) ?? [], []);
  });

  it('refuses only with codes of its own name', () => {
    assert.ok(
      codes.every((code) => code.startsWith(`${name}/`)),
      codes.join(', '),
    );
    assert.equal(new Set(codes).size, codes.length);
  });

  it('is not turned off without a reason', async () => {
    assert.ok((await begin(set(off('')))).includes(name as never));
  });

  it('turned off for a reason, says so at start where it may start', async () => {
    const events = await begin(set(off('shown by a test that walks the list')), 'development');
    assert.ok(
      weakened(events).some((fields) => (fields as { readonly option: string }).option === name),
      JSON.stringify(events),
    );
  });

  it(detectable ? 'observes for a reason and until a date' : 'has no mode that only observes', async () => {
    const until = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
    const own = detectable ? {} : { [name]: { ...(SOUND as Record<string, object>)[name] } };
    const mode = detect('shown by a test that walks the list', { until });
    const begun = await begin({ ...own, ...set({ ...own[name], mode }) }, 'development');
    if (detectable) assert.equal(weakened(begun).length, 1, JSON.stringify(begun));
    else assert.deepEqual(begun, [`${name}.mode`]);
    if (detectable)
      assert.deepEqual(await begin(set({ mode: detect('no end date was given here') })), [`${name}.mode`]);
  });

  it('refuses an option there is not, and names it', async () => {
    const own = (SOUND as Record<string, object>)[name] ?? {};
    assert.deepEqual(await begin(set({ ...own, noSuchOption: true })), [`${name}.noSuchOption`]);
  });

  it('ships its attack', () => {
    assert.ok(ATTACKS.some((attack) => attack.protection === name));
  });

  if (REFUSES_NOTHING.has(name)) it('refuses nothing', () => assert.deepEqual(codes, []));
  else if (name === 'sessions') {
    it('refuses what a test of its own sends', () => {
      assert.deepEqual(codes, ['sessions/ended', 'sessions/account-changed']);
      const tests = readFileSync(join(root, 'packages/core/src/sessions/sessions.test.ts'), 'utf8');
      assert.ok(tests.includes(`it('${ENDED}'`));
    });
  } else it('refuses its attack with a code of its own, which the client is not told', () => refuses(protection));

  it('says what it does not stop', () => {
    const readme = readFileSync(join(root, 'packages/core/src', folderOf(name), 'README.md'), 'utf8');
    assert.match(readme, /^## What it does not stop$/m);
  });
}

/** `safe-methods` of `safeMethods`. */
function folderOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The first attack on a protection, over a real socket: what was decided, and what the attacker got to see. */
async function refuses({ name, codes }: AnyProtection): Promise<void> {
  const attack = ATTACKS.find(({ protection }) => protection === name)!;
  const target = await protectedApp(subject, SUBJECT_ORIGIN, attack.replacements?.());
  const line = await tap(target.url);
  try {
    assert.equal(await attack.exploit({ ...target, url: line.url }), false);
  } finally {
    await line.close();
    await target.close();
  }
  const refused = target.events.flatMap((event) =>
    event.name === 'request.refused' ? [event.fields as Events['request.refused']] : [],
  );
  const said = refused.find(({ by }) => by === name);
  assert.ok(said !== undefined, JSON.stringify(refused));
  assert.ok(
    codes.some((code) => code === said.code),
    said.code,
  );
  const answer = line.answers().find((one) => one.includes(said.request));
  assert.ok(answer !== undefined, line.answers().join('\n'));
  assert.ok(answer.startsWith(`HTTP/1.1 ${said.status} `), answer);
  assert.match(answer, /^content-type: (?:application\/problem\+json|text\/html; charset=utf-8)\r$/im);
  assert.ok(!answer.includes(`${name}/`), answer);
}
