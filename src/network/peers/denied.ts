import { limits } from '../../protocol/limits.ts';
import type { PeerId } from '../port.ts';

/** Peers refused for a while. Bounded: the one whose time ends first makes room. */
export interface Denied {
  add(peerId: PeerId, forMs: number): void;
  has(peerId: PeerId): boolean;
}

export const createDenied = (now: () => number): Denied => {
  const untilByPeer = new Map<PeerId, number>();
  const dropOldest = (): void => {
    let oldest: [PeerId, number] | undefined;
    for (const entry of untilByPeer) {
      if (oldest === undefined || entry[1] < oldest[1]) oldest = entry;
    }
    if (oldest !== undefined) untilByPeer.delete(oldest[0]);
  };
  return {
    add: (peerId, forMs) => {
      untilByPeer.set(peerId, now() + forMs);
      if (untilByPeer.size > limits.peersDeniedMax) dropOldest();
    },
    has: (peerId) => {
      const untilMs = untilByPeer.get(peerId);
      if (untilMs === undefined) return false;
      if (now() < untilMs) return true;
      untilByPeer.delete(peerId);
      return false;
    },
  };
};
