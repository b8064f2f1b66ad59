/**
 * [RP7] The log: sealed entries of whole epochs in Yjs documents, behind the gate. Whatever the
 * order of arrival, equal entries make byte-identical Yjs V1 state. `apply` is the only caller of
 * `Y.applyUpdate`, for own entries as for others'; it takes only what `checkRun` let through.
 *
 * One document is enough, except for writers whose client ids are equal: the second one is kept in
 * a further document, which the caller opens, and travels in updates of its own.
 */
import * as Y from 'yjs';
import { assert } from '../base/assert.ts';
import { compareBytes, concatBytes, toHex, u32be } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import { hash } from '../crypto/hash.ts';
import type { Row } from '../protocol/sync-frames.ts';
import { batchesOf, placeRuns } from './placement.ts';
import { encodeRuns, type RunContent, type WriterRef } from './runs.ts';
import type { SignedRun } from './signatures.ts';
import { sliceOf, type Slice, type SliceRequest } from './slice.ts';
import { createWriterLog, type WriterLog } from './writer-log.ts';

/**
 * Opens document number `index` of this log as it is stored: one that rests, or a further one, empty,
 * where client ids are equal, of which it remembers before it resolves that it is there. Undefined:
 * storage cannot.
 */
export type OpenDocument = (index: number) => Promise<Y.Doc | undefined>;

interface LogSize {
  readonly entries: number;
  readonly bytes: number;
}

export interface EntryLog {
  /** The first 16 bytes of each epoch's mailbox id. */
  mailboxes(): ReadonlyArray<Uint8Array>;
  /** An epoch's logs by writerPub ascending. */
  writers(mailbox: Uint8Array): ReadonlyArray<WriterLog>;
  /** What is held of an epoch, in the same order: a state vector with head hashes. */
  rows(mailbox: Uint8Array): ReadonlyArray<Row>;
  /** One writer's log, to check runs against and to read; empty if nothing is held. */
  held(writer: WriterRef): WriterLog;
  /**
   * Appends these runs in order, each checked against this log as it is now and after the runs
   * before it, while it is awake. All or none: `no-document` if equal client ids need a document and there is none.
   */
  apply(runs: ReadonlyArray<SignedRun>): Promise<Result<undefined, 'no-document'>>;
  /** [RP13] Lets go of the documents, which are stored: what is read lies beside them. */
  rest(): void;
  /** Opens them again. */
  wake(): Promise<Result<undefined, 'no-document'>>;
  /** The next part of what the other side lacks of an epoch. */
  slice(request: SliceRequest): Slice;
  /** Equal for equal entries of an epoch, in whatever order they came. */
  stateHash(mailbox: Uint8Array): Uint8Array;
  /** Of one epoch, or of all. */
  size(mailbox?: Uint8Array): LogSize;
}

interface Epoch {
  readonly mailbox: Uint8Array;
  readonly writers: Map<string, WriterLog>;
  /** The same by writerPub ascending, until one more comes: it is asked for with each entry. */
  sorted: ReadonlyArray<WriterLog> | undefined;
}

/** Entries that lie in a document of the log. */
export interface StoredRun {
  readonly run: SignedRun;
  /** Position of the document. */
  readonly document: number;
}

interface LogInput {
  readonly openDocument: OpenDocument;
  /** What the documents hold, checked: all of it, one run from seq 0 for each log. */
  readonly found: ReadonlyArray<StoredRun>;
}

