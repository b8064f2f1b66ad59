/** A token bucket: true while the caller may go on. */
export interface RateOptions {
  readonly now: () => number;
  readonly burst: number;
  readonly perSecond: number;
}

export const createRate = ({ now, burst, perSecond }: RateOptions) => {
  let tokens = burst;
  let filledAtMs = now();
  return (): boolean => {
    const nowMs = now();
    const refill = (Math.max(0, nowMs - filledAtMs) / 1000) * perSecond;
    tokens = Math.min(burst, tokens + refill) - 1;
    filledAtMs = nowMs;
    return tokens >= 0;
  };
};
