/**
 * The policy that is in force, told as plain data.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secret } from '../config/index.ts';
import { createKernel } from '../policy/index.ts';
import { stage } from './kernel.fixture.ts';
import { policyView } from './policy-view.ts';
import { protection } from './protection.ts';
import { detect, off } from './settings.ts';

interface Options {
  readonly list: readonly unknown[];
  readonly most: number;
  readonly value: unknown;
  readonly webhookSecret: string;
}

const sample = protection<Options>({
  name: 'sample',
  defaults: Object.freeze({ list: [], most: Infinity, value: null, webhookSecret: '' }),
  codes: ['sample/no'],
  detectable: true,
  check: () => [],
  weaker: ({ most }) => (most > 5 && most < Infinity ? ['most'] : []),
  compile: () => [],
  combinations: [{ id: 'sample/never', check: () => [{ option: 'sample', wrong: 'is dangerous', write: 'mend it' }] }],
});
const other = protection<object>({
  ...sample,
  name: 'other',
  defaults: {},
  detectable: false,
  weaker: () => [],
  combinations: [],
});

describe('the view of a policy [CFG-15]', () => {
  it('tells every option with its value, its default and who set it', async () => {
    const on = stage({
      protections: [sample({ list: [/a/g, new Set([1n])], most: 3 }), other(off('not needed here'))],
      profile: 'development',
    });
    await on.ready;
    const { profile, protections, warnings } = policyView(on.kernel);
    assert.equal(profile, 'development');
    assert.deepEqual(protections, [
      {
        name: 'sample',
        state: 'enforces',
        options: [
          { name: 'list', value: ['/a/g', ['1']], default: [], set: 'policy' },
          { name: 'most', value: 3, default: 'Infinity', set: 'policy' },
          { name: 'value', value: null, default: null, set: 'default' },
          { name: 'webhookSecret', value: '[secret]', default: '[secret]', set: 'default' },
        ],
      },
      { name: 'other', state: 'off', options: [] },
    ]);
    assert.deepEqual(warnings, [{ option: 'sample', wrong: 'is dangerous', write: 'mend it' }]);
  });

  it('tells every weakening with its reason, of the policy and of routes, as the start does', async () => {
    const on = stage({
      profile: 'development',
      protections: [
        sample({
          most: 9,
          reason: 'the old client asks often',
          mode: detect('rolling it out', { until: '2026-02-01' }),
        }),
        other,
      ],
      routes: [
        {
          method: 'POST',
          path: '/hook',
          declaredAt: 'app.ts:7',
          overrides: { other: off('signed by a machine'), sample: { most: 2 } as object },
        },
      ],
    });
    await on.ready;
    const view = policyView(on.kernel);
    assert.deepEqual(view.weakenings, [
      { option: 'sample', how: 'detect', reason: 'rolling it out', until: '2026-02-01' },
      { option: 'sample', how: 'option', reason: 'the old client asks often' },
      { option: 'POST /hook: other', how: 'off', reason: 'signed by a machine' },
    ]);
    assert.deepEqual(on.said('policy.weakened'), view.weakenings);
    assert.equal(view.protections[0]?.state, 'observes');
    assert.deepEqual(view.routes, [
      { route: 'POST /hook', declaredAt: 'app.ts:7', protection: 'other', off: true, options: [] },
      {
        route: 'POST /hook',
        declaredAt: 'app.ts:7',
        protection: 'sample',
        off: false,
        options: [{ name: 'most', value: 2 }],
      },
    ]);
  });

  it('is JSON, whatever an option holds, and a secret in one is not in it', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const values = [
      new Secret('hunter2-hunter2'),
      (): void => undefined,
      new Map([['k', NaN]]),
      Symbol('s'),
      new URL('https://a.example'),
      Buffer.from('hunter2'),
      new URL('https://desk:hunter2@b.example'),
      'redis://:hunter2@c.example',
      circle,
    ];
    const on = stage({ protections: [sample({ value: values })] });
    const text = JSON.stringify(policyView(on.kernel));
    assert.ok(!text.includes('hunter2') && !text.includes(Buffer.from('hunter2').join()), text);
    for (const part of [
      '"[7 bytes]"',
      '"https://[secret]@b.example/"',
      '"redis://[secret]@c.example"',
      '"[secret]"',
      '"[function]"',
      '{"k":"NaN"}',
      '"Symbol(s)"',
      '"https://a.example/"',
      '…',
    ])
      assert.ok(text.includes(part), `${part} in ${text}`);
  });

  it('says each thing that leads back to itself once, however many ways there are', () => {
    const knot: Record<string, unknown> = {};
    for (const name of 'abcdef') knot[name] = { knot };
    const on = stage({ protections: [sample({ value: knot })] });
    assert.ok(JSON.stringify(policyView(on.kernel)).length < 10_000);
  });

  it('holds how requests are read, and every protection of a whole policy', () => {
    const kernel = createKernel(
      { hosts: { allowed: ['a.example'] }, facts: { trustedProxies: ['10.0.0.0/8'] } },
      { profile: 'production', secret: 'k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE', events: [] },
    );
    const [facts, ...others] = policyView(kernel).protections;
    assert.equal(facts?.name, 'facts');
    assert.deepEqual(
      facts?.options.find(({ name }) => name === 'trustedProxies'),
      { name: 'trustedProxies', value: ['10.0.0.0/8'], default: [], set: 'policy' },
    );
    assert.ok(others.length >= 8);
    assert.doesNotThrow(() => JSON.stringify(others));
  });
});
