/**
 * The same application without the command line: `dewar start` does this and stops gracefully besides.
 * @module
 */
import { build } from 'dewar';
import dewar from './dewar.config.ts';

const running = await build(dewar);
const { url } = await running.listen({ port: Number(process.env['PORT'] ?? 3000) });
console.error(`serving ${url}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.close());
