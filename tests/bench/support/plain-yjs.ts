/** Plain Yjs, which trusts everybody: what a row about many entries is held against. */
import * as Y from 'yjs';

const entryBytes = 512; // about what a short text is when it is sealed, signed and padded

const createWritten = (count: number): Y.Doc => {
  const doc = new Y.Doc();
  const entries = doc.getArray<Uint8Array>('entries');
  doc.transact(() => {
    for (let i = 0; i < count; i++) entries.insert(i, [new Uint8Array(entryBytes).fill(i)]);
  });
  return doc;
};

/** What the one lacks of the other, carried and applied; the bytes that travelled. */
const carry = (from: Y.Doc, to: Y.Doc): Uint8Array => {
  const update = Y.encodeStateAsUpdate(from, Y.encodeStateVector(to));
  Y.applyUpdate(to, update);
  return update;
};

/** So many entries of the size of ours, from one plain document to another; what travelled. */
export const syncPlain = (count: number): Uint8Array => carry(createWritten(count), new Y.Doc());

/** Two documents of so many entries each that know nothing of each other, and what makes them one. */
export const divergePlain = (countEach: number): (() => number) => {
  const [one, other] = [createWritten(countEach), createWritten(countEach)];
  return () => carry(one, other).length + carry(other, one).length;
};
