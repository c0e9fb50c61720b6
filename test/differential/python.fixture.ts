/**
 * Runs a few lines of Debian's own Python, JSON in and JSON out: how ours is compared with what Flask applications use.
 * @module
 */
import { execFileSync } from 'node:child_process';

/** Not the first `python3` of the path: another one would not find Debian's packages. */
const PYTHON = '/usr/bin/python3';
const LIMIT_MS = 60_000;

/**
 * Runs `code`, which finds `given` under the name `given` and leaves its answer under the name `result`.
 * One start for a whole table of cases: a start takes as long as thousands of them. Throws with Python's own words.
 */
export function python(code: string, given: unknown): unknown {
  const program = `import json, sys\ngiven = json.load(sys.stdin)\n${code}\njson.dump(result, sys.stdout)\n`;
  // -I: neither the working folder nor the environment brings modules.
  const output = execFileSync(PYTHON, ['-I', '-c', program], {
    input: JSON.stringify(given),
    encoding: 'utf8',
    stdio: 'pipe',
    timeout: LIMIT_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output);
}
