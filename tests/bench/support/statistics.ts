/** Order statistics: medians and quantiles survive a shared machine, means do not. */

/** Between the two nearest ranks; throws where there is nothing to rank. */
export const quantile = (values: ReadonlyArray<number>, q: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new Error('no values to rank');
  return below + (above - below) * (place - Math.floor(place));
};

export const median = (values: ReadonlyArray<number>): number => quantile(values, 0.5);

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export const spreadOf = (values: ReadonlyArray<number>): Spread => ({
  median: median(values),
  min: quantile(values, 0),
  max: quantile(values, 1),
});

/** Round by round: what both met in the same minute is compared, not what came hours apart. */
export const ratiosOf = (
  ours: ReadonlyArray<number>,
  theirs: ReadonlyArray<number>,
): ReadonlyArray<number> =>
  ours.flatMap((value, i) => {
    const other = theirs[i];
    return other === undefined || other === 0 ? [] : [value / other];
  });
