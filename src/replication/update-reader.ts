/** Reads lib0's encoding of numbers and bytes, and never past the end of what it was given. */

export interface UpdateReader {
  byte(): number | undefined;
  /** Undefined at the end of the input and above 2^53 − 1. */
  varUint(): number | undefined;
  /** A view of the next `length` bytes; undefined where there are fewer. */
  take(length: number): Uint8Array | undefined;
}

export const createUpdateReader = (bytes: Uint8Array): UpdateReader => {
  let at = 0;
  return {
    byte: () => bytes[at++],
    varUint: () => {
      let value = 0;
      for (let factor = 1; Number.isSafeInteger(value); factor *= 128) {
        const byte = bytes[at++];
        if (byte === undefined) return undefined;
        value += (byte & 0x7f) * factor;
        if (byte < 0x80) return Number.isSafeInteger(value) ? value : undefined;
      }
      return undefined;
    },
    take: (length) => {
      if (length > bytes.length - at) return undefined;
      at += length;
      return bytes.subarray(at - length, at);
    },
  };
};
