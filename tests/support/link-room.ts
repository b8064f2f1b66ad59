/** What whoever has a link finds in its room at a mailbox, without asking anybody. */
import { Epoch, type OpenedEntry } from '../../src/core/epochs/epoch.ts';
import { deriveEpochKeys } from '../../src/protocol/epochs/epoch-keys.ts';
import { decodeInviteLink, deriveInvite } from '../../src/protocol/invites/invite.ts';
import { limits } from '../../src/protocol/limits.ts';
import { decodeMailboxReply, encodeMailboxRequest } from '../../src/protocol/mailbox-frames.ts';
import { inspect } from '../../src/replication/inspect.ts';
import type { Run } from '../../src/replication/runs.ts';
import { toHex } from '../../src/base/bytes.ts';
import { setupCore, setupLogs } from './core-parts.ts';
import { backend, must } from './writers.ts';

interface AskedMailbox {
  answer(request: Uint8Array, from: string): Promise<Uint8Array>;
}

export interface LinkRoom {
  readonly runs: ReadonlyArray<Run>;
  /** Bytes that each writer left there, most first. */
  readonly byteCounts: ReadonlyArray<number>;
  /** Everything in it, opened with what the link gives. */
  open(): Promise<ReadonlyArray<OpenedEntry>>;
}

const runsIn = async (mailbox: AskedMailbox, mailboxId: Uint8Array): Promise<Run[]> => {
  const runs: Run[] = [];
  const held = new Map<string, { writerPub: Uint8Array; nextSeq: number }>();
  for (let isComplete = false; !isComplete;) {
    const request = encodeMailboxRequest({ t: 'get', mailboxId, held: [...held.values()] });
    const reply = must(decodeMailboxReply(await mailbox.answer(request, 'somebody')));
    if (reply.t !== 'held') throw new Error(reply.t);
    for (const run of must(inspect(reply.update, { bytesMax: limits.mailboxUpdateBytesMax }))) {
      const nextSeq = run.fromSeq + run.envelopes.length;
      held.set(toHex(run.writerPub), { writerPub: run.writerPub, nextSeq });
      runs.push(run);
    }
    isComplete = reply.isComplete;
  }
  return runs;
};

export const readLinkRoom = async (
  mailbox: AskedMailbox | undefined,
  link: string,
): Promise<LinkRoom> => {
  if (mailbox === undefined) throw new Error('no mailbox');
  const { secret } = must(decodeInviteLink(link));
  const { inviteId: epochId, pseudoSecret } = await deriveInvite(backend, secret);
  const runs = await runsIn(mailbox, deriveEpochKeys(epochId, pseudoSecret).mailboxId);
  const byteCounts = new Map<string, number>();
  for (const { writerPub, envelopes } of runs) {
    const bytes = envelopes.reduce((sum, envelope) => sum + envelope.bytes.length, 0);
    byteCounts.set(toHex(writerPub), (byteCounts.get(toHex(writerPub)) ?? 0) + bytes);
  }
  return {
    runs,
    byteCounts: [...byteCounts.values()].sort((a, b) => b - a),
    open: async () => {
      const eve = await setupCore();
      const entries: OpenedEntry[] = [];
      const { logs } = setupLogs(eve, { onEntry: (entry) => entries.push(entry) });
      const segment = must(await eve.deps.segments.assign('invites'));
      const epoch = new Epoch({ epochId, secret: pseudoSecret, base: 0, segment, order: 0 });
      must(await logs.open(epoch));
      const arrived = runs.map((run) => ({ epoch, runs: [run], arrival: 'catch-up' }) as const);
      for (const admitted of await logs.admit(arrived)) must(admitted);
      return entries;
    },
  };
};
