/** Of one message; the core holds the same. */
export const messageFilesMax = 20;
/** Asked of the core at once. */
export const pieceBytes = 1024 * 1024;
/** What is shown or played is in memory as a whole; beyond this it is only saved. */
export const shownBytesMax = 64 * 1024 * 1024;
