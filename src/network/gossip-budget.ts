/**
 * How many gossip frames one peer may bring. Looking at a frame costs the window little and the core
 * more, and gossipsub remembers each for minutes: nobody honest brings thousands in a second.
 */
import { limits } from '../protocol/limits.ts';
import type { PeerId } from './port.ts';

/** Ask the core about this frame; leave it unseen; or hang up on who brings it. */
export type Spending = 'ask' | 'skip' | 'deny';

export interface GossipBudget {
  /** For one frame from this peer. */
  spend(peerId: PeerId): Spending;
}

/** [NG6] A bucket for each peer, which goes into debt as deep as it is full; deeper is a flood. */
export const createGossipBudget = (now: () => number): GossipBudget => {
  const { gossipBurstMax, gossipPerSecondMax, peersDeniedMax } = limits;
  const purses = new Map<PeerId, { readonly frames: number; readonly atMs: number }>();
  return {
    spend: (peerId) => {
      const nowMs = now();
      const purse = purses.get(peerId) ?? { frames: gossipBurstMax, atMs: nowMs };
      const earned = ((nowMs - purse.atMs) / 1000) * gossipPerSecondMax;
      const frames = Math.min(gossipBurstMax, purse.frames + earned) - 1;
      purses.delete(peerId); // the most recent last: the oldest makes room
      const [oldest] = purses.keys();
      if (purses.size >= peersDeniedMax && oldest !== undefined) purses.delete(oldest);
      purses.set(peerId, { frames, atMs: nowMs });
      if (frames >= 0) return 'ask';
      return frames >= -gossipBurstMax ? 'skip' : 'deny';
    },
  };
};
