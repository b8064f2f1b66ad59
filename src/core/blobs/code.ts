/** All that a composition root loads of `blobs/`, by one import when it is due. */
export { Blobs } from './blobs.ts';
export { createLateHandlers } from './late-handlers.ts';
export { filesAgain, sendFiles } from './send-files.ts';
export { onlyHereCount } from './usage.ts';
