/**
 * Typed configuration and secrets: `import { readConfig, integer, secret } from 'dewar/config'`.
 * @module
 */
export * from '@dewar/core/config';
