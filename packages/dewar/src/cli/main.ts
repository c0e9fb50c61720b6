/**
 * What `bin/dewar.js` runs.
 * @module
 */
import { processIo } from './io.ts';
import { run } from './run.ts';

/** Milliseconds that what an application left open may take to end by itself. */
const PATIENCE = 2_000;

const io = processIo();
// `dewar routes | head`: who stops reading has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await run(process.argv.slice(2), io);
setTimeout(() => {
  io.note(
    'dewar: the application left something open (a timer, a connection) that keeps the process alive; ending it\n',
  );
  process.exit();
}, PATIENCE).unref();
