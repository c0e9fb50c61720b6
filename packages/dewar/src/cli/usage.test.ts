/**
 * The command line itself: help, versions, and faults that name the nearest thing.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ran } from './stage.test.ts';
import { portFrom } from './start.ts';
import { UsageError } from './usage.ts';

const wrong: readonly (readonly [args: string, says: RegExp])[] = [
  ['', /name a command[^]*dewar --help/],
  ['rotues', /no such command "rotues"; did you mean routes\?/],
  ['prove', /no such command "prove"/],
  ['explain', /dewar explain needs ID[^]*dewar explain --help/],
  ['explain a/b', /an id has letters/],
  ['explain one two', /takes no "two"/],
  ['explain one --lgo x', /no such option --lgo; did you mean --log\?/],
  ['policy --contorl x', /did you mean --control\?/],
  ['constructor', /no such command "constructor"/],
  ['--versoin', /no such option "--versoin"; did you mean --version\?/],
  ['routes --jsn', /no such option --jsn; did you mean --json\?[^]*dewar routes --help/],
  ['routes -j', /no such option -j/],
  ['routes --port 1', /no such option --port/],
  ['routes json', /takes no "json"; did you mean --json\?/],
  ['routes --json=yes', /'--json' does not take an argument/],
  ['routes --config', /'--config <value>' argument missing/],
  ['routes --config no-such-file.ts', /there is no file .*no-such-file\.ts/],
  ['routes', /there is no dewar\.config\.ts in .*; name yours with --config FILE/],
  ['start --port http', /--port is "http", and a port is a number from 0 to 65535/],
  ['start --hots ::1', /no such option --hots; did you mean --host\?/],
];

describe('a wrong command line', () => {
  for (const [args, says] of wrong)
    it(`"dewar ${args}" ends with 2, says why, and leaves standard output empty`, async () => {
      const { code, out, note } = await ran(args.split(' ').filter(Boolean));
      assert.match(note, says);
      assert.equal(out, '');
      assert.equal(code, 2);
    });
});

describe('help', () => {
  for (const args of [['--help'], ['-h'], ['help']])
    it(`"dewar ${args.join(' ')}" lists every command on standard output`, async () => {
      const { code, out, note } = await ran(args);
      assert.match(out, /^Usage: dewar COMMAND \[options\]\n[^]*\n {2}routes {3}lists[^]*\n {2}start {4}starts/);
      assert.deepEqual([code, note], [0, '']);
    });

  for (const [command, options] of [
    ['routes', ['--config FILE', '--json', '--help']],
    ['start', ['--config FILE', '--port NUMBER', '--host ADDRESS', '--help']],
    ['policy', ['--config FILE', '--control PATH', '--json', '--changed', '--help']],
    ['config', ['--config FILE', '--control PATH', '--json', '--help']],
    ['explain', ['ID', '--control PATH', '--config FILE', '--log FILE', '--json', '--help']],
    ['limits', ['--control PATH', '--config FILE', '--json', '--help']],
    ['csp', ['--control PATH', '--config FILE', '--json', '--help']],
  ] as const)
    for (const flag of ['--help', '-h'])
      it(`"dewar ${command} ${flag}" names its options and exit codes, in 80 columns`, async () => {
        const { code, out } = await ran([command, flag]);
        for (const option of options) assert.ok(out.includes(`\n  ${option}`), option);
        for (const exit of ['0 when', '1 when', '2 when', '3 when'])
          assert.match(out.replaceAll('\n', ' '), new RegExp(exit));
        for (const line of out.split('\n')) assert.ok(line.length <= 80, line);
        assert.equal(code, 0);
      });

  it('"dewar --version" prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    assert.deepEqual(await ran(['--version']), { code: 0, out: `${version}\n`, note: '' });
  });
});

describe('the port', () => {
  const rows: readonly (readonly [string | undefined, string | undefined, number])[] = [
    [undefined, undefined, 3000],
    [undefined, '', 3000],
    [undefined, '8080', 8080],
    ['0', '8080', 0],
    ['65535', undefined, 65_535],
  ];
  for (const [option, variable, port] of rows)
    it(`is ${port} for --port ${option} and PORT ${variable}`, () => assert.equal(portFrom(option, variable), port));

  for (const bad of ['', '-1', '65536', '1e3', '0x50', ' 80', '80 '])
    it(`is never ${JSON.stringify(bad)}`, () => assert.throws(() => portFrom(bad, undefined), UsageError));
});
