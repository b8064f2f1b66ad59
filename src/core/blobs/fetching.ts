/**
 * Fetches one file from whoever has it. Each holder is asked for a bounded number of chunks, the
 * rarest of the next ones first, and for more as they come: a fast one gives more by itself. Where
 * all that is left was asked for, who is idle is asked for the same: a slow one does not hold up the
 * end. One that does not answer rests for a while, each time for longer; one that sends what is no
 * chunk of the file is left out for good.
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
  restsUntilMs: number;
  /** Since it was asked, or last gave something. */
  quietSinceMs: number;
  /** Asked for, and when. */
  readonly due: Map<number, number>;
}

export interface FetchHost {
  readonly clock: Clock;
  readonly wire: BlobWire;
  /** What each device says it holds of the file. */
  readonly haves: ReadonlyMap<string, Have>;
  /** More than the preview. */
  isWanted(): boolean;
  /** Time went by: somebody may be late, or rested. */
  due(): void;
}

export class Fetching {
  readonly file: BlobFile;
  readonly #host: FetchHost;
  readonly #holders = new Map<number, Holder>();
  /** Devices that sent something else than the chunk they were asked for. */
  readonly #liars = new Set<string>();
  /** By device: times in a row that it did not answer, over whatever link. */
  readonly #faults = new Map<string, number>();
  /** Of how many holders. */
  readonly #asked = new Map<number, number>();
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

  /** Somebody waits for a part of it, whether it is wanted or not. */
  get isHurried(): boolean {
    return this.#hurried.size > 0;
  }

  /** Somebody said to have something of it. */
  get isKnown(): boolean {
    return this.#host.haves.size > 0;
  }

  /** Somebody who does not rest has something that can be asked for now. */
  get canAsk(): boolean {
    this.update();
    return this.#usable().some((holder) => this.#choose(holder, 1).length > 0);
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
    this.update();
    for (const holder of this.#usable()) this.#ask(holder);
    this.#lookLater();
  }

  /** Lets go of who went, and of who does not answer; asks for nothing. */
  update(): void {
    this.#followLinks();
    this.#giveUpLate();
  }

  /** What is due still comes, or is late; nothing more is asked for now. */
  pause(): void {
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
    if (holder === undefined) return;
    if (holder.due.delete(slot)) this.#unask(slot);
    holder.quietSinceMs = this.#host.clock.monotonic();
    if (outcome === 'good') this.#faults.delete(holder.peer.deviceHex);
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
    for (const slot of due.keys()) this.#unask(slot);
    due.clear();
  }

  #unask(slot: number): void {
    const others = (this.#asked.get(slot) ?? 0) - 1;
    if (others > 0) this.#asked.set(slot, others);
    else this.#asked.delete(slot);
  }

  /** Links come and go; who comes back over another one begins anew. */
  #followLinks(): void {
    const peers = new Map(this.#host.wire.peers().map((peer) => [peer.link, peer]));
    for (const [link, holder] of this.#holders) {
      const peer = peers.get(link);
      if (peer === undefined) this.#release(holder);
      if (peer === undefined) this.#holders.delete(link);
      else holder.peer = peer;
    }
    for (const [link, peer] of peers) {
      if (this.#holders.has(link) || this.#liars.has(peer.deviceHex)) continue;
      this.#holders.set(link, { peer, restsUntilMs: 0, quietSinceMs: 0, due: new Map() });
    }
  }

  /** [FT20] Quiet for too long; what it is slow with may still come. */
  #giveUpLate(): void {
    const nowMs = this.#host.clock.monotonic();
    const { blobFaultsMax, blobPatienceMs, blobRetryMs, blobRestMaxMs } = limits;
    for (const holder of this.#holders.values()) {
      if (holder.due.size === 0 || nowMs - holder.quietSinceMs < blobPatienceMs) continue;
      this.#release(holder);
      const { deviceHex } = holder.peer;
      const faults = this.#faultsOf(holder) + 1;
      this.#faults.set(deviceHex, faults);
      if (faults < blobFaultsMax) continue;
      const restMs = Math.min(blobRestMaxMs, blobRetryMs * 2 ** (faults - blobFaultsMax));
      holder.restsUntilMs = nowMs + restMs;
    }
  }

  #faultsOf({ peer }: Holder): number {
    return this.#faults.get(peer.deviceHex) ?? 0;
  }

