/** What the device at the other end of a link holds of one epoch, log by log. */
import { toHex } from '../../base/bytes.ts';
import type { Row } from '../../protocol/row.ts';
import type { Run } from '../../replication/runs.ts';

/** What the other side holds of one epoch: as it said, and with what we have sent since. */
export interface TheirEpoch {
  said: ReadonlyMap<string, number> | undefined;
  readonly sent: Map<string, number>;
  isPushing: boolean;
  /** Changed while pushing: look again. */
  isDirty: boolean;
}

export const unconfirmed = ({ said, sent }: TheirEpoch): number => {
  let count = 0;
  for (const [writerHex, seq] of sent) count += Math.max(0, seq - (said?.get(writerHex) ?? 0));
  return count;
};

export const rowAfter = ({ writerPub, fromSeq, envelopes, headHash }: Run): Row => ({
  writerPub,
  nextSeq: fromSeq + envelopes.length,
  headHash,
});

export const nextSeqs = (rows: ReadonlyArray<Row>): ReadonlyMap<string, number> =>
  new Map(rows.map((row) => [toHex(row.writerPub), row.nextSeq]));

export const raise = (nextSeqByWriter: Map<string, number>, rows: ReadonlyArray<Row>): void => {
  for (const row of rows) {
    const writerHex = toHex(row.writerPub);
    nextSeqByWriter.set(writerHex, Math.max(nextSeqByWriter.get(writerHex) ?? 0, row.nextSeq));
  }
};
