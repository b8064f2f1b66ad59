/** Plain Yjs, which trusts everybody: what a row about many entries is held against. */
import * as Y from 'yjs';

const entryBytes = 512; // about what a short text is when it is sealed, signed and padded

/** So many entries of the size of ours, from one plain document to another; what travelled. */
export const syncPlain = (count: number): Uint8Array => {
  const [from, to] = [new Y.Doc(), new Y.Doc()];
  const entries = from.getArray<Uint8Array>('entries');
  from.transact(() => {
    for (let i = 0; i < count; i++) entries.insert(i, [new Uint8Array(entryBytes).fill(i)]);
  });
  const update = Y.encodeStateAsUpdate(from, Y.encodeStateVector(to));
  Y.applyUpdate(to, update);
  return update;
};
