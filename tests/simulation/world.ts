/**
 * Virtual time: one queue of events ordered by time, then by who came first. Between two events all
 * promises settle; nothing here waits for a real timer, so the same seed is the same history.
 */
import { createHash } from 'node:crypto';
import type { CryptoBackend } from '../../src/crypto/backend.ts';
import type { Cancel, Clock, Random } from '../../src/platform/port.ts';
import { createSharedBackend, useFastHash } from './fast-crypto.ts';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly task: () => void;
  isCancelled: boolean;
}

const eventsPerTurn = 500;

export class World {
  readonly seed: number;
  readonly random: SeededRandom;
  /** Of all devices; a test may set another before any starts. */
  backend: CryptoBackend = createSharedBackend();
  readonly #queue: Event[] = [];
  readonly #trace = createHash('sha256');
  #nowMs = 0;
  #order = 0;
  eventCount = 0;

  constructor(seed: number) {
    this.seed = seed;
    this.random = createSeededRandom(seed);
    useFastHash();
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Timers, frames and all else that is still to happen. */
  get waitingCount(): number {
    return this.#queue.filter(({ isCancelled }) => !isCancelled).length;
  }

  /** Of everything noted so far. */
  get traceHash(): string {
    return this.#trace.copy().digest('hex');
  }

  /** Something that a replay must do again at the same time. */
  note(what: string): void {
    this.#trace.update(`${String(this.#nowMs)} ${what}\n`);
  }

  chance(percent: number): boolean {
    return this.random.below(100) < percent;
  }

  schedule(delayMs: number, task: () => void): Cancel {
    const atMs = this.#nowMs + Math.max(0, delayMs);
    const event: Event = { atMs, order: this.#order, task, isCancelled: false };
    this.#order += 1;
    // A binary heap would be faster; queues here hold a few hundred events.
    let at = this.#queue.length;
    while (at > 0 && (this.#queue[at - 1]?.atMs ?? 0) <= atMs) at -= 1;
    this.#queue.splice(at, 0, event); // latest first: the next one is popped off the end
    return () => {
      event.isCancelled = true;
    };
  }

  /** Runs everything due until `forMs` from now, or until the condition holds. */
  async run(forMs: number, until: () => boolean = () => false): Promise<boolean> {
    const endMs = this.#nowMs + forMs;
    await settled();
    while (!until()) {
      const next = this.#queue.at(-1);
      if (next === undefined || next.atMs > endMs) {
        this.#nowMs = endMs;
        return until();
      }
      this.#queue.pop();
      if (next.isCancelled) continue;
      this.#nowMs = next.atMs;
      this.eventCount += 1;
      next.task();
      await (this.eventCount % eventsPerTurn === 0 ? realTurn() : settled());
    }
    return true;
  }

  /** A device's clock: off by so much, and changeable while it runs. */
  clock(skewMs: () => number): Clock {
    const startMs = Date.UTC(2026, 10, 24);
    return {
      now: () => startMs + this.#nowMs + skewMs(),
      monotonic: () => this.#nowMs + 0.25, // like performance.now: no whole number
      schedule: (delayMs, task) => this.schedule(delayMs, task),
    };
  }

  /** A device's randomness, of its own stream. */
  randomBytes(): Random {
    const stream = createSeededRandom(this.random.below(2 ** 32));
    return {
      bytes: (length) => {
        const bytes = new Uint8Array(length);
        for (let i = 0; i < length; i++) bytes[i] = stream.below(256);
        return bytes;
      },
    };
  }
}

/**
 * Every promise that can settle has: Node takes up a tick only when no microtask is left. Nothing in
 * the simulation waits for anything else, and a real turn of the loop costs more than most events.
 */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    process.nextTick(resolve);
  });

/** Lets Node do what else it has to: timers of the test runner, say. */
const realTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
