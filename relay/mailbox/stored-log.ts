/** One writer's log as it lies in the mailbox store, for the gate and for slices. */
import { decodeEnvelope, type Envelope } from '../../src/protocol/envelope.ts';
import { assert } from '../../src/base/assert.ts';
import type { SliceableLog } from '../../src/replication/slice.ts';
import { cid } from '../../src/replication/writer-id.ts';
import type { MailboxStore, StoredWriter } from './mailbox-store.ts';

const zeroHash = new Uint8Array(32);

export interface StoredLogName {
  /** The part of the mailbox id that envelopes carry. */
  readonly mailbox: Uint8Array;
  readonly writerPub: Uint8Array;
}

/** `stored` undefined: nothing of it lies there. */
export const storedLog = (
  store: MailboxStore,
  { mailbox, writerPub }: StoredLogName,
  stored: StoredWriter | undefined,
): SliceableLog => {
  const nextSeq = stored?.entries ?? 0;
  const entries = (from: number, to: number): ReadonlyArray<Envelope> =>
    stored === undefined
      ? []
      : store.envelopes(stored.key, from, to).map((bytes) => {
          const envelope = decodeEnvelope(bytes);
          assert(envelope.ok, 'only envelopes are stored');
          return envelope.value;
        });
  return {
    mailbox,
    writerPub,
    client: cid(writerPub),
    nextSeq,
    headHash: stored?.headHash ?? zeroHash,
    entries,
    hashAt: (seq) => {
      if (stored === undefined || seq < 0 || seq >= nextSeq) return undefined;
      return seq === nextSeq - 1 ? stored.headHash : entries(seq + 1, seq + 2)[0]?.prev;
    },
    signedSeqFrom: (seq) => stored && store.signedSeqFrom(stored.key, seq),
    byteLengthAt: (seq) => (stored === undefined ? 0 : store.byteLengthAt(stored.key, seq)),
  };
};
