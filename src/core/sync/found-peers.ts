/**
 * Whom this device found at relays, and whom of them to dial. Whoever holds an epoch's secret can
 * leave any number of addresses under it that lead nowhere: so what was found counts by epoch, each
 * epoch has its turn, and who has proved to be a member's device comes before all others.
 */
import type { PeerAddress, PeerId } from '../../network/port.ts';
import { limits } from '../../protocol/limits.ts';

interface Found {
  readonly address: PeerAddress;
  readonly expiresAtMs: number;
}

/** By peer, the most recent last. */
type Share = Map<PeerId, Found>;

export class FoundPeers {
  readonly #isProved: (peerId: PeerId) => boolean;
  /** By epoch, the one that was heard of last at the end. */
  readonly #shares = new Map<string, Share>();

  constructor(isProved: (peerId: PeerId) => boolean) {
    this.#isProved = isProved;
  }

  note(epochHex: string, address: PeerAddress, expiresAtMs: number): void {
    const share: Share = this.#shares.get(epochHex) ?? new Map<PeerId, Found>();
    this.#shares.delete(epochHex);
    this.#shares.set(epochHex, share);
    // They say it again now and then: who was there before us stays that.
    const wereThere = address.wereThere === true || wasThere(share.get(address.peerId));
    share.delete(address.peerId);
    share.set(address.peerId, {
      address: wereThere ? { ...address, wereThere } : address,
      expiresAtMs,
    });
    if (share.size > limits.foundPerEpochMax) this.#dropOldest(share);
    if (this.#size > limits.foundPeersMax) this.#dropOldest(this.#largest);
  }

  /** Who was there before us is said anew by a relay that comes back: both may be after each other there. */
  forgetOrder(): void {
    for (const share of this.#shares.values()) {
      for (const [peerId, { address, expiresAtMs }] of share) {
        const { relays, direct } = address;
        const unordered = { peerId, relays, ...(direct !== undefined && { direct }) };
        share.set(peerId, { address: unordered, expiresAtMs });
      }
    }
  }

  /** [MT1] Proved ones first, then each epoch's newest in turn. */
  wanted(nowMs: number): ReadonlyArray<PeerAddress> {
    for (const share of this.#shares.values()) {
      for (const [peerId, { expiresAtMs }] of share) if (expiresAtMs < nowMs) share.delete(peerId);
    }
    const newestFirst = [...this.#shares.values()].map((share) => [...share.values()].reverse());
    const inTurn = takeTurns(newestFirst).map(({ address }) => address);
    const byPeer = new Map<PeerId, PeerAddress>();
    // What was said of it under one epoch alone, as where it listens, holds with what another says.
    for (const address of inTurn) {
      byPeer.set(address.peerId, { ...byPeer.get(address.peerId), ...address });
    }
    const once = [...byPeer.values()];
    const proved = once.filter(({ peerId }) => this.#isProved(peerId));
    const others = once.filter((address) => !proved.includes(address));
    return [...proved, ...others].slice(0, limits.wantedPeersMax);
  }

  get #size(): number {
    return [...this.#shares.values()].reduce((sum, share) => sum + share.size, 0);
  }

  get #largest(): Share {
    return [...this.#shares.values()].reduce((a, b) => (b.size > a.size ? b : a));
  }

  #dropOldest(share: Share): void {
    const [oldest] = share.keys();
    const unproved = [...share.keys()].find((peerId) => !this.#isProved(peerId)) ?? oldest;
    if (unproved !== undefined) share.delete(unproved);
  }
}

const wasThere = (found: Found | undefined): boolean => found?.address.wereThere === true;

const takeTurns = <T>(lists: ReadonlyArray<ReadonlyArray<T>>): ReadonlyArray<T> => {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, turn) =>
    lists.flatMap((list) => list.slice(turn, turn + 1)),
  ).flat();
};
