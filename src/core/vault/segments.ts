/**
 * Where entries lie on disk: the journal (strict, small) in front of segments (Yjs documents, lazy).
 * `store` resolves when the journal holds the entries, and only then are they applied; an entry
 * leaves the journal once it was read back from its segment (ARCHITECTURE §3.5). A segment whose
 * documents turn out damaged is rebuilt from what is sound, under a new generation of names; what
 * it lost comes back from the journal and from peers.
 */
import { bytesToUtf8, concatBytes, toHex, utf8ToBytes } from '../../base/bytes.ts';
import { assert } from '../../base/assert.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { naturalOf, recordOf, textUpTo } from '../../protocol/cbor.ts';
import { decodeEnvelope, type Envelope } from '../../protocol/envelope.ts';
import { limits } from '../../protocol/limits.ts';
import { checkRun } from '../../replication/gate.ts';
import { createEntryLog, type EntryLog } from '../../replication/log.ts';
import { openEntryLog } from '../../replication/open-log.ts';
import { runAtStart } from '../../replication/runs.ts';
import type { SignedRun } from '../../replication/signatures.ts';
import type { Segment, StorageFailure, Write } from '../../storage/port.ts';
import type { CoreDeps } from '../deps.ts';
import type { Vault } from './vault.ts';

const journalPrefix = 'j/';
const nameChars = 32;

export type StoreFailure = StorageFailure | 'damaged-log';

/** The segments of one conversation. */
export const segmentGroupOf = (convId: Uint8Array): string => toHex(convId).slice(0, 32);

interface SegmentRecord {
  readonly name: string;
  /** Segments of one group follow each other; the newest takes new epochs. */
  readonly group: string;
  readonly order: number;
  readonly generation: number;
  readonly documents: number;
}

interface OpenSegment {
  record: SegmentRecord;
  readonly stores: Segment[];
  readonly log: EntryLog;
}

interface JournalEntry {
  readonly key: string;
  readonly segment: string;
  readonly envelope: Envelope;
}

export interface Placed {
  readonly segment: string;
  readonly runs: ReadonlyArray<SignedRun>;
}

export class Segments {
  readonly #deps: CoreDeps;
  readonly #vault: Vault;
  readonly #records = new Map<string, SegmentRecord>();
  readonly #open = new Map<string, Promise<Result<OpenSegment, StoreFailure>>>();
  /** What the journal holds, by segment, oldest first. */
  readonly #journal = new Map<string, JournalEntry[]>();
  /** Entries of commits that failed in a way that may have left them on disk (see `store`). */
  readonly #doubtful = new Set<string>();
  #journalCount = 0;

  constructor(deps: CoreDeps, vault: Vault) {
    this.#deps = deps;
    this.#vault = vault;
  }

  /** Reads what there is; opens no segment. */
  async load(): Promise<Result<undefined, StorageFailure>> {
    const records = await this.#vault.list(['g']);
    if (!records.ok) return records;
    for (const value of records.value.values) {
      const record = readRecord(value);
      if (record !== undefined) this.#records.set(record.name, record);
    }
    const journal = await this.#deps.storage.list(journalPrefix);
    if (!journal.ok) return journal;
    for (const [key, value] of journal.value) {
      this.#journalCount = Math.max(this.#journalCount, Number(key.slice(2)) + 1);
      const entry = value instanceof Uint8Array ? readJournal(key, value) : undefined;
      if (entry !== undefined) this.#remember(entry);
    }
    return ok(undefined);
  }

