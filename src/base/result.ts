/** Expected failures are values: a function a stranger's input can reach returns one of these. */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export const err = <E>(error: E): { readonly ok: false; readonly error: E } => ({
  ok: false,
  error,
});

/** A value now or later: the same core runs on synchronous crypto (simulation) and on WebCrypto. */
export type MaybePromise<T> = T | Promise<T>;
