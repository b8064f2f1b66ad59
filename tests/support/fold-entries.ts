/** Entries as the fold is given them, without the envelopes they would come in. */
import { bytesToLatin1, toHex } from '../../src/base/bytes.ts';
import { Epoch, type OpenedEntry } from '../../src/core/epochs/epoch.ts';
import { Fold } from '../../src/core/conversation/reading/fold.ts';
import { standingRules } from '../../src/core/conversation/reading/standing.ts';
import type { CborValue } from '../../src/protocol/cbor.ts';
import { bytesNamed } from './conversation.ts';

export const epoch = new Epoch({
  epochId: bytesNamed('epoch'),
  secret: bytesNamed('secret'),
  base: 0,
  segment: 's',
  order: 0,
});

/** One log each, named like its author. */
export const identityOf = (author: string): Uint8Array => bytesNamed(`identity ${author}`);
export const hexOf = (author: string): string => toHex(identityOf(author));
export const logKeyOf = (author: string): string =>
  `${epoch.idHex}/${toHex(bytesNamed(`writer ${author}`))}`;

export interface Said {
  readonly author: string;
  readonly seq: number;
  readonly type: string;
  readonly mid: Uint8Array;
  readonly lamport: number;
  readonly payload: CborValue;
}

export const midOf = (n: number): Uint8Array => new Uint8Array(16).fill(n);

export const hashOf = ({ author, seq }: Said): Uint8Array =>
  bytesNamed(`entry ${author} ${String(seq)}`);

export const entryOf = (said: Said): OpenedEntry => ({
  epoch,
  devSignPub: bytesNamed(`device ${said.author}`),
  writerPub: bytesNamed(`writer ${said.author}`),
  place: {
    epochHex: epoch.idHex,
    writerHex: toHex(bytesNamed(`writer ${said.author}`)),
    seq: said.seq,
  },
  hash: bytesToLatin1(hashOf(said)),
  body: {
    type: said.type,
    mid: said.mid,
    lamport: said.lamport,
    sentAt: said.lamport,
    deps: { entries: [], vectorHash: new Uint8Array(32) },
    payload: said.payload,
  },
});

/** A fold on alice's device; how far each log counts can change under it. */
export const createFold = (
  limitByAuthor: Map<string, number>,
  isHidden: (key: string) => boolean = () => false,
): Fold => {
  const authors = new Map<string, string>();
  for (const author of limitByAuthor.keys()) authors.set(logKeyOf(author), author);
  return new Fold({
    ownHex: hexOf('alice'),
    clock: { now: () => 0 },
    limitOf: (logKey) => limitByAuthor.get(authors.get(logKey) ?? '') ?? Infinity,
    onSeal: () => undefined,
    onArrived: () => undefined,
    rules: standingRules({ forks: [] }, () => undefined),
    isHidden,
  });
};

export const take = (fold: Fold, said: Said): void => {
  fold.take(entryOf(said), hexOf(said.author), 'live');
};