  /** The name of a segment of this group that has room for another epoch. */
  async assign(group: string): Promise<Result<string, StoreFailure>> {
    const newest = [...this.#records.values()]
      .filter((record) => record.group === group)
      .sort((a, b) => b.order - a.order)[0];
    if (newest !== undefined) {
      const log = await this.log(newest.name);
      if (!log.ok) return log;
      const { entries, bytes } = log.value.size();
      if (entries < limits.segmentEntriesMax && bytes < limits.segmentBytesMax) {
        return ok(newest.name);
      }
    }
    const record: SegmentRecord = {
      name: toHex(this.#deps.random.bytes(nameChars / 2)),
      group,
      order: (newest?.order ?? -1) + 1,
      generation: 0,
      documents: 1,
    };
    const stored = await this.#put(record);
    return stored.ok ? ok(record.name) : stored;
  }

  /** The log of a segment, opened when first asked for. */
  async log(name: string): Promise<Result<EntryLog, StoreFailure>> {
    const segment = await this.#segment(name);
    return segment.ok ? ok(segment.value.log) : segment;
  }

  /**
   * Puts checked runs and whatever records belong to them on disk, in one strict transaction, then
   * applies them. Afterwards a reader after a crash sees all of it; on failure, nothing happened, or
   * after 'failed' (the store was lost meanwhile) perhaps all of it. What may lie there is taken out
   * by the next commit, in its transaction: two own entries in one place would be a fork.
   */
  async store(
    { segment: name, runs }: Placed,
    writes: ReadonlyArray<Write> = [],
  ): Promise<Result<undefined, StoreFailure>> {
    const segment = await this.#segment(name);
    if (!segment.ok) return segment;
    const entries = runs
      .flatMap((run) => run.envelopes)
      .map((envelope) => ({ key: this.#nextKey(), segment: name, envelope }));
    const doubtful = [...this.#doubtful];
    const stored = await this.#vault.commit([
      ...doubtful.map((key) => ({ key, value: undefined })),
      ...entries.map(journalWrite),
      ...writes,
    ]);
    if (!stored.ok) {
      if (stored.error === 'failed') for (const { key } of entries) this.#doubtful.add(key);
      return stored;
    }
    for (const key of doubtful) this.#doubtful.delete(key);
    for (const entry of entries) this.#remember(entry);
    const applied = await segment.value.log.apply(runs);
    // The journal holds the entries: the next start applies them, where a document can be opened.
    return applied.ok ? ok(undefined) : err('failed');
  }

  /**
   * Takes from the journal what was read back from its segment. Returns how many entries wait in
   * the journal still; what fails stays there.
   */
  async prune(): Promise<number> {
    for (const [name, entries] of this.#journal) {
      if (entries.length === 0) continue;
      const segment = await this.#segment(name);
      if (!segment.ok) continue;
      const clocks = await storedClocksOf(segment.value.stores);
      if (clocks === undefined) continue;
      const isStored = ({ envelope }: JournalEntry): boolean => {
        const { client, document = 0 } = segment.value.log.held(envelope);
        return (clocks[document]?.get(client) ?? 0) > envelope.seq;
      };
      const done = entries.filter(isStored);
      if (done.length === 0) continue;
      const removed = await this.#vault.commit(done.map(({ key }) => ({ key, value: undefined })));
      if (removed.ok) {
        this.#journal.set(
          name,
          (this.#journal.get(name) ?? []).filter((entry) => !done.includes(entry)),
        );
      }
    }
    return [...this.#journal.values()].reduce((sum, entries) => sum + entries.length, 0);
  }

  /** Erases all segments of a group, with what the journal holds of them. */
  async forget(group: string): Promise<Result<undefined, StorageFailure>> {
    const records = [...this.#records.values()].filter((record) => record.group === group);
    for (const record of records) {
      await this.#open.get(record.name);
      for (let index = 0; index < record.documents; index++) {
        const deleted = await this.#deps.storage.deleteSegment(documentName(record, index));
        if (!deleted.ok) return deleted;
      }
      this.#open.delete(record.name);
      const entries = this.#journal.get(record.name) ?? [];
      const removals = await this.#vault.removals(['g', utf8ToBytes(record.name)]);
      if (!removals.ok) return removals;
      const writes = [...entries.map(({ key }) => ({ key, value: undefined })), ...removals.value];
      const removed = await this.#vault.commit(writes);
      if (!removed.ok) return removed;
      this.#journal.delete(record.name);
      this.#records.delete(record.name);
    }
    return ok(undefined);
  }

  async close(): Promise<void> {
    for (const opening of this.#open.values()) {
      const segment = await opening;
      if (segment.ok) for (const store of segment.value.stores) await store.close();
    }
    this.#open.clear();
  }

  #segment(name: string): Promise<Result<OpenSegment, StoreFailure>> {
    const opening = this.#open.get(name) ?? this.#openSegment(name);
    this.#open.set(name, opening);
    void opening.then((opened) => {
      if (!opened.ok) this.#open.delete(name); // the next call tries again
    });
    return opening;
  }

  async #openSegment(name: string): Promise<Result<OpenSegment, StoreFailure>> {
    const record = this.#records.get(name);
    if (record === undefined) return err('damaged-log');
    const opened = await this.#openDocuments(record);
    if (!opened.ok) return opened;
    const segment = opened.value;
    for (const envelopes of byWriter(this.#journal.get(name) ?? [])) {
      await this.#replay(segment.log, envelopes);
    }
    return ok(segment);
  }

  /** What the journal holds of one log, as far as the segment lacks it. */
  async #replay(log: EntryLog, envelopes: ReadonlyArray<Envelope>): Promise<void> {
    const run = runAtStart(envelopes);
    if (run === undefined) return;
    const checked = await checkRun(this.#deps.backend, log.held(run), run);
    if (checked.ok && checked.value.fresh) await log.apply([checked.value.fresh]);
  }

  async #openDocuments(record: SegmentRecord): Promise<Result<OpenSegment, StoreFailure>> {
    const stores: Segment[] = [];
    for (let index = 0; index < record.documents; index++) {
      const store = await this.#deps.storage.openSegment(documentName(record, index));
      if (!store.ok) return store;
      stores.push(store.value);
    }
    const openDocument = this.#documentOpener(record.name, stores);
    const documents = stores.map((store) => store.doc);
    const log = await openEntryLog(this.#deps.backend, { documents, openDocument });
    if (log.ok) return ok({ record, stores, log: log.value });
    return this.#rebuild(record, { damaged: stores, sound: log.error.sound });
  }

  /** Fresh documents for what is sound; the damaged ones go only once the new record is stored. */
  async #rebuild(
    record: SegmentRecord,
    { damaged, sound }: { damaged: ReadonlyArray<Segment>; sound: ReadonlyArray<SignedRun> },
  ): Promise<Result<OpenSegment, StoreFailure>> {
    const fresh = { ...record, generation: record.generation + 1, documents: 1 };
    const first = await this.#deps.storage.openSegment(documentName(fresh, 0));
    if (!first.ok) return first;
    const stores = [first.value];
    const openDocument = this.#documentOpener(record.name, stores);
    const log = createEntryLog([first.value.doc], { openDocument, found: [] });
    this.#records.set(fresh.name, fresh);
    const applied = await log.apply(sound);
    if (!applied.ok) return err('failed');
    const stored = await this.#put(this.#records.get(fresh.name) ?? fresh);
    if (!stored.ok) return stored;
    for (const [index, store] of damaged.entries()) {
      await store.close();
      await this.#deps.storage.deleteSegment(documentName(record, index));
    }
    return ok({ record: fresh, stores, log });
  }

  #documentOpener(name: string, stores: Segment[]) {
    return async (index: number) => {
      const record = this.#records.get(name);
      assert(record !== undefined, 'an open segment has a record');
      const store = await this.#deps.storage.openSegment(documentName(record, index));
      if (!store.ok) return undefined;
      const stored = await this.#put({ ...record, documents: index + 1 });
      if (!stored.ok) return undefined;
      stores.push(store.value);
      return store.value.doc;
    };
  }

  async #put(record: SegmentRecord): Promise<Result<undefined, StorageFailure>> {
    const name = ['g', utf8ToBytes(record.name)] as const;
    const stored = await this.#vault.commit(this.#vault.sealTwice(name, { ...record }));
    if (stored.ok) this.#records.set(record.name, record);
    return stored;
  }

  #nextKey(): string {
    const key = `${journalPrefix}${String(this.#journalCount).padStart(15, '0')}`;
    this.#journalCount += 1;
    return key;
  }

  #remember(entry: JournalEntry): void {
    const entries = this.#journal.get(entry.segment) ?? [];
    entries.push(entry);
    this.#journal.set(entry.segment, entries);
  }
}

