/**
 * Chunks of small files in a mailbox: kept for members who are away, by the same certificates as
 * entries. It reads none of them; it sees that each is what its name says, and of a length that a
 * chunk can have.
 */
import { createHash } from 'node:crypto';
import { equalBytes } from '../../src/base/bytes.ts';
import type { CryptoBackend } from '../../src/crypto/backend.ts';
import { limits } from '../../src/protocol/limits.ts';
import {
  dropTagOf,
  isChunkLength,
  type ChunkReply,
  type ChunkRequest,
  type LeaveOutcome,
} from '../../src/protocol/mailbox-chunks.ts';
import { verifyWriterCert } from '../../src/protocol/mailbox.ts';
import { createAddressQuota, type AddressQuota } from './address-quota.ts';
import type { MailboxStore, StoredMailbox } from './mailbox-store.ts';

export interface MailboxChunksOptions {
  readonly store: MailboxStore;
  readonly backend: CryptoBackend;
  readonly now: () => number;
  /** Of all mailboxes together, words and files. */
  readonly bytesMax: number;
  /** Left from one address in a day. */
  readonly addressBytesMax: number;
}

type Leave = Extract<ChunkRequest, { t: 'leave' }>;

/** `H("sotto1/chunk", sealed)`, by the platform: a mailbox hashes more of them than any device. */
export const chunkNameOf = (sealed: Uint8Array): Uint8Array => {
  const digest = createHash('sha512').update('sotto1/chunk\0').update(sealed).digest();
  return new Uint8Array(digest.subarray(0, 32));
};

export class MailboxChunks {
  readonly #options: MailboxChunksOptions;
  readonly #quota: AddressQuota;

  constructor(options: MailboxChunksOptions) {
    this.#options = options;
    this.#quota = createAddressQuota(options.now, options.addressBytesMax);
  }

  /** Of a mailbox that is there; undefined: nothing lies in it. */
  async answer(
    request: ChunkRequest,
    mailbox: StoredMailbox | undefined,
    from: string,
  ): Promise<ChunkReply> {
    const { chunks } = this.#options.store;
    switch (request.t) {
      case 'hold':
        return {
          t: 'holds',
          held: request.ids.map((id) => mailbox !== undefined && chunks.has(mailbox, id)),
        };
      case 'take': {
        const first = request.ids.slice(0, limits.mailboxChunksTakenMax);
        const none = new Uint8Array(0);
        return {
          t: 'chunks',
          chunks: first.map((id) => (mailbox && chunks.get(mailbox, id)) ?? none),
        };
      }
      case 'leave':
        return this.#leave(request, mailbox, from);
      case 'drop':
        if (mailbox !== undefined) chunks.drop(mailbox, dropTagOf(request.secret), request.ids);
        return { t: 'dropped' };
    }
  }

  async #leave(
    leave: Leave,
    mailbox: StoredMailbox | undefined,
    from: string,
  ): Promise<ChunkReply> {
    const left = (outcome: LeaveOutcome): ChunkReply => ({ t: 'left', outcome });
    const { store } = this.#options;
    if (mailbox === undefined || !(await this.#mayLeave(leave, mailbox))) return left('refused');
    const { writerPub, dropTag, sealed } = leave;
    const id = chunkNameOf(sealed);
    if (store.chunks.has(mailbox, id)) return left('stored');
    if (!this.#isRoomFor(leave, mailbox, from)) return left('full');
    const added = store.chunks.add(mailbox, { id, writerPub, dropTag, sealed });
    if (added.ok) return left('stored');
    return added.error === 'disk-full' ? left('full') : { t: 'refused', why: 'failed' };
  }

  /** [MB21] Whose entries lie there: what says of the file comes before the file. */
  async #mayLeave(leave: Leave, mailbox: StoredMailbox): Promise<boolean> {
    const { mailboxId, admitPub, writerPub, cert, sealed } = leave;
    if (!isChunkLength(sealed.length)) return false;
    const { store, backend } = this.#options;
    const isKnown = store.writers(mailbox).some((one) => equalBytes(one.writerPub, writerPub));
    return isKnown && verifyWriterCert(backend, { mailboxId, writerPub }, { admitPub, cert });
  }

  /** [MB22] Files take half of all there is at most: words come first. */
  #isRoomFor({ writerPub, sealed }: Leave, mailbox: StoredMailbox, from: string): boolean {
    const { store, bytesMax } = this.#options;
    const { chunks } = store;
    const more = sealed.length;
    return (
      chunks.bytes + more <= bytesMax / 2 &&
      store.bytes + chunks.bytes + more <= bytesMax &&
      chunks.bytesIn(mailbox) + more <= limits.mailboxChunksBytesMax &&
      chunks.bytesBy(mailbox, writerPub) + more <= limits.mailboxWriterChunksBytesMax &&
      this.#quota.take(from, more)
    );
  }
}
