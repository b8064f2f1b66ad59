/** Coordinates as people type and paste them. Pure. */
import type { Location } from '../core/api.ts';

/** Degrees, with a point or a comma; undefined where it is no number within the range. */
export const readCoordinate = (text: string, max: number): number | undefined => {
  const trimmed = text.trim().replace(',', '.');
  if (!/^[+-]?\d{1,3}(?:\.\d{1,12})?$/u.test(trimmed)) return undefined;
  const degrees = Number(trimmed);
  return Math.abs(degrees) <= max ? degrees : undefined;
};

/** "38.71667, -9.13333", as maps give it. */
export const readCoordinates = (text: string): Location | undefined => {
  const [first, second, ...more] = text.split(/[,;]\s+|\s+/u);
  if (first === undefined || second === undefined || more.length > 0) return undefined;
  const latitude = readCoordinate(first, 90);
  const longitude = readCoordinate(second, 180);
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
};
