/**
 * Mends what the linter can mend, then formats the sources.
 * @module
 */
import { run } from './process.ts';

const lint = await run('oxlint', ['--type-aware', '--fix'], { show: true });
const format = await run('oxfmt', [], { show: true });
process.exitCode = lint.code || format.code;
