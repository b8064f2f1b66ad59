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
import { Turns, type Claim } from './turns.ts';

/** A file is of one conversation. */
const fileKey = ({ scopeId }: Pick<Conversation, 'scopeId'>, idHex: string): string =>
  `${scopeId}/${idHex}`;

type Chunk = Extract<BlobFrame, { t: 'chunk' }>;
type Lack = Extract<BlobFrame, { t: 'want' | 'lack' }>;

interface Turn extends Claim {
  readonly fetching: Fetching;
  turnMs: number | undefined;
}

const isAskedFor = ({ fetching }: Turn): boolean => fetching.file.mode === 'fetch';

/** Who first named it here. */
const senderOf = ({ keys }: BlobFile): string => [...keys][0]?.split('/')[0] ?? '';

export interface FetchesInput {
  readonly shelf: BlobShelf;
  readonly wire: BlobWire;
  readonly clock: Clock;
}

export class BlobFetches {
  readonly #input: FetchesInput;
  readonly #turns = new Map<string, Turn>();
  readonly #turnOf = new WeakMap<Fetching, Turn>();
  readonly #haves = new Map<string, Map<string, Have>>();

  constructor(input: FetchesInput) {
    this.#input = input;
  }

  fetching(conversation: Conversation, idHex: string): Fetching | undefined {
    return this.#turns.get(fileKey(conversation, idHex))?.fetching;
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
      const have = new Have(file.layout.slotCount, bits);
      file.noteHolder(deviceHex, have.isWhole);
      if (have.count === 0) {
        this.havesOf(conversation, file.idHex).delete(deviceHex);
        continue;
      }
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
    if (fetching !== undefined) this.#continue(fetching);
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
    this.#continue(fetching);
    return taken;
  }

  goOn(conversation: Conversation, files: ReadonlyArray<BlobFile>): void {
    for (const file of files) if (!file.isWhole) this.#begin(conversation, file);
    this.#turn();
  }

  /** Goes on with what is under way, and begins with what waits where there is room. */
  #turn(): void {
    const isActive = ({ fetching }: Turn): boolean => fetching.isActive;
    const active = [...this.#turns.values()].filter(isActive); // of all others nothing is due
    for (const { fetching } of active) fetching.update();
    for (const turn of active.filter(isActive)) {
      if (this.#isOver(turn)) turn.fetching.pause();
      else turn.fetching.pump();
    }
    this.#fill(isAskedFor, limits.blobsFetchedMax);
    this.#fill((turn) => !isAskedFor(turn), limits.blobsComingMax);
  }

  #continue(fetching: Fetching): void {
    const turn = this.#turnOf.get(fetching);
    if (turn === undefined) return;
    if (this.#isOver(turn)) fetching.pause();
    else fetching.pump();
    if (!fetching.isActive) this.#turn();
  }

  /** It had its time, and somebody else waits. */
  #isOver(turn: Turn): boolean {
    const nowMs = this.#input.clock.monotonic();
    if (nowMs - (turn.turnMs ?? nowMs) < limits.blobTurnMs) return false;
    const isAsked = isAskedFor(turn);
    const isContested = this.#waiting().some(
      (other) => isAskedFor(other) === isAsked && other.fetching.canAsk,
    );
    if (!isContested) turn.turnMs = nowMs;
    return isContested;
  }

  /** [FT20] What was asked for and what comes by itself have places of their own. */
  #fill(isOf: (turn: Turn) => boolean, countMax: number): void {
    const active = [...this.#turns.values()].filter((turn) => turn.fetching.isActive && isOf(turn));
    if (active.length >= countMax) return;
    const turns = new Turns(active, this.#waiting().filter(isOf));
    const nowMs = this.#input.clock.monotonic();
    for (let free = countMax - active.length; free > 0;) {
      const next = turns.next();
      if (next === undefined) return;
      next.fetching.pump();
      if (!next.fetching.isActive) continue; // nobody can give anything of it now
      next.turnMs = nowMs;
      turns.given(next, nowMs);
      free -= 1;
    }
  }

  /** At a glance: whether there is anything to ask for shows when it is asked. */
  #waiting(): ReadonlyArray<Turn> {
    return [...this.#turns.values()].filter(({ fetching }) => {
      const { file, isActive, isKnown, isHurried } = fetching;
      if (isActive || !isKnown || file.isOutOfSpace || file.mode === 'paused') return false;
      return isHurried || isWanted(file) || (file.layout.hasPreview && !file.have.has(0));
    });
  }

  /** Of what is whole, or named by no message any more. */
  endGone(conversation: Conversation): void {
    for (const [key, { fetching }] of this.#turns) {
      if (!key.startsWith(conversation.scopeId)) continue;
      const { file } = fetching;
      const isLeft = this.#input.shelf.file(conversation, file.idHex) === file && !file.isWhole;
      if (isLeft) continue;
      fetching.stop();
      this.#turns.delete(key);
    }
  }

  forget({ scopeId }: Conversation): void {
    for (const [key, { fetching }] of this.#turns) {
      if (!key.startsWith(scopeId)) continue;
      fetching.stop();
      this.#turns.delete(key);
    }
  }

  stop(): void {
    for (const { fetching } of this.#turns.values()) fetching.stop();
  }

  #begin(conversation: Conversation, file: BlobFile): void {
    const key = fileKey(conversation, file.idHex);
    const known = this.#turns.get(key);
    if (known?.fetching.file === file) return;
    known?.fetching.stop();
    const { wire, clock } = this.#input;
    const fetching = new Fetching(file, {
      clock,
      wire: {
        ...wire,
        peers: () => wire.peers().filter((peer) => peer.conversation === conversation),
      },
      haves: this.havesOf(conversation, file.idHex),
      isWanted: () => isWanted(file),
      due: () => {
        this.#turn();
      },
    });
    const { scopeId } = conversation;
    const turn: Turn = { fetching, sender: senderOf(file), scopeId, turnMs: undefined };
    this.#turns.set(key, turn);
    this.#turnOf.set(fetching, turn);
  }
}
