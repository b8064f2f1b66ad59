/** What every adapter promises about the keys and values of records. */
import { assert } from '../base/assert.ts';
import type { RecordValue, Write } from './port.ts';

const printableAscii = /^[\x21-\x7e]+$/;

/** Printable ASCII sorts the same everywhere, and one character bounds a prefix from above. */
export const checkKeys = (writes: ReadonlyArray<Write>): void => {
  for (const { key } of writes) assert(printableAscii.test(key), 'a record key is printable ASCII');
};

/** Sorts after every key that starts with the prefix, and before every other greater key. */
export const afterPrefix = (prefix: string): string => `${prefix}\x7f`;

/**
 * Exact bytes of their own: a structured clone of a view would store all of the buffer behind it,
 * and the caller may go on using its bytes.
 */
export const copyOfValue = (value: RecordValue): RecordValue =>
  value instanceof Uint8Array ? new Uint8Array(value) : value;

export const copyOfWrites = (writes: ReadonlyArray<Write>): ReadonlyArray<Write> =>
  writes.map(({ key, value }) => ({
    key,
    value: value === undefined ? undefined : copyOfValue(value),
  }));
