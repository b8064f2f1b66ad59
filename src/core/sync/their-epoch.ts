/** What the device at the other end of a link holds of one epoch, log by log. */
import { toHex } from '../../base/bytes.ts';
import type { Row } from '../../protocol/row.ts';
import type { Run } from '../../replication/runs.ts';
import type { Epoch } from '../epochs/epoch.ts';
import type { EpochLogs } from '../epochs/epoch-logs.ts';

/** What the other side holds of one epoch: as it said, and with what we have sent since. */
export interface TheirEpoch {
  readonly epoch: Epoch;
  said: ReadonlyMap<string, number> | undefined;
  /** Of what it said, the logs of which it holds more than we did when last looked. */
  ahead: ReadonlyArray<Row>;
  sent: Map<string, number>;
  /** As `sent` was at the last look at what should go out again. */
  sentBefore: ReadonlyMap<string, number>;
  /** Logs of which it holds another history: what it says to hold is none of ours. */
  readonly contested: Set<string>;
  isPushing: boolean;
  /** Changed while pushing: look again. */
  isDirty: boolean;
}

export const theirEpochOf = (epoch: Epoch): TheirEpoch => ({
  epoch,
  said: undefined,
  ahead: [],
  sent: new Map(),
  sentBefore: new Map(),
  contested: new Set(),
  isPushing: false,
  isDirty: false,
});

/** Entries it is known to hold and we lack. Logs only grow: what has come needs no further look. */
export const lackingIn = (theirs: TheirEpoch, logs: Pick<EpochLogs, 'heldCount'>): number => {
  let count = 0;
  theirs.ahead = theirs.ahead.filter(({ writerPub, nextSeq }) => {
    const lacking = nextSeq - logs.heldCount(theirs.epoch, writerPub);
    count += Math.max(0, lacking);
    return lacking > 0;
  });
  return count;
};

/** All that it has not said to hold goes out once more; of a contested log what was sent was sent. */
export const sentAgain = ({ said, sent, contested }: TheirEpoch): Map<string, number> => {
  const again = new Map(said);
  for (const writerHex of contested) again.set(writerHex, sent.get(writerHex) ?? 0);
  return again;
};

type NextSeqs = ReadonlyMap<string, number>;

/** Entries that were sent and that it has not said it holds. */
export const unconfirmed = (said: NextSeqs | undefined, sent: NextSeqs): number => {
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
