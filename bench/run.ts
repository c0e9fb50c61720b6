/**
 * `npm run bench`: CPU time per request beside other applications. `npm run bench -- NAME`: one of the other measurements.
 * @module
 */
const OTHERS: readonly string[] = ['html', 'limits', 'parse', 'steps'];

const [name = ''] = process.argv.slice(2);
await import(OTHERS.includes(name) ? `./${name}.ts` : './requests.ts');
