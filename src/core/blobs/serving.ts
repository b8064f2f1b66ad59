/** Gives chunks to members who ask: a few at a time for each link, as fast as the link takes them. */
import { assert } from '../../base/assert.ts';
import { toHex } from '../../base/bytes.ts';
import { limits } from '../../protocol/limits.ts';
import type { BlobFile } from './blob-file.ts';
import type { BlobShelf } from './blob-shelf.ts';
import {
  isMemberNow,
  mayHearOf,
  type BlobPeer,
  type BlobWire,
  type BlobWords,
} from './blob-peer.ts';

assert(
  limits.blobServedMax >= (limits.blobsFetchedMax + limits.blobsComingMax) * limits.blobWantedMax,
  'what one peer may ask for at a time is served',
);

interface Wanted {
  readonly peer: BlobPeer;
  readonly file: BlobFile;
  readonly slot: number;
}

interface Turn {
  /** Asked for, and not begun with. */
  readonly waiting: Wanted[];
  /** That are read, checked or sent now. */
  underWayCount: number;
}

export class Serving {
  readonly #shelf: BlobShelf;
  readonly #wire: BlobWire;
  /** By link. */
  readonly #turns = new Map<number, Turn>();

  constructor(shelf: BlobShelf, wire: BlobWire) {
    this.#shelf = shelf;
    this.#wire = wire;
  }

  /** What is held of these; of a file that no message here names, nothing. */
  ask(peer: BlobPeer, ids: ReadonlyArray<Uint8Array>): void {
    const files = ids.flatMap((id) => this.#fileFor(peer, id) ?? []);
    this.tell(peer, files);
  }

  #fileFor(peer: BlobPeer, id: Uint8Array): BlobFile | undefined {
    const file = this.#shelf.file(peer.conversation, toHex(id));
    return file !== undefined && mayHearOf(peer, file) ? file : undefined;
  }

  tell(peer: BlobPeer, files: ReadonlyArray<BlobFile>): void {
    let held: { id: Uint8Array; bits: Uint8Array }[] = [];
    let bytes = 0;
    for (const file of files) {
      if (!mayHearOf(peer, file)) continue;
      const { id, have } = file;
      const bits = have.toBytes();
      if (bytes + bits.length + 64 > limits.chunkBytes) {
        this.#say(peer, { t: 'have', held });
        held = [];
        bytes = 0;
      }
      held.push({ id, bits });
      bytes += bits.length + 64;
    }
    if (held.length > 0) this.#say(peer, { t: 'have', held });
  }

  /** What is not here, or more than may wait, is said to be lacking: it is asked for elsewhere. */
  want(peer: BlobPeer, id: Uint8Array, slots: ReadonlyArray<number>): void {
    const file = this.#fileFor(peer, id);
    const turn = this.#turns.get(peer.link) ?? { waiting: [], underWayCount: 0 };
    const { waiting } = turn;
    const lacking: number[] = [];
    for (const slot of slots) {
      const isHere = file?.have.has(slot) === true && mayTravel(peer, file, slot);
      if (!isHere || waiting.length >= limits.blobServedMax) lacking.push(slot);
      else waiting.push({ peer, file, slot });
    }
    if (lacking.length > 0) this.#say(peer, { t: 'lack', id, slots: lacking });
    this.#turns.set(peer.link, turn);
    this.#giveOn(peer.link, turn);
  }

  /** The disk, the hash and the wire of several at once: one by one, each would wait for the others. */
  #giveOn(link: number, turn: Turn): void {
    while (turn.underWayCount < limits.blobServedAtOnceMax) {
      const next = turn.waiting.shift();
      if (next === undefined) break;
      turn.underWayCount += 1;
      void this.#give(next).then((isGiven) => {
        turn.underWayCount -= 1;
        if (!isGiven) turn.waiting.length = 0;
        this.#giveOn(link, turn);
      });
    }
    if (turn.underWayCount === 0) this.#turns.delete(link);
  }

  /** False: the link is gone, and who asked with it. */
  async #give({ peer, file, slot }: Wanted): Promise<boolean> {
    const mayHave = isMemberNow(peer) && mayHearOf(peer, file);
    const sealed = mayHave ? await file.sealedChunk(slot) : undefined;
    const words: BlobWords =
      sealed === undefined
        ? { t: 'lack', id: file.id, slots: [slot] }
        : { t: 'chunk', id: file.id, slot, sealed };
    try {
      await this.#wire.send(peer, words);
      return true;
    } catch {
      return false;
    }
  }

  #say(peer: BlobPeer, words: BlobWords): void {
    this.#wire.send(peer, words).catch(() => undefined); // the next link is told again
  }
}

/** [FT6] A relay carries previews only: what it grants is for signalling and words. */
export const mayTravel = ({ path }: BlobPeer, { layout }: BlobFile, slot: number): boolean =>
  path === 'direct' || (layout.hasPreview && slot === 0);
