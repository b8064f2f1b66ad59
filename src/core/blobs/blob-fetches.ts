/** All files that are being fetched, and what others say they have of each. */
import { toHex } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import type { Clock } from '../../platform/port.ts';
import type { BlobFrame, Held } from '../../protocol/blobs/blob-frames.ts';
import { limits } from '../../protocol/limits.ts';
import type { StorageFailure } from '../../storage/port.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { BlobFile, Taken } from './blob-file.ts';
import type { BlobPeer, BlobWire } from './blob-peer.ts';
import type { BlobShelf } from './blob-shelf.ts';
import { isWanted } from './blob-states.ts';
import { Fetching } from './fetching.ts';
import { Have } from './have.ts';

/** A file is of one conversation. */
const fileKey = ({ scopeId }: Pick<Conversation, 'scopeId'>, idHex: string): string =>
  `${scopeId}/${idHex}`;

type Chunk = Extract<BlobFrame, { t: 'chunk' }>;
type Lack = Extract<BlobFrame, { t: 'want' | 'lack' }>;

export interface FetchesInput {
  readonly shelf: BlobShelf;
  readonly wire: BlobWire;
  readonly clock: Clock;
}

export class BlobFetches {
  readonly #input: FetchesInput;
  readonly #fetchings = new Map<string, Fetching>();
  readonly #haves = new Map<string, Map<string, Have>>();

  constructor(input: FetchesInput) {
    this.#input = input;
  }

  fetching(conversation: Conversation, idHex: string): Fetching | undefined {
    return this.#fetchings.get(fileKey(conversation, idHex));
  }

  /** By device. */
  havesOf(conversation: Conversation, idHex: string): Map<string, Have> {
    const key = fileKey(conversation, idHex);
    const haves = this.#haves.get(key) ?? new Map<string, Have>();
    this.#haves.set(key, haves);
    return haves;
  }

  /** False: nothing of it is known here. */
  onHave({ conversation, deviceHex }: BlobPeer, held: ReadonlyArray<Held>): boolean {
    let isNews = false;
    for (const { id, bits } of held) {
      const file = this.#input.shelf.file(conversation, toHex(id));
      if (file === undefined) continue; // its message has not come, or is gone
      if (bits.every((byte) => byte === 0)) {
        this.havesOf(conversation, file.idHex).delete(deviceHex);
        continue;
      }
      const have = new Have(file.layout.slotCount, bits);
      this.havesOf(conversation, file.idHex).set(deviceHex, have);
      isNews = true;
    }
    return isNews;
  }

  onLack({ conversation, link }: BlobPeer, { id, slots }: Lack): void {
    const fetching = this.fetching(conversation, toHex(id));
    for (const slot of slots) {
      if (fetching?.expects(link, slot) === true) fetching.done(link, slot, 'lack');
    }
    fetching?.pump();
  }

  /** Undefined: nobody asked for it, or not any more. */
  expecting({ conversation, link }: BlobPeer, { id, slot }: Chunk): Fetching | undefined {
    const fetching = this.fetching(conversation, toHex(id));
    return fetching?.expects(link, slot) === true ? fetching : undefined;
  }

  async take(
    { link }: BlobPeer,
    fetching: Fetching,
    { slot, sealed }: Chunk,
  ): Promise<Result<Taken, StorageFailure>> {
    const taken = await fetching.file.take(slot, sealed);
    if (!taken.ok) {
      fetching.stop(); // nothing more is asked for until there is room
      return taken;
    }
    fetching.done(link, slot, taken.value === 'bad' ? 'bad' : 'good');
    fetching.pump();
    return taken;
  }

  goOn(conversation: Conversation, files: ReadonlyArray<BlobFile>): void {
    for (const file of files) if (!file.isWhole) this.#begin(conversation, file);
    let activeCount = 0;
    for (const fetching of this.#fetchings.values()) {
      if (activeCount >= limits.blobsFetchedMax && !fetching.isActive) continue;
      const { isOutOfSpace, mode } = fetching.file;
      if (!isOutOfSpace && mode !== 'paused') fetching.pump();
      if (fetching.isActive) activeCount += 1;
    }
  }

  /** Of what is whole, or named by no message any more. */
  endGone(conversation: Conversation): void {
    for (const [key, fetching] of this.#fetchings) {
      if (!key.startsWith(conversation.scopeId)) continue;
      const { file } = fetching;
      const isLeft = this.#input.shelf.file(conversation, file.idHex) === file && !file.isWhole;
      if (isLeft) continue;
      fetching.stop();
      this.#fetchings.delete(key);
    }
  }

  forget({ scopeId }: Conversation): void {
    for (const [key, fetching] of this.#fetchings) {
      if (!key.startsWith(scopeId)) continue;
      fetching.stop();
      this.#fetchings.delete(key);
    }
  }

  stop(): void {
    for (const fetching of this.#fetchings.values()) fetching.stop();
  }

  #begin(conversation: Conversation, file: BlobFile): void {
    const key = fileKey(conversation, file.idHex);
    if (this.#fetchings.get(key)?.file === file) return;
    const { wire, clock } = this.#input;
    const fetching = new Fetching(file, {
      clock,
      wire: {
        ...wire,
        peers: () => wire.peers().filter((peer) => peer.conversation === conversation),
      },
      haves: this.havesOf(conversation, file.idHex),
      isWanted: () => isWanted(file),
    });
    this.#fetchings.set(key, fetching);
  }
}