  #isOfUse(peer: BlobPeer): boolean {
    const have = this.#host.haves.get(peer.deviceHex);
    return have !== undefined && have.count > 0 && !this.#liars.has(peer.deviceHex);
  }

  #usable(): ReadonlyArray<Holder> {
    const nowMs = this.#host.clock.monotonic();
    return [...this.#holders.values()]
      .filter(({ peer, restsUntilMs }) => this.#isOfUse(peer) && restsUntilMs <= nowMs)
      .sort((a, b) => this.#faultsOf(a) - this.#faultsOf(b) || b.due.size - a.due.size)
      .slice(0, limits.blobHoldersMax);
  }

  #ask(holder: Holder): void {
    const { blobWantedMax } = limits;
    // In batches: one question for each chunk would cost more than it gains.
    if (holder.due.size > blobWantedMax / 2) return;
    const slots = this.#choose(holder, blobWantedMax - holder.due.size);
    if (slots.length === 0) return;
    const nowMs = this.#host.clock.monotonic();
    if (holder.due.size === 0) holder.quietSinceMs = nowMs;
    for (const slot of slots) {
      holder.due.set(slot, nowMs);
      this.#asked.set(slot, (this.#asked.get(slot) ?? 0) + 1);
    }
    this.#host.wire.send(holder.peer, { t: 'want', id: this.file.id, slots }).catch(() => {
      this.#release(holder);
    });
  }

  /**
   * What is waited for; else of the next missing ones that this holder has those that the fewest have.
   */
  #choose(holder: Holder, count: number): ReadonlyArray<number> {
    const isFree = (slot: number): boolean => !this.#asked.has(slot);
    const hurried = new Set([...this.#hurried].reverse().flat());
    const first = [...hurried].filter((slot) => isFree(slot) && this.#canGive(holder, slot));
    if (first.length > 0) return first.slice(0, count);
    const candidates = this.#candidates(holder, isFree);
    if (candidates.length === 0 && holder.due.size === 0) return this.#late(holder, count);
    const rarity = new Map(candidates.map((slot) => [slot, this.#holderCount(slot)]));
    const rank = (slot: number): number => rarity.get(slot) ?? 0;
    return candidates.sort((a, b) => rank(a) - rank(b) || a - b).slice(0, count);
  }

  /** [FT19] Nothing else is left for it: what another was asked for a while ago, once more. */
  #late(holder: Holder, count: number): ReadonlyArray<number> {
    const beforeMs = this.#host.clock.monotonic() - limits.blobLateMs;
    const late = new Set<number>();
    for (const { due } of this.#holders.values()) {
      for (const [slot, atMs] of due) if (atMs <= beforeMs) late.add(slot);
    }
    const isFree = (slot: number): boolean =>
      late.has(slot) && (this.#asked.get(slot) ?? 0) < limits.blobAskedOfMax;
    return this.#candidates(holder, isFree).slice(0, count);
  }

  /** It is missing here, and this holder may send it. */
  #canGive({ peer }: Holder, slot: number): boolean {
    if (this.file.have.has(slot) || !this.file.isNamed(slot)) return false;
    const have = this.#host.haves.get(peer.deviceHex);
    return have?.has(slot) === true && mayTravel(peer, this.file, slot);
  }

  #candidates(holder: Holder, isFree: (slot: number) => boolean): number[] {
    const candidates: number[] = [];
    const { slotCount, hasPreview } = this.file.layout;
    const end = this.#host.isWanted() ? slotCount : hasPreview ? 1 : 0;
    for (let slot = 0; slot < end && candidates.length < lookAhead; slot++) {
      if (isFree(slot) && this.#canGive(holder, slot)) candidates.push(slot);
    }
    return candidates;
  }

  #holderCount(slot: number): number {
    return [...this.#holders.values()].filter(
      ({ peer }) => this.#host.haves.get(peer.deviceHex)?.has(slot) === true,
    ).length;
  }

  #lookLater(): void {
    if (this.#cancelLook !== undefined) return;
    const nowMs = this.#host.clock.monotonic();
    const rests = [...this.#holders.values()]
      .map(({ restsUntilMs }) => restsUntilMs - nowMs)
      .filter((restMs) => restMs > 0);
    if (!this.isActive && rests.length === 0) return;
    const waitMs = this.isActive ? limits.blobLateMs : Math.min(...rests);
    this.#cancelLook = this.#host.clock.schedule(waitMs, () => {
      this.#cancelLook = undefined;
      this.#host.due();
    });
  }
}
