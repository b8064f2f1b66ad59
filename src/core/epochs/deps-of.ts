/** What an entry says that its author held (PROTOCOL §5): it shows gaps and forks, and decides nothing. */
import { compareBytes, equalBytes } from '../../base/bytes.ts';
import type { Body } from '../../protocol/body.ts';
import { limits } from '../../protocol/limits.ts';
import { vectorHashOf, type Row } from '../../protocol/sync-frames.ts';
import type { Epoch } from './epoch.ts';

/** What this device holds of the others' logs, newest first, and the hash of all of it. */
export const depsOf = (
  epoch: Epoch,
  rows: ReadonlyArray<Row>,
  ownPub: Uint8Array,
): Body['deps'] => {
  const entries = rows
    .filter((row) => !equalBytes(row.writerPub, ownPub))
    .map((row) => ({ row, lamport: epoch.position(row.writerPub)?.lamport ?? 0 }))
    .sort((a, b) => b.lamport - a.lamport || compareBytes(a.row.writerPub, b.row.writerPub))
    .slice(0, limits.depsMax)
    .map(({ row }) => ({
      writerPub: row.writerPub,
      seq: row.nextSeq - 1,
      hash8: row.headHash.slice(0, 8),
    }));
  return { entries, vectorHash: vectorHashOf(rows) };
};
