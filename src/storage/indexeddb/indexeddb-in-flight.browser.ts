/**
 * What a connection has begun. When Chromium closes a connection (a full disk does it), it aborts the
 * transaction that failed and leaves those behind it without any event; whoever waits for one of
 * them would wait for ever.
 */
export interface InFlight {
  /** The work's outcome, or `otherwise` once the connection is gone. */
  run<T>(work: Promise<T>, otherwise: T): Promise<T>;
  /** The connection is gone. */
  abandon(): void;
}

export const createInFlight = (): InFlight => {
  const abandons = new Set<() => void>();
  return {
    run: <T>(work: Promise<T>, otherwise: T) =>
      new Promise<T>((resolve, reject) => {
        const abandon = (): void => {
          resolve(otherwise);
        };
        const finish = async (): Promise<void> => {
          try {
            resolve(await work);
          } catch (error) {
            reject(
              error instanceof Error ? error : new Error('not even an error', { cause: error }),
            );
          } finally {
            abandons.delete(abandon);
          }
        };
        abandons.add(abandon);
        void finish(); // reports through the promise
      }),
    abandon: () => {
      for (const abandon of abandons) abandon();
      abandons.clear();
    },
  };
};
