/** The beginnings of pictures: as much as a header, and some bytes behind it. */
const of = (...parts: ReadonlyArray<string | ReadonlyArray<number>>): Uint8Array => {
  const bytes = parts.flatMap((part) =>
    typeof part === 'string' ? Array.from(part, (letter) => letter.charCodeAt(0)) : part,
  );
  return Uint8Array.from([...bytes, ...new Array<number>(32).fill(0)]);
};

const big = (value: number): ReadonlyArray<number> => [value >> 8, value & 0xff];
const little = (value: number): ReadonlyArray<number> => [value & 0xff, value >> 8];

export const pngOf = (width: number, height: number): Uint8Array =>
  of([0x89], 'PNG', [13, 10, 26, 10, 0, 0, 0, 13], 'IHDR', [0, 0], big(width), [0, 0], big(height));

export const jpegOf = (width: number, height: number): Uint8Array =>
  of([0xff, 0xd8], [0xff, 0xe0, 0, 4, 1, 2], [0xff, 0xc0, 0, 17, 8], big(height), big(width));

/** Lossy; sizes are written one smaller in the extended form only. */
export const webpOf = (width: number, height: number): Uint8Array =>
  of(
    'RIFF',
    [0, 0, 0, 0],
    'WEBP',
    'VP8 ',
    [0, 0, 0, 0, 0, 0, 0],
    [0x9d, 1, 0x2a],
    little(width),
    little(height),
  );
