/**
 * Takes what was written to the disk, beside the thread that writes: whoever waits meanwhile shares the
 * next sync. After one that failed nothing is safe any more, for the disk may have dropped what it had.
 */
import type { Outcome } from '../../src/storage/sqlite-file.node.ts';

export class SharedSync {
  readonly #sync: () => Promise<Outcome>;
  #writtenCount = 0;
  #syncedCount = 0;
  #underWay: Promise<void> | undefined;
  #isLost = false;

  constructor(sync: () => Promise<Outcome>) {
    this.#sync = sync;
  }

  /** A sync failed. */
  get isLost(): boolean {
    return this.#isLost;
  }

  wrote(): void {
    this.#writtenCount += 1;
  }

  /** Resolves once all that was written by now is on the disk; false: it may never be. */
  async settled(): Promise<boolean> {
    const due = this.#writtenCount;
    while (this.#syncedCount < due && !this.#isLost) {
      this.#underWay ??= this.#syncAll();
      await this.#underWay;
    }
    return !this.#isLost;
  }

  async #syncAll(): Promise<void> {
    const count = this.#writtenCount;
    const synced = await this.#sync();
    this.#underWay = undefined;
    if (synced.ok) this.#syncedCount = count;
    else this.#isLost = true;
  }
}
