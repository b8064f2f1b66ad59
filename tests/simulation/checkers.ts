/** What must hold when faults have stopped and the world has had time (RELIABILITY §1). */
import type { MessageItem } from '../../src/core/api.ts';
import type { Peer } from './peer.ts';

/** A message that its author was told is kept. */
export interface Acked {
  readonly author: string;
  readonly text: string;
  readonly key: string;
}

const messagesOf = (peer: Peer): ReadonlyArray<MessageItem> => peer.messages;

/** Each sentence is a promise that was broken; none is what we want. */
export const brokenPromises = (
  peers: ReadonlyArray<Peer>,
  acked: ReadonlyArray<Acked>,
): ReadonlyArray<string> => {
  const broken: string[] = [];
  for (const peer of peers) {
    broken.push(...peer.violations.map((violation) => `${peer.name}: ${violation}`));
    const keys = messagesOf(peer).map(({ key }) => key);
    if (new Set(keys).size !== keys.length) broken.push(`I4 ${peer.name} shows a message twice`);
    const held = new Set(keys);
    for (const { author, text, key } of acked) {
      if (!held.has(key)) broken.push(`I2 ${peer.name} lacks "${text}" by ${author}`);
    }
    const waiting = messagesOf(peer).filter(
      ({ delivery }) => delivery !== undefined && delivery.haveCount < delivery.peopleCount,
    );
    for (const { text } of waiting) broken.push(`I1 ${peer.name} does not see "${text}" delivered`);
  }
  const [first, ...others] = peers.map((peer) =>
    messagesOf(peer)
      .map(({ key }) => key)
      .join(),
  );
  for (const [i, order] of others.entries()) {
    if (order !== first) broken.push(`I3 ${peers[i + 1]?.name ?? ''} shows another order`);
  }
  return broken;
};

/** Everybody has everything: a cheaper question than the one above, asked while waiting. */
export const isConverged = (peers: ReadonlyArray<Peer>, acked: ReadonlyArray<Acked>): boolean =>
  brokenPromises(peers, acked).length === 0;
