/** Finding by name: letters count, accents and case do not. Pure. */

export const folded = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase();

/** 0: does not fit. A name that begins so fits best, then one of whose words does. */
const fit = (name: string, wanted: string): number => {
  if (name.startsWith(wanted)) return 3;
  if (name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted))) return 2;
  return name.includes(wanted) ? 1 : 0;
};

/** The best fit first, else in the order given; everything where nothing is asked for. */
export const findByName = <Named>(
  all: ReadonlyArray<Named>,
  query: string,
  nameOf: (one: Named) => string,
): ReadonlyArray<Named> => {
  const wanted = folded(query.trim());
  if (wanted === '') return all;
  return all
    .map((one) => ({ one, fit: fit(folded(nameOf(one)), wanted) }))
    .filter((found) => found.fit > 0)
    .sort((a, b) => b.fit - a.fit)
    .map(({ one }) => one);
};
