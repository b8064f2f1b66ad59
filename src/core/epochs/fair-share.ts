/** Which epochs to be found under, where there is room for few. */

const perAuthorMax = 2;

/**
 * In their order, so many at most. Somebody who makes many epochs takes only the places that nobody
 * else needs: members who were given different ones still find each other under the others.
 */
export const fairShare = <E>(
  epochs: ReadonlyArray<E>,
  authorOf: (epoch: E) => string,
  countMax: number,
): ReadonlyArray<E> => {
  const countByAuthor = new Map<string, number>();
  const isFair = (epoch: E): boolean => {
    const author = authorOf(epoch);
    const count = countByAuthor.get(author) ?? 0;
    countByAuthor.set(author, count + 1);
    return count < perAuthorMax;
  };
  const fair = epochs.filter(isFair);
  const others = epochs.filter((epoch) => !fair.includes(epoch));
  const chosen = new Set([...fair, ...others].slice(0, countMax));
  return epochs.filter((epoch) => chosen.has(epoch));
};
