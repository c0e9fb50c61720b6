/**
 * The channel by which operators ask a running process: a socket in the file system, for its own account alone.
 * @module
 */
export { answerTo } from './answers.ts';
export type { ControlAnswer, ControlRequest, ControlSource, Reporting } from './answers.ts';
export { askControl, ControlError } from './client.ts';
export { openControl } from './channel.ts';
export type { Control, ControlOptions } from './channel.ts';
