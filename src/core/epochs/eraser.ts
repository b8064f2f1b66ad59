/**
 * Deleting really erases (PROTOCOL §9). The first entry that is erased in an epoch punctures it: one
 * strict transaction puts in the place of its secret what is left without that entry's key. What the
 * secret could come back by, boxes sealed to our prekeys, is shut once those prekeys are gone.
 */
import { fromHex, toHex } from '../../base/bytes.ts';
import { ok, type Result } from '../../base/result.ts';
import { noPrekeyId, prekeyId } from '../../protocol/epochs/prekey.ts';
import type { StorageFailure, Write } from '../../storage/port.ts';
import type { OwnedChain } from './chain.ts';
import type { EntryPlace, Epoch } from './epoch.ts';
import type { EpochLogs, LogDeps } from './epoch-logs.ts';
import type { EpochNotes, EpochRecords } from './epoch-records.ts';
import type { PuncturedKeys } from './keyring.ts';
import { heldPrekeyIds, type OwnPrekeys } from './prekeys.ts';

export interface EraserInput {
  readonly logs: EpochLogs;
  readonly records: EpochRecords;
  readonly prekeys: OwnPrekeys;
  /** Device → identity, both in hex: who may write. */
  readonly recipients: (epoch: Epoch) => ReadonlyMap<string, string>;
  readonly notesOf: (epoch: Epoch) => EpochNotes;
  readonly setNotes: (epoch: Epoch, notes: EpochNotes) => void;
}

interface Puncture {
  readonly epoch: Epoch;
  readonly left: PuncturedKeys;
  readonly notes: EpochNotes;
  readonly changed: ReadonlyArray<OwnedChain>;
}

export class Eraser {
  readonly #deps: LogDeps;
  readonly #input: EraserInput;
  /** Of prekeys that are still on this device, in any scope. */
  #heldIds: ReadonlySet<string> = new Set();

  constructor(deps: LogDeps, input: EraserInput) {
    this.#deps = deps;
    this.#input = input;
  }

  /** Looks which prekeys are left in all scopes, where something here waits for one to go. */
  async look(): Promise<Result<undefined, StorageFailure>> {
    const { logs, notesOf } = this.#input;
    if (!logs.all().some((epoch) => notesOf(epoch).waitsFor.length > 0)) return ok(undefined);
    const held = await heldPrekeyIds(this.#deps.vault);
    if (!held.ok) return held;
    this.#heldIds = new Set([...held.value, toHex(noPrekeyId)]);
    return ok(undefined);
  }

  /**
   * [ER3] Inside the scope's queue: erases the keys of these entries, with whatever must be written
   * in the same transaction. Afterwards all of them are gone, or nothing happened. What is not held,
   * is erased already, or carries operations or seals, is left out.
   */
  async erase(
    places: ReadonlyArray<EntryPlace>,
    writes: ReadonlyArray<Write> = [],
  ): Promise<Result<undefined, StorageFailure>> {
    const punctures = [...new Set(places.map(({ epochHex }) => epochHex))].flatMap((epochHex) => {
      const epoch = this.#input.logs.byId(epochHex);
      const own = places.filter((place) => place.epochHex === epochHex);
      return epoch === undefined ? [] : (this.#plan(epoch, own) ?? []);
    });
    const spending = this.#input.prekeys.spending();
    const isWaiting = punctures.some(({ notes }) => notes.waitsFor.length > 0);
    const due = [
      ...punctures.flatMap((puncture) => this.#writesOf(puncture)),
      ...(isWaiting ? spending.writes : []),
      ...writes,
    ];
    if (due.length === 0) return ok(undefined);
    const stored = await this.#deps.vault.commit(due);
    if (!stored.ok) return stored;
    if (isWaiting) spending.stored();
    for (const { epoch, left, notes } of punctures) {
      epoch.puncture(left);
      this.#input.setNotes(epoch, notes);
    }
    return isWaiting ? this.look() : stored;
  }

  /** [ER5] The keys of what was erased there are gone, and a prekey is left that may open its box. */
  isUnderWay(epoch: Epoch): boolean {
    return this.#input.notesOf(epoch).waitsFor.some((id) => this.#heldIds.has(toHex(id)));
  }

  #plan(epoch: Epoch, places: ReadonlyArray<EntryPlace>): Puncture | undefined {
    const logs = [...new Set(places.map(({ writerHex }) => writerHex))];
    const changed = logs.flatMap((writerHex) => {
      const writerPub = fromHex(writerHex);
      if (!writerPub.ok) return [];
      const seqs = places.filter((place) => place.writerHex === writerHex).map(({ seq }) => seq);
      const envelopes = [...new Set(seqs)].flatMap(
        (seq) => this.#input.logs.entryAt(epoch, writerPub.value, seq) ?? [],
      );
      return epoch.withoutEntries(writerPub.value, envelopes) ?? [];
    });
    if (changed.length === 0) return undefined;
    const notes = this.#input.notesOf(epoch);
    const writers = [...this.#input.recipients(epoch).keys()];
    const isFirst = epoch.secret !== undefined;
    return {
      epoch,
      left: epoch.without(writers.flatMap(bytesOfHex), changed),
      notes: isFirst ? { ...notes, waitsFor: this.#mayOpen(notes) } : notes,
      changed,
    };
  }

  /** [ER5] Any prekey of now may open a box of it; a box for the inbox stays open for good. */
  #mayOpen({ from }: EpochNotes): ReadonlyArray<Uint8Array> {
    if (from === 'here') return [];
    const ids = this.#input.prekeys.all().map(({ bundle }) => prekeyId(bundle));
    return from === 'lasting' ? [...ids, noPrekeyId] : ids;
  }

  #writesOf({ epoch, left, notes, changed }: Puncture): ReadonlyArray<Write> {
    const { id: epochId, base, segment, order } = epoch;
    return this.#input.records.punctured({ epochId, base, segment, order, left }, notes, changed);
  }
}

const bytesOfHex = (text: string): ReadonlyArray<Uint8Array> => {
  const bytes = fromHex(text);
  return bytes.ok ? [bytes.value] : [];
};
