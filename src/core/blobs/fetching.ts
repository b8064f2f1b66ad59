/**
 * Fetches one file from whoever has it. Each holder is asked for a bounded number of chunks, the
 * rarest of the next ones first, and for more as they come: a fast one gives more by itself. One that
 * does not answer rests for a while, one that sends what is no chunk of the file is left out for good.
 */
import type { Clock } from '../../platform/port.ts';
import { limits } from '../../protocol/limits.ts';
import type { BlobFile } from './blob-file.ts';
import type { BlobPeer, BlobWire } from './blob-peer.ts';
import type { Have } from './have.ts';
import { mayTravel } from './serving.ts';

/** Missing slots that are compared for which is the rarest. */
const lookAhead = 64;

interface Holder {
  peer: BlobPeer;
  faults: number;
  restsUntilMs: number;
  /** Asked for, and when it is given up. */
  readonly due: Map<number, number>;
}

export interface FetchHost {
  readonly clock: Clock;
  readonly wire: BlobWire;
  /** What each device says it holds of the file. */
  readonly haves: ReadonlyMap<string, Have>;
  /** More than the preview. */
  isWanted(): boolean;
}

export class Fetching {
  readonly file: BlobFile;
  readonly #host: FetchHost;
  readonly #holders = new Map<number, Holder>();
  /** Devices that sent something else than the chunk they were asked for. */
  readonly #liars = new Set<string>();
  readonly #asked = new Set<number>();
  /** Before all others, the last one first. */
  readonly #hurried = new Set<ReadonlyArray<number>>();
  #cancelLook: (() => void) | undefined;

  constructor(file: BlobFile, host: FetchHost) {
    this.file = file;
    this.#host = host;
  }

