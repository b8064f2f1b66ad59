/**
 * When messages go (PROTOCOL §9): for each whose time has begun, how long it may stay. Wall
 * clocks jump, by years at times, and the other clock ends with each run; so this counts the time
 * that went by. What the wall clock says of a longer absence is believed up to a year: more than
 * that is a clock that was set, and the timer goes on as if no time had passed.
 */
import { concatBytes, fromHex, toHex, u32be } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { bytesOf, intIn, naturalOf, recordOf } from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import type { Clock } from '../../platform/port.ts';
import type { StorageFailure, Write } from '../../storage/port.ts';
import type { EntryPlace } from '../epochs/epoch.ts';
import type { RecordName, Vault } from '../vault/vault.ts';

interface Timer {
  readonly place: EntryPlace;
  /** On the clock that is counted here. */
  readonly dueMs: number;
  /** The same by the wall clock, as it was when it began or was loaded: for people to read. */
  readonly expiresAtMs: number;
}

const readTimer = recordOf({
  epochId: bytesOf(32),
  writerPub: bytesOf(32),
  seq: intIn(0, limits.seqMax - 1),
  dueMs: naturalOf,
});

const readCounted = recordOf({
  countedMs: naturalOf,
  wallMs: intIn(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
});

const keyOf = ({ epochHex, writerHex, seq }: EntryPlace): string =>
  `${epochHex}/${writerHex}/${String(seq)}`;

const bytesOfHex = (text: string): Uint8Array => {
  const bytes = fromHex(text);
  return bytes.ok ? bytes.value : new Uint8Array(32);
};

export class Expiry {
  readonly #vault: Vault;
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #scopeId: Uint8Array;
  readonly #timers = new Map<string, Timer>();
  #countedMs = 0;
  /** When both clocks were last looked at. */
  #wallMs: number;
  #monotonicMs: number;

  constructor(
    { vault, clock }: { vault: Vault; clock: Pick<Clock, 'now' | 'monotonic'> },
    scopeId: Uint8Array,
  ) {
    this.#vault = vault;
    this.#clock = clock;
    this.#scopeId = scopeId;
    this.#wallMs = clock.now();
    this.#monotonicMs = clock.monotonic();
  }

  /** What is stored, and the time since. */
  async load(): Promise<Result<undefined, StorageFailure>> {
    const timers = await this.#vault.list(['x', this.#scopeId]);
    if (!timers.ok) return timers;
    for (const value of timers.value.values) {
      const timer = readTimer(value);
      if (timer === undefined) continue;
      const { epochId, writerPub, seq, dueMs } = timer;
      const place = { epochHex: toHex(epochId), writerHex: toHex(writerPub), seq };
      this.#timers.set(keyOf(place), { place, dueMs, expiresAtMs: 0 });
    }
    const stored = await this.#vault.read(['y', this.#scopeId]);
    if (!stored.ok && stored.error !== 'damaged-record') return err(stored.error);
    const counted = readCounted(stored.ok ? (stored.value ?? null) : null);
    if (counted === undefined) return ok(undefined);
    this.#countedMs = counted.countedMs;
    this.#wallMs = counted.wallMs;
    this.#count();
    for (const [key, timer] of this.#timers) {
      this.#timers.set(key, { ...timer, expiresAtMs: this.#expiresAtMs(timer.dueMs) });
    }
    return ok(undefined);
  }

  get isEmpty(): boolean {
    return this.#timers.size === 0;
  }

  /** [EX1] Timers begin, of those that have none yet. */
  async start(
    places: ReadonlyArray<EntryPlace>,
    timerMs: number,
  ): Promise<Result<undefined, StorageFailure>> {
    this.#count();
    const dueMs = Math.floor(this.#countedMs + Math.min(Math.max(0, timerMs), limits.timerMaxMs));
    const fresh = places
      .filter((place) => !this.#timers.has(keyOf(place)))
      .map((place): Timer => ({ place, dueMs, expiresAtMs: this.#expiresAtMs(dueMs) }));
    if (fresh.length === 0) return ok(undefined);
    const stored = await this.#vault.commit([
      ...fresh.map((timer) => this.#write(timer)),
      this.counted(),
    ]);
    if (stored.ok) for (const timer of fresh) this.#timers.set(keyOf(timer.place), timer);
    return stored;
  }

  /** [EX2] Those whose time is over. */
  due(): ReadonlyArray<EntryPlace> {
    this.#count();
    return [...this.#timers.values()]
      .filter(({ dueMs }) => dueMs <= this.#countedMs)
      .map(({ place }) => place);
  }

  /** By the wall clock; undefined: its time has not begun. */
  expiresAtMs(place: EntryPlace): number | undefined {
    return this.#timers.get(keyOf(place))?.expiresAtMs;
  }

  /** Until the next is due. */
  nextInMs(): number {
    this.#count();
    let next = Infinity; // they are as many as messages: too many for arguments
    for (const { dueMs } of this.#timers.values()) next = Math.min(next, dueMs);
    return Math.max(0, next - this.#countedMs);
  }

  /** What the transaction that erases these must also write. */
  removals(places: ReadonlyArray<EntryPlace>): ReadonlyArray<Write> {
    return places
      .filter((place) => this.#timers.has(keyOf(place)))
      .map((place) => this.#vault.remove(this.#nameOf(place)));
  }

  /** After that transaction. */
  removed(places: ReadonlyArray<EntryPlace>): void {
    for (const place of places) this.#timers.delete(keyOf(place));
  }

  /** The time that was counted so far; stored now and then, so that less of it can be in doubt. */
  counted(): Write {
    this.#count();
    const countedMs = Math.floor(this.#countedMs);
    return this.#vault.seal(['y', this.#scopeId], { countedMs, wallMs: Math.floor(this.#wallMs) });
  }

  /** [EX3] A run counts by the clock that only goes forward; sleep and absence by the wall clock. */
  #count(): void {
    const [wallMs, monotonicMs] = [this.#clock.now(), this.#clock.monotonic()];
    const ranMs = Math.max(0, monotonicMs - this.#monotonicMs);
    const wentByMs = wallMs - this.#wallMs;
    const isBelieved = wentByMs > ranMs && wentByMs <= limits.absenceMaxMs;
    this.#countedMs += isBelieved ? wentByMs : ranMs;
    this.#wallMs = wallMs;
    this.#monotonicMs = monotonicMs;
  }

  #expiresAtMs(dueMs: number): number {
    return Math.round(this.#wallMs + dueMs - this.#countedMs);
  }

  #write({ place, dueMs }: Timer): Write {
    const { epochHex, writerHex, seq } = place;
    return this.#vault.seal(this.#nameOf(place), {
      epochId: bytesOfHex(epochHex),
      writerPub: bytesOfHex(writerHex),
      seq,
      dueMs,
    });
  }

  #nameOf({ epochHex, writerHex, seq }: EntryPlace): RecordName {
    const id = concatBytes(bytesOfHex(epochHex), bytesOfHex(writerHex), u32be(seq));
    return ['x', this.#scopeId, id];
  }
}
