/**
 * Desk, for the server and for the `dewar` commands alike. Importing it opens and listens to nothing.
 * @module
 */
import { readConfig } from './src/config.ts';
import { createDesk } from './src/desk.ts';

const { definition } = createDesk(readConfig(process.env));

export default definition;
