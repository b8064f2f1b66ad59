/** All that a composition root loads of `blobs/`, by one import when it is due. */
export { Blobs } from './blobs.ts';
export { filesAgain, sendFiles } from './send-files.ts';
export { filesIn, messagePage } from './reading-out.ts';
export { keepStickers, removePack, savePack } from './sticker-answers.ts';
export { freeFiles, usageOf } from './usage.ts';
