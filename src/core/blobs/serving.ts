/** Gives chunks to members who ask: a few at a time for each link, as fast as the link takes them. */
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
import { SideBySide } from './side-by-side.ts';

interface Wanted {
  readonly peer: BlobPeer;
  readonly file: BlobFile;
  readonly slot: number;
}

export class Serving {
  readonly #shelf: BlobShelf;
  readonly #wire: BlobWire;
  /** By link. */
  readonly #turns = new Map<number, SideBySide<Wanted>>();

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
    const turn = this.#turnOf(peer.link);
    const given: Wanted[] = [];
    const lacking: number[] = [];
    for (const slot of slots) {
      const isHere = file?.have.has(slot) === true && mayTravel(peer, file, slot);
      const hasRoom = turn.waitingCount + given.length < limits.blobServedMax;
      if (isHere && hasRoom) given.push({ peer, file, slot });
      else lacking.push(slot);
    }
    if (lacking.length > 0) this.#say(peer, { t: 'lack', id, slots: lacking });
    turn.add(given);
  }

  #turnOf(link: number): SideBySide<Wanted> {
    for (const [of, { isIdle }] of this.#turns) if (isIdle) this.#turns.delete(of);
    const known = this.#turns.get(link);
    if (known !== undefined) return known;
    const turn = new SideBySide<Wanted>(limits.blobServedAtOnceMax, (wanted) => this.#give(wanted));
    this.#turns.set(link, turn);
    return turn;
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
