/** Token buckets by key, with a limit on how many keys are remembered. */
import { toHex } from '../../base/bytes.ts';
import type { Clock } from '../../platform/port.ts';

export interface RateLimit {
  /** Takes one token; false where there is none. */
  take(key: Uint8Array): boolean;
}

export interface RateLimitOptions {
  readonly burst: number;
  readonly perSecond: number;
  readonly keysMax: number;
}

export const createRateLimit = (
  clock: Pick<Clock, 'monotonic'>,
  { burst, perSecond, keysMax }: RateLimitOptions,
): RateLimit => {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take: (key) => {
      const name = toHex(key);
      const nowMs = clock.monotonic();
      const bucket = buckets.get(name) ?? { tokens: burst, atMs: nowMs };
      const refill = ((nowMs - bucket.atMs) / 1000) * perSecond;
      const tokens = Math.min(burst, bucket.tokens + refill);
      buckets.delete(name); // the most recent last: the oldest is forgotten first
      const oldest = buckets.size >= keysMax ? buckets.keys().next() : undefined;
      if (oldest?.done === false) buckets.delete(oldest.value);
      const isTaken = tokens >= 1;
      buckets.set(name, { tokens: isTaken ? tokens - 1 : tokens, atMs: nowMs });
      return isTaken;
    },
  };
};
