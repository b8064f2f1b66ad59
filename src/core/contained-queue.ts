/**
 * The queue of one scope, with a wall around it: a broken invariant stops this scope and nothing
 * else (ARCHITECTURE §3.11). Its log stays as it is, and what happened gets a short id that says
 * which sentence failed and nothing about what was in it.
 */
import { toHex, utf8ToBytes } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import { createSerialQueue, type SerialQueue } from '../base/serial-queue.ts';
import { hash } from '../crypto/hash.ts';
import { toWireText } from '../protocol/cbor.ts';
import { limits } from '../protocol/limits.ts';

export type NotRun = 'queue-full' | 'stopped';

export class ContainedQueue {
  readonly #queue: SerialQueue = createSerialQueue(limits.queueWaitingMax);
  readonly #onStop: () => void;
  #errorId: string | undefined;
  #isClosed = false;

  constructor(onStop: () => void) {
    this.#onStop = onStop;
  }

  /** Set once an invariant broke here: nothing runs any more until the next start. */
  get errorId(): string | undefined {
    return this.#errorId;
  }

  /** Tasks that run or wait. */
  get waiting(): number {
    return this.#queue.waiting;
  }

  /** After what waits now, nothing runs any more. */
  async close(): Promise<void> {
    await this.#queue.run(() => {
      this.#isClosed = true;
      return Promise.resolve();
    });
    this.#isClosed = true;
  }

  async run<T>(task: () => Promise<T>): Promise<Result<T, NotRun>> {
    const ran = await this.#queue.run(async (): Promise<Result<T, NotRun>> => {
      // Looked at when its turn comes: what had waited does not run on broken ground.
      if (this.#errorId !== undefined || this.#isClosed) return err('stopped');
      try {
        return ok(await task());
      } catch (reason) {
        this.#stop(reason);
        return err('stopped');
      }
    });
    return ran.ok ? ran.value : ran;
  }

  #stop(reason: unknown): void {
    const sentence = reason instanceof Error ? `${reason.name}: ${reason.message}` : 'unknown';
    this.#errorId ??= toHex(hash('sotto1/failure', utf8ToBytes(toWireText(sentence))).slice(0, 4));
    this.#onStop();
  }
}
