/**
 * Where entries lie on disk: the journal (strict, small) in front of segments (Yjs documents, lazy).
 * `store` resolves when the journal holds the entries, and only then are they applied; an entry
 * leaves the journal once it was read back from its segment (ARCHITECTURE §3.5). A segment whose
 * documents turn out damaged is rebuilt from what is sound, under a new generation of names; what
 * it lost comes back from the journal and from peers.
 *
 * Documents are for writing, and in memory they weigh as much again as what they hold. So a segment
 * keeps them while it is the newest of its group, which takes what is new, or something of it lies in
 * the journal; else it rests (RP13).
 */
import { toHex, utf8ToBytes } from '../../base/bytes.ts';
import { assert } from '../../base/assert.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { naturalOf, recordOf, textUpTo } from '../../protocol/cbor.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import { limits } from '../../protocol/limits.ts';
import { checkRun } from '../../replication/gate.ts';
import { createEntryLog, type EntryLog } from '../../replication/log.ts';
import { openEntryLog } from '../../replication/open-log.ts';
import { runAtStart } from '../../replication/runs.ts';
import type { SignedRun } from '../../replication/signatures.ts';
import type { Segment, StorageFailure, Write } from '../../storage/port.ts';
import type { CoreDeps } from '../deps.ts';
import {
  byWriter,
  countIn,
  journalKey,
  journalPrefix,
  journalWrite,
  readJournal,
  segmentNameChars,
  type JournalEntry,
} from './journal.ts';
import type { Vault } from './vault.ts';

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
  /** By the position of their documents; of one that rests none. */
  readonly stores: Map<number, Segment>;
  readonly log: EntryLog;
  /** How many are being stored there. */
  storingCount: number;
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
  /** Documents that are let go of: they are opened again only after that. */
  readonly #closing = new Map<string, Promise<void>>();
  #journalCount = 0;

  constructor(deps: CoreDeps, vault: Vault) {
    this.#deps = deps;
    this.#vault = vault;
  }

  /** Reads what there is; opens no segment. */
  async load(): Promise<Result<undefined, StorageFailure>> {
    const [records, journal] = await Promise.all([
      this.#vault.list(['g']),
      this.#deps.storage.list(journalPrefix),
    ]);
    if (!records.ok) return records;
    if (!journal.ok) return journal;
    for (const value of records.value.values) {
      const record = readRecord(value);
      if (record !== undefined) this.#records.set(record.name, record);
    }
    for (const [key, value] of journal.value) {
      this.#journalCount = Math.max(this.#journalCount, countIn(key) + 1);
      const entry = value instanceof Uint8Array ? readJournal(key, value) : undefined;
      if (entry !== undefined) this.#remember(entry);
    }
    return ok(undefined);
  }

  /** The name of a segment of this group that has room for another epoch; stored with what names it. */
  async assign(
    group: string,
    naming: (name: string) => ReadonlyArray<Write> = () => [],
  ): Promise<Result<string, StoreFailure>> {
    const newest = this.#newestOf(group);
    if (newest !== undefined) {
      const log = await this.log(newest.name);
      if (!log.ok) return log;
      const { entries, bytes } = log.value.size();
      if (entries < limits.segmentEntriesMax && bytes < limits.segmentBytesMax) {
        const writes = naming(newest.name);
        const named = writes.length === 0 ? ok(undefined) : await this.#vault.commit(writes);
        return named.ok ? ok(newest.name) : named;
      }
    }
    const record: SegmentRecord = {
      name: toHex(this.#deps.random.bytes(segmentNameChars / 2)),
      group,
      order: (newest?.order ?? -1) + 1,
      generation: 0,
      documents: 1,
    };
    const stored = await this.#put(record, naming(record.name));
    return stored.ok ? ok(record.name) : stored;
  }

  /** Somebody is about to ask for the newest of a group: it comes from disk meanwhile. */
  expect(group: string): void {
    const newest = this.#newestOf(group);
    if (newest !== undefined) void this.#segment(newest.name);
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
    placed: Placed,
    writes: ReadonlyArray<Write> = [],
  ): Promise<Result<undefined, StoreFailure>> {
    const opened = await this.#segment(placed.segment);
    if (!opened.ok) return opened;
    const segment = opened.value;
    segment.storingCount += 1;
    const awake = await segment.log.wake();
    const stored = awake.ok ? await this.#store(segment, placed, writes) : err('failed' as const);
    segment.storingCount -= 1;
    return stored;
  }

  async #store(
    { log }: OpenSegment,
    { segment: name, runs }: Placed,
    writes: ReadonlyArray<Write>,
  ): Promise<Result<undefined, StoreFailure>> {
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
    const applied = await log.apply(runs);
    // The journal holds the entries: the next start applies them, where a document can be opened.
    return applied.ok ? ok(undefined) : err('failed');
  }

  /**
   * Takes from the journal what was read back from its segment. Returns how many entries wait in
   * the journal still; what fails stays there.
   */
  async prune(): Promise<number> {
    const waiting = [...this.#journal].filter(([, entries]) => entries.length > 0);
    for (const name of new Set([...waiting.map(([one]) => one), ...this.#open.keys()])) {
      const segment = await this.#segment(name);
      if (!segment.ok) continue;
      await this.#prune(segment.value);
      await this.#rest(segment.value);
    }
    return [...this.#journal.values()].reduce((sum, entries) => sum + entries.length, 0);
  }

  async #prune({ record: { name }, stores, log }: OpenSegment): Promise<void> {
    const entries = this.#journal.get(name) ?? [];
    const clocks = entries.length === 0 ? undefined : await storedClocksOf(stores);
    if (clocks === undefined) return;
    const isStored = ({ envelope }: JournalEntry): boolean => {
      const { client, document = 0 } = log.held(envelope);
      return (clocks.get(document)?.get(client) ?? 0) > envelope.seq;
    };
    const done = new Set(entries.filter(isStored));
    if (done.size === 0) return;
    const removed = await this.#vault.commit(
      [...done].map(({ key }) => ({ key, value: undefined })),
    );
    if (!removed.ok) return;
    const left = this.#journal.get(name) ?? [];
    this.#journal.set(
      name,
      left.filter((entry) => !done.has(entry)),
    );
  }

  /** [RP13] Where nothing is written, and nothing waits to be read back from there. */
  async #rest({ record: { name, group }, stores, log, storingCount }: OpenSegment): Promise<void> {
    const isWaitedFor = storingCount > 0 || (this.#journal.get(name) ?? []).length > 0;
    if (isWaitedFor || stores.size === 0 || this.#newestOf(group)?.name === name) return;
    log.rest();
    const closing = Promise.all([...stores.values()].map((store) => store.close()));
    stores.clear();
    this.#closing.set(
      name,
      closing.then(() => undefined),
    );
    await closing;
  }

  /** Erases all segments of a group, with what the journal holds of them. */
  async forget(group: string): Promise<Result<undefined, StorageFailure>> {
    const records = [...this.#records.values()].filter((record) => record.group === group);
    for (const record of records) {
      await this.#open.get(record.name);
      await this.#closing.get(record.name);
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
      if (segment.ok) for (const store of segment.value.stores.values()) await store.close();
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
    await this.#rest(segment);
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
    const stores = new Map<number, Segment>();
    for (let index = 0; index < record.documents; index++) {
      const store = await this.#deps.storage.openSegment(documentName(record, index));
      if (!store.ok) return store;
      stores.set(index, store.value);
    }
    const openDocument = this.#documentOpener(record.name, stores);
    const documents = [...stores.values()].map((store) => store.doc);
    const log = await openEntryLog(this.#deps.backend, { documents, openDocument });
    if (log.ok) return ok({ record, stores, log: log.value, storingCount: 0 });
    return this.#rebuild(record, { damaged: [...stores.values()], sound: log.error.sound });
  }

  /** Fresh documents for what is sound; the damaged ones go only once the new record is stored. */
  async #rebuild(
    record: SegmentRecord,
    { damaged, sound }: { damaged: ReadonlyArray<Segment>; sound: ReadonlyArray<SignedRun> },
  ): Promise<Result<OpenSegment, StoreFailure>> {
    const fresh = { ...record, generation: record.generation + 1, documents: 1 };
    const first = await this.#deps.storage.openSegment(documentName(fresh, 0));
    if (!first.ok) return first;
    const stores = new Map([[0, first.value]]);
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
    return ok({ record: fresh, stores, log, storingCount: 0 });
  }

  #documentOpener(name: string, stores: Map<number, Segment>) {
    return async (index: number) => {
      await this.#closing.get(name);
      const record = this.#records.get(name);
      assert(record !== undefined, 'an open segment has a record');
      const store = await this.#deps.storage.openSegment(documentName(record, index));
      if (!store.ok) return undefined;
      const isKnown = index < record.documents;
      if (!isKnown && !(await this.#put({ ...record, documents: index + 1 })).ok) return undefined;
      stores.set(index, store.value);
      return store.value.doc;
    };
  }

  #newestOf(group: string): SegmentRecord | undefined {
    return [...this.#records.values()]
      .filter((record) => record.group === group)
      .sort((a, b) => b.order - a.order)[0];
  }

  async #put(
    record: SegmentRecord,
    beside: ReadonlyArray<Write> = [],
  ): Promise<Result<undefined, StorageFailure>> {
    const name = ['g', utf8ToBytes(record.name)] as const;
    const writes = [...this.#vault.sealTwice(name, { ...record }), ...beside];
    const stored = await this.#vault.commit(writes);
    if (stored.ok) this.#records.set(record.name, record);
    return stored;
  }

  #nextKey(): string {
    this.#journalCount += 1;
    return journalKey(this.#journalCount - 1);
  }

  #remember(entry: JournalEntry): void {
    const entries = this.#journal.get(entry.segment) ?? [];
    entries.push(entry);
    this.#journal.set(entry.segment, entries);
  }
}

const readRecord = recordOf({
  name: textUpTo(64),
  group: textUpTo(128),
  order: naturalOf,
  generation: naturalOf,
  documents: naturalOf,
});

const documentName = ({ name, generation }: SegmentRecord, index: number): string =>
  `${name}-${String(generation)}-${String(index)}`;

const storedClocksOf = async (
  stores: ReadonlyMap<number, Segment>,
): Promise<ReadonlyMap<number, ReadonlyMap<number, number>> | undefined> => {
  const all = new Map<number, ReadonlyMap<number, number>>();
  for (const [index, store] of stores) {
    const clocks = await store.storedClocks();
    if (!clocks.ok) return undefined;
    all.set(index, clocks.value);
  }
  return all;
};
