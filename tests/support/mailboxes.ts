/** A blind mailbox over a file of its own, and an epoch whose members write into it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Mailbox, type MailboxOptions } from '../../relay/mailbox/mailbox.ts';
import { MailboxStore, type MailboxStoreOptions } from '../../relay/mailbox/mailbox-store.ts';
import type { Envelope } from '../../src/protocol/envelope.ts';
import { mailboxIdOf, signWriterCert } from '../../src/protocol/mailbox.ts';
import {
  decodeMailboxReply,
  encodeMailboxRequest,
  type Held,
  type MailboxReply,
  type MailboxRequest,
  type WriterCert,
} from '../../src/protocol/mailbox-frames.ts';
import { encodeRuns } from '../../src/replication/runs.ts';
import { backend, createWritten, must, runFrom, seededBytes, type TestWriter } from './writers.ts';

export const dayMs = 86_400_000;

type PutRequest = Extract<MailboxRequest, { readonly t: 'put' }>;

export interface TestMailbox {
  readonly mailbox: Mailbox;
  nowMs: number;
  ask(request: MailboxRequest, from?: string): Promise<MailboxReply>;
  /** As a kill does: what was acknowledged is in the file. */
  reopen(): TestMailbox;
  dispose(): void;
}

type TestMailboxOptions = Partial<
  Pick<MailboxOptions, 'bytesMax' | 'lifeMs' | 'addressBytesMax' | 'hasFiles'> &
    Pick<MailboxStoreOptions, 'syncFile'>
>;

export const openTestMailbox = (
  { syncFile, ...options }: TestMailboxOptions = {},
  dir = mkdtempSync(join(tmpdir(), 'sotto-mailbox-')),
): TestMailbox => {
  const now = (): number => opened.nowMs;
  const mailbox = new Mailbox({
    store: new MailboxStore({
      path: join(dir, 'mailbox.sqlite'),
      now,
      ...(syncFile && { syncFile }),
    }),
    backend,
    now,
    bytesMax: 512 * 1024 * 1024,
    lifeMs: 30 * dayMs,
    hasFiles: true,
    ...options,
  });
  const opened: TestMailbox = {
    mailbox,
    nowMs: 100 * dayMs,
    ask: async (request, from = 'somewhere') =>
      must(decodeMailboxReply(await mailbox.answer(encodeMailboxRequest(request), from))),
    reopen: () => {
      mailbox.close();
      return openTestMailbox(options, dir);
    },
    dispose: () => {
      mailbox.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return opened;
};

/** An epoch as far as a mailbox knows one: the key that lets writers in. */
export const createTestEpoch = async (number: number) => {
  const admit = await backend.signerFromSeed(seededBytes('admit', number).slice(0, 32));
  const mailboxId = mailboxIdOf(admit.publicKey);
  const certOf = async ({ signer }: TestWriter): Promise<WriterCert> => {
    const writerPub = signer.publicKey;
    return { writerPub, cert: await signWriterCert(admit, { mailboxId, writerPub }) };
  };
  return {
    admitPub: admit.publicKey,
    mailboxId,
    certOf,
    writer: (own: number, entries: number | ReadonlyArray<boolean>): Promise<TestWriter> =>
      createWritten(own, entries, { mailbox: mailboxId.slice(0, 16) }),
    put: async (writers: ReadonlyArray<TestWriter>): Promise<PutRequest> => ({
      t: 'put',
      mailboxId,
      admitPub: admit.publicKey,
      certs: await Promise.all(writers.map(certOf)),
      update: updateOf(...writers.map(({ envelopes }) => envelopes)),
    }),
    get: (held: ReadonlyArray<Held> = []): MailboxRequest => ({ t: 'get', mailboxId, held }),
    poll: (): MailboxRequest => ({ t: 'poll', mailboxIds: [mailboxId] }),
  };
};

export const updateOf = (...logs: ReadonlyArray<ReadonlyArray<Envelope>>): Uint8Array =>
  encodeRuns(logs.map(runFrom));
