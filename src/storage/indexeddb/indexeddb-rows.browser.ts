/** The rows that y-indexeddb keeps of a segment, read and repaired past it. */
import type { IDBPDatabase } from 'idb';
import * as Y from 'yjs';
import { err, ok, type Result } from '../../base/result.ts';
import { failureOf, whenAllDone } from './indexeddb-open.browser.ts';
import type { StorageFailure } from '../port.ts';
import { examineRows, type Examined, type Row, type RowPage } from '../segment-rows.ts';

/** The database as y-indexeddb lays it out: numbered updates, and a store for its users. */
export const segmentVersion = 1;
const updatesStore = 'updates';
const customStore = 'custom';
export const segmentStores = [
  { name: updatesStore, hasCountedKeys: true },
  { name: customStore, hasCountedKeys: false },
];

/** Anything but bytes in a row is as good as no bytes. */
const toRow = (key: IDBValidKey, value: unknown): Row => ({
  key: Number(key),
  update: value instanceof Uint8Array ? value : new Uint8Array(),
});

export const readPage = async (
  database: IDBPDatabase,
  afterKey: number,
): Promise<Result<RowPage, StorageFailure>> => {
  try {
    const transaction = database.transaction(updatesStore);
    const range = IDBKeyRange.lowerBound(afterKey, true);
    const { store } = transaction;
    const [first, keys, values] = await whenAllDone(transaction, [
      store.getAllKeys(null, 1),
      store.getAllKeys(range),
      store.getAll(range),
    ]);
    const firstKey = first[0] === undefined ? undefined : Number(first[0]);
    return ok({ firstKey, rows: keys.map((key, at) => toRow(key, values[at])) });
  } catch (error) {
    return err(failureOf(error));
  }
};

/** One strict transaction: one sound row in the place of all, the unusable ones set aside. */
const replaceRows = async (
  database: IDBPDatabase,
  { doc, unusable }: Examined,
): Promise<Result<undefined, StorageFailure>> => {
  try {
    const transaction = database.transaction([updatesStore, customStore], 'readwrite', {
      durability: 'strict',
    });
    const updates = transaction.objectStore(updatesStore);
    const aside = transaction.objectStore(customStore);
    await whenAllDone(transaction, [
      aside.clear(),
      ...unusable.map(({ key, update }) => aside.put(update, key)),
      updates.clear(),
      updates.add(Y.encodeStateAsUpdate(doc)),
    ]);
    return ok(undefined);
  } catch (error) {
    return err(failureOf(error));
  }
};

export interface Loaded {
  /** With all that can be used. */
  readonly doc: Y.Doc;
  /** Rows that could not: they are out of the way. */
  readonly setAsideCount: number;
  /** Of the newest row that was read; 0: there was none. */
  readonly lastKey: number;
}

export const loadRows = async (
  name: string,
  database: IDBPDatabase,
): Promise<Result<Loaded, StorageFailure>> => {
  const stored = await readPage(database, 0);
  if (!stored.ok) return stored;
  const { rows } = stored.value;
  const examined = examineRows(name, rows);
  const { doc, unusable, isDamaged } = examined;
  const loaded = { doc, setAsideCount: unusable.length, lastKey: rows.at(-1)?.key ?? 0 };
  if (!isDamaged) return ok(loaded);
  const replaced = await replaceRows(database, examined);
  return replaced.ok ? ok(loaded) : replaced;
};
