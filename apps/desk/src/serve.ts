/**
 * Serves Desk until it is told to stop. `npm start` runs this in the development profile; by itself it is production.
 * @module
 */
import { build, ConfigError, StoreError } from 'dewar';
import type { Running } from 'dewar';
import { readConfig } from './config.ts';
import { describeDemo, seedDemo } from './demo.ts';
import { createDesk } from './desk.ts';

/** Milliseconds that requests in flight have to end. */
const PATIENCE = 10_000;

const config = readConfig(process.env);
let running: Running | undefined;
try {
  const desk = createDesk(config);
  running = await build(desk.definition);
  stopOnSignals(running);
  // Standard output belongs to the events, one JSON line each.
  if (config.profile === 'development') {
    console.error(`\n${describeDemo(await seedDemo(desk.services(), Date.now()), config.data)}`);
  }
  const { url } = await running.listen({ port: config.port, host: config.listen });
  const shown = config.profile === 'development' ? `http://localhost:${new URL(url).port || 80}` : url;
  console.error(`\nDesk is ready: ${shown}\n`);
} catch (error) {
  console.error(`Desk does not start: ${explain(error)}`);
  await running?.close();
  process.exitCode = 1;
}

/** Lets requests in flight end, then closes the stores. A second signal does not wait. */
function stopOnSignals(server: Running): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), PATIENCE).unref();
    server.close().catch((error: unknown) => {
      console.error(`Desk did not stop cleanly: ${explain(error)}`);
      process.exitCode = 1;
    });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StoreError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `port ${config.port} is in use; set PORT to another`;
  if (code === 'EACCES') return `port ${config.port} needs more rights; set PORT to one above 1023`;
  return (error as Error).stack ?? String(error);
}