  get fromCount(): number {
    return [...this.#holders.values()].filter(({ due }) => due.size > 0).length;
  }

  get isActive(): boolean {
    return this.#asked.size > 0;
  }

  /** Somebody has a part that is missing here; only over a relay: false, but known to be there. */
  reach(): 'direct' | 'relayed' | 'none' {
    let reach: 'direct' | 'relayed' | 'none' = 'none';
    for (const peer of this.#host.wire.peers()) {
      if (!this.#isOfUse(peer)) continue;
      if (peer.path === 'direct') return 'direct';
      reach = 'relayed';
    }
    return reach;
  }

  /** Asks whoever can be asked for what can be. */
  pump(): void {
    this.#update();
    this.#giveUpLate();
    for (const holder of this.#usable()) this.#ask(holder);
    this.#lookLater();
  }

  /** These are asked for before all others, whether the file is wanted or not, until the answer is called. */
  hurry(slots: ReadonlyArray<number>): () => void {
    this.#hurried.add(slots);
    this.pump();
    return () => this.#hurried.delete(slots);
  }

  /** False: nobody asked for it. */
  expects(link: number, slot: number): boolean {
    return this.#holders.get(link)?.due.has(slot) === true;
  }

  /** It came, good or not, or will not come. */
  done(link: number, slot: number, outcome: 'good' | 'bad' | 'lack'): void {
    const holder = this.#holders.get(link);
    this.#asked.delete(slot);
    if (holder === undefined) return;
    holder.due.delete(slot);
    if (outcome === 'good') holder.faults = 0;
    if (outcome === 'bad') this.#drop(holder);
    if (outcome === 'lack') this.#host.haves.get(holder.peer.deviceHex)?.remove(slot);
  }

  stop(): void {
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    for (const holder of this.#holders.values()) this.#release(holder);
    this.#holders.clear();
  }

  /** [FT5] Found out at the first chunk: not asked again for this file. */
  #drop(holder: Holder): void {
    this.#liars.add(holder.peer.deviceHex);
    this.#release(holder);
    this.#holders.delete(holder.peer.link);
  }

  #release({ due }: Holder): void {
    for (const slot of due.keys()) this.#asked.delete(slot);
    due.clear();
  }

  /** Links come and go; who comes back over another one begins anew. */
  #update(): void {
    const peers = new Map(this.#host.wire.peers().map((peer) => [peer.link, peer]));
    for (const [link, holder] of this.#holders) {
      const peer = peers.get(link);
      if (peer === undefined) this.#release(holder);
      if (peer === undefined) this.#holders.delete(link);
      else holder.peer = peer;
    }
    for (const [link, peer] of peers) {
      if (this.#holders.has(link) || this.#liars.has(peer.deviceHex)) continue;
      this.#holders.set(link, { peer, faults: 0, restsUntilMs: 0, due: new Map() });
    }
  }

  #giveUpLate(): void {
    const nowMs = this.#host.clock.monotonic();
    for (const holder of this.#holders.values()) {
      const isLate = [...holder.due.values()].some((untilMs) => untilMs <= nowMs);
      if (!isLate) continue;
      this.#release(holder);
      holder.faults += 1;
      const { blobFaultsMax, blobRetryMs } = limits;
      if (holder.faults >= blobFaultsMax) holder.restsUntilMs = nowMs + blobRetryMs;
    }
  }

  #isOfUse(peer: BlobPeer): boolean {
    const have = this.#host.haves.get(peer.deviceHex);
    return have !== undefined && have.count > 0 && !this.#liars.has(peer.deviceHex);
  }

  #usable(): ReadonlyArray<Holder> {
    const nowMs = this.#host.clock.monotonic();
    return [...this.#holders.values()]
      .filter(({ peer, restsUntilMs }) => this.#isOfUse(peer) && restsUntilMs <= nowMs)
      .sort((a, b) => a.faults - b.faults || b.due.size - a.due.size)
      .slice(0, limits.blobHoldersMax);
  }

  #ask(holder: Holder): void {
    const { blobWantedMax, blobPatienceMs } = limits;
    // In batches: one question for each chunk would cost more than it gains.
    if (holder.due.size > blobWantedMax / 2) return;
    const slots = this.#choose(holder, blobWantedMax - holder.due.size);
    if (slots.length === 0) return;
    const untilMs = this.#host.clock.monotonic() + blobPatienceMs;
    for (const slot of slots) {
      holder.due.set(slot, untilMs);
      this.#asked.add(slot);
    }
    this.#host.wire.send(holder.peer, { t: 'want', id: this.file.id, slots }).catch(() => {
      this.#release(holder);
    });
  }

  /** This holder can be asked for it, and has not been. */
  #isDue({ peer }: Holder, slot: number): boolean {
    if (this.file.have.has(slot) || this.#asked.has(slot)) return false;
    if (this.#host.haves.get(peer.deviceHex)?.has(slot) !== true) return false;
    return this.file.isNamed(slot) && mayTravel(peer, this.file, slot);
  }

  /** What is waited for; else of the next missing ones that this holder has those that the fewest have. */
  #choose(holder: Holder, count: number): ReadonlyArray<number> {
    const hurried = [...this.#hurried].reverse().flat();
    const first = [...new Set(hurried)].filter((slot) => this.#isDue(holder, slot));
    if (first.length > 0) return first.slice(0, count);
    const candidates: number[] = [];
    const { slotCount, hasPreview } = this.file.layout;
    const end = this.#host.isWanted() ? slotCount : hasPreview ? 1 : 0;
    for (let slot = 0; slot < end && candidates.length < lookAhead; slot++) {
      if (this.#isDue(holder, slot)) candidates.push(slot);
    }
    const rarity = new Map(candidates.map((slot) => [slot, this.#holderCount(slot)]));
    const rank = (slot: number): number => rarity.get(slot) ?? 0;
    return candidates.sort((a, b) => rank(a) - rank(b) || a - b).slice(0, count);
  }

  #holderCount(slot: number): number {
    return [...this.#holders.values()].filter(
      ({ peer }) => this.#host.haves.get(peer.deviceHex)?.has(slot) === true,
    ).length;
  }

  #lookLater(): void {
    if (this.#cancelLook !== undefined) return;
    const isResting = [...this.#holders.values()].some(({ restsUntilMs }) => restsUntilMs > 0);
    if (!this.isActive && !isResting) return;
    this.#cancelLook = this.#host.clock.schedule(limits.blobPatienceMs, () => {
      this.#cancelLook = undefined;
      this.pump();
    });
  }
}
