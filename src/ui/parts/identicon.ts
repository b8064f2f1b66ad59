/** A person's or group's colour and letters, the same on every screen. Says nothing about who it is. */

/** 0…359, spread by a short hash of the id. */
export const hueOf = (id: string): number => {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return hash % 360;
};

/** The first letters of the first words, or of the word itself when there is only one. */
export const initialsOf = (name: string, max: number): string => {
  const words = name
    .trim()
    .split(/\s+/u)
    .filter((word) => word !== '');
  const letters =
    words.length > 1
      ? words.slice(0, max).map((word) => Array.from(word)[0] ?? '')
      : Array.from(words[0] ?? '').slice(0, max);
  return letters.join('').toLocaleUpperCase();
};