/** Entries of one log lie in the journal in their order: they were written in it. */
const byWriter = (entries: ReadonlyArray<JournalEntry>): ReadonlyArray<ReadonlyArray<Envelope>> => {
  const groups = new Map<string, Envelope[]>();
  for (const { envelope } of entries) {
    const key = toHex(envelope.mailbox) + toHex(envelope.writerPub);
    groups.set(key, [...(groups.get(key) ?? []), envelope]);
  }
  return [...groups.values()];
};

const readRecord = recordOf({
  name: textUpTo(64),
  group: textUpTo(128),
  order: naturalOf,
  generation: naturalOf,
  documents: naturalOf,
});

const documentName = ({ name, generation }: SegmentRecord, index: number): string =>
  `${name}-${String(generation)}-${String(index)}`;

/** An envelope is ciphertext; the segment's name is random. */
const journalWrite = ({ key, segment, envelope }: JournalEntry): Write => ({
  key,
  value: concatBytes(utf8ToBytes(segment), envelope.bytes),
});

const readJournal = (key: string, value: Uint8Array): JournalEntry | undefined => {
  const segment = bytesToUtf8(value.subarray(0, nameChars));
  const envelope = decodeEnvelope(value.subarray(nameChars));
  return segment.ok && envelope.ok
    ? { key, segment: segment.value, envelope: envelope.value }
    : undefined;
};

const storedClocksOf = async (
  stores: ReadonlyArray<Segment>,
): Promise<ReadonlyArray<ReadonlyMap<number, number>> | undefined> => {
  const all: ReadonlyMap<number, number>[] = [];
  for (const store of stores) {
    const clocks = await store.storedClocks();
    if (!clocks.ok) return undefined;
    all.push(clocks.value);
  }
  return all;
};
