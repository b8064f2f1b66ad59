/** A broken invariant: the program is wrong, not its input. Never thrown for what a peer can cause. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** What must be true, as a sentence. On in production. */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new AssertionError(sentence);
}