/** Use `openEntryLog` (open-log.ts), which finds out what is stored. */
export const createEntryLog = (
  documents: ReadonlyArray<Y.Doc>,
  { openDocument, found }: LogInput,
): EntryLog => {
  /** Those that do not rest, by position. */
  const docs = new Map(documents.entries());
  const resting = new Set<number>();
  const epochs = new Map<string, Epoch>();
  /** Which logs lie in which documents, as `document/client`. */
  const taken = new Set<string>();

  const held = (writer: WriterRef): WriterLog =>
    epochs.get(toHex(writer.mailbox))?.writers.get(toHex(writer.writerPub)) ??
    createWriterLog(writer);

  const remember = (writer: WriterLog): void => {
    const key = toHex(writer.mailbox);
    const made = { mailbox: writer.mailbox, writers: new Map(), sorted: undefined };
    const epoch: Epoch = epochs.get(key) ?? made;
    const writerHex = toHex(writer.writerPub);
    if (epoch.writers.get(writerHex) !== writer) epoch.sorted = undefined;
    epoch.writers.set(writerHex, writer);
    epochs.set(key, epoch);
  };

  const openDoc = (index: number): Y.Doc => {
    const doc = docs.get(index);
    assert(doc !== undefined, 'a document that is written to is open');
    return doc;
  };

  const extend = (writer: WriterLog, { run, document }: StoredRun): void => {
    writer.extend(run, { doc: openDoc(document), index: document });
    taken.add(placeName(document, writer.client));
    remember(writer);
  };

  for (const stored of found) extend(held(stored.run), stored);

  const everyWriter = (): ReadonlyArray<WriterLog> =>
    [...epochs.values()].flatMap((epoch) => [...epoch.writers.values()]);

  const writers = (mailbox: Uint8Array): ReadonlyArray<WriterLog> => {
    const epoch = epochs.get(toHex(mailbox));
    if (epoch === undefined) return [];
    epoch.sorted ??= [...epoch.writers.values()].sort((a, b) =>
      compareBytes(a.writerPub, b.writerPub),
    );
    return epoch.sorted;
  };

  const wake = async (): Promise<Result<undefined, 'no-document'>> => {
    for (const index of resting) {
      const doc = await openDocument(index);
      if (!doc) return err('no-document');
      for (const writer of everyWriter()) if (writer.document === index) refill(doc, writer);
      docs.set(index, doc);
      resting.delete(index);
    }
    return ok(undefined);
  };

  const apply: EntryLog['apply'] = async (runs) => {
    assert(resting.size === 0, 'a log that is written to is awake');
    const isTaken = (document: number, client: number): boolean =>
      taken.has(placeName(document, client));
    const placed = placeRuns(runs, { held, isTaken });
    for (const document of new Set(placed.map((one) => one.document))) {
      if (docs.has(document)) continue;
      const doc = await openDocument(document);
      if (!doc) return err('no-document');
      docs.set(document, doc);
    }
    for (const batch of batchesOf(placed)) {
      const doc = openDoc(batch[0]?.document ?? 0);
      Y.applyUpdate(doc, encodeRuns(batch.map(({ run }) => run)));
      assert(doc.store.pendingStructs === null, 'what passed the gate leaves nothing pending');
      for (const { run, writer, document } of batch) {
        extend(writer, { run, document });
        assert(Y.getState(doc.store, writer.client) === writer.nextSeq, 'Yjs took the whole run');
      }
    }
    return ok(undefined);
  };

  return {
    mailboxes: () => [...epochs.values()].map(({ mailbox }) => mailbox),
    writers,
    rows: (mailbox) =>
      writers(mailbox).map(({ writerPub, nextSeq, headHash }) => ({
        writerPub,
        nextSeq,
        headHash,
      })),
    held,
    apply,
    rest: () => {
      for (const writer of everyWriter()) writer.rest();
      for (const index of docs.keys()) resting.add(index);
      docs.clear();
    },
    wake,
    slice: (request) => sliceOf(writers(request.mailbox), request),
    stateHash: (mailbox) => stateHashOf(writers(mailbox)),
    size: (mailbox) => sizeOf(mailbox ? writers(mailbox) : everyWriter()),
  };
};

const placeName = (document: number, client: number): string =>
  `${String(document)}/${String(client)}`;

/** A document that rested may have lost on its disk what is held here. */
const refill = (doc: Y.Doc, writer: WriterLog): void => {
  const { client, writerPub, nextSeq } = writer;
  const fromSeq = Y.getState(doc.store, client);
  if (fromSeq < nextSeq) {
    const envelopes = writer.entries(fromSeq, nextSeq);
    Y.applyUpdate(doc, encodeRuns([{ writerPub, fromSeq, envelopes }]));
  }
  writer.wake(doc);
};

const sizeOf = (writers: ReadonlyArray<WriterLog>): LogSize => ({
  entries: writers.reduce((sum, { nextSeq }) => sum + nextSeq, 0),
  bytes: writers.reduce((sum, { byteCount }) => sum + byteCount, 0),
});

/** The canonical updates of an epoch: one, and further ones for writers of equal client ids. */
const stateHashOf = (writers: ReadonlyArray<WriterLog>): Uint8Array => {
  const updates: Array<Map<number, RunContent>> = [];
  for (const { client, writerPub, nextSeq, entries } of writers) {
    let update = updates.find((runs) => !runs.has(client));
    if (!update) {
      update = new Map<number, RunContent>();
      updates.push(update);
    }
    update.set(client, { writerPub, fromSeq: 0, envelopes: entries(0, nextSeq) });
  }
  const encoded = updates.map((runs) => encodeRuns([...runs.values()]));
  return hash(
    'sotto1/epoch-state',
    concatBytes(...encoded.flatMap((update) => [u32be(update.length), update])),
  );
};
