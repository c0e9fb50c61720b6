/**
 * Desk, for the server and for the `dewar` commands alike. Importing it opens and listens to nothing.
 * @module
 */
import { readConfig } from './src/config.ts';
import { createDesk } from './src/desk.ts';
import type { Desk } from './src/desk.ts';

const definition: Desk['definition'] = createDesk(readConfig(process.env)).definition;

export default definition;
