/**
 * Commits that arrive while a transaction runs share the next one: as fast as the disk allows when
 * many wait, and without delay when it is idle. One promise per transaction, awaited by everyone
 * who is in it.
 */
import { err, type Result } from '../base/result.ts';
import { limits } from '../protocol/limits.ts';
import type { StorageFailure, Write } from './port.ts';

type Outcome = Result<undefined, StorageFailure>;

interface Waiting {
  readonly writes: ReadonlyArray<Write>;
  outcome: Outcome | undefined;
}

/** Writes one transaction, all or nothing. Never rejects. */
export type WriteTransaction = (writes: ReadonlyArray<Write>) => Promise<Outcome>;

export const createGroupCommit = (write: WriteTransaction): WriteTransaction => {
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  const takeGroup = (): ReadonlyArray<Waiting> => {
    let count = 0;
    let writeCount = 0;
    for (const { writes } of waiting) {
      writeCount += writes.length;
      if (count > 0 && writeCount > limits.commitWritesMax) break;
      count += 1;
    }
    return waiting.splice(0, count);
  };

  const writeGroup = async (group: ReadonlyArray<Waiting>): Promise<void> => {
    const together = await write(group.flatMap(({ writes }) => writes));
    for (const one of group) {
      // When a shared transaction fails, one of its commits may be the reason: each gets its own.
      const isShared = !together.ok && group.length > 1;
      one.outcome = isShared ? await write(one.writes) : together;
    }
    running = undefined;
  };

  return async (writes) => {
    if (waiting.length >= limits.commitsWaitingMax) return err('failed');
    const mine: Waiting = { writes, outcome: undefined };
    waiting.push(mine);
    while (mine.outcome === undefined) {
      running ??= writeGroup(takeGroup());
      await running;
    }
    return mine.outcome;
  };
};
