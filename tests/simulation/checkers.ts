/** What must hold when faults have stopped and the world has had time (RELIABILITY §1). */
import type { Peer } from './peer.ts';

/** A message that its author was told is kept. */
export interface Acked {
  readonly author: string;
  readonly text: string;
  readonly key: string;
}

/** Who keeps the promises, and what was promised. */
export interface Promised {
  readonly peers: ReadonlyArray<Peer>;
  readonly acked: ReadonlyArray<Acked>;
  /** Members who lie: whether they say that they hold anything is up to them. */
  readonly liarCount: number;
}

/** Each sentence is a promise that was broken; none is what we want. */
export const brokenPromises = (promised: Promised): ReadonlyArray<string> => [
  ...findBroken(promised),
];

/** Everybody has everything: as above, up to the first thing that is not so. */
export const isConverged = (promised: Promised): boolean =>
  findBroken(promised).next().done === true;

function* findBroken({ peers, acked, liarCount }: Promised): Generator<string, void, undefined> {
  for (const peer of peers) {
    yield* peer.violations.map((violation) => `${peer.name}: ${violation}`);
    const { messages } = peer;
    const keys = messages.map(({ key }) => key);
    const held = new Set(keys);
    if (held.size !== keys.length) yield `I4 ${peer.name} shows a message twice`;
    for (const { author, text, key } of acked) {
      if (!held.has(key)) yield `I2 ${peer.name} lacks "${text}" by ${author}`;
    }
    for (const { text, delivery } of messages) {
      if (delivery !== undefined && delivery.haveCount < delivery.peopleCount - liarCount) {
        yield `I1 ${peer.name} does not see "${text}" delivered`;
      }
    }
    const isStopped = peer.state?.conversations.some(({ failure }) => failure !== undefined);
    if (isStopped === true) yield `I8 a conversation of ${peer.name} stopped`;
  }
  const [first] = peers;
  for (const peer of peers.slice(1)) {
    const at = firstDifference(first?.messages ?? [], peer.messages);
    if (at === undefined) continue;
    const [one, other] = [peer, first].map((shown) => shown?.texts[at] ?? 'nothing more');
    yield `I3 ${peer.name} shows "${String(one)}" where ${first?.name ?? ''} shows "${String(other)}"`;
  }
}

/** Where two screens part. */
const firstDifference = (
  one: ReadonlyArray<{ readonly key: string }>,
  other: ReadonlyArray<{ readonly key: string }>,
): number | undefined => {
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    if (one[at]?.key !== other[at]?.key) return at;
  }
  return undefined;
};
