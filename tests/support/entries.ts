/** Opened entries, for what reads them: no keys, no seals, only what a body says and where it lies. */
import { bytesToLatin1, toHex, utf8ToBytes } from '../../src/base/bytes.ts';
import { hash } from '../../src/crypto/hash.ts';
import { Epoch, type OpenedEntry } from '../../src/core/epochs/epoch.ts';
import { messageKey, type PlacedMessage } from '../../src/core/conversation/reading/projection.ts';
import type { CborValue } from '../../src/protocol/cbor.ts';

export const named = (name: string): Uint8Array => hash('sotto1/test', utf8ToBytes(name));
export const idOf = (name: string): string => toHex(named(name));
export const midOf = (name: string): Uint8Array => named(name).slice(0, 16);

const epochOf = (order: number): Epoch =>
  new Epoch({ epochId: named('epoch'), secret: named('secret'), base: 0, segment: '', order });

const epoch = epochOf(0);
const history = epochOf(-1);

export interface EntryOf {
  /** Whose log it lies in. */
  readonly by: string;
  readonly seq: number;
  readonly lamport?: number;
  readonly sentAt?: number;
  readonly type?: string;
  readonly mid?: string;
  readonly payload?: CborValue;
  readonly isHistory?: boolean;
}

export const entryOf = ({
  by,
  seq,
  lamport = seq,
  sentAt = 0,
  type = 'text',
  mid = `${by} ${String(seq)}`,
  payload = { text: mid },
  isHistory = false,
}: EntryOf): OpenedEntry => ({
  epoch: isHistory ? history : epoch,
  devSignPub: named(`device of ${by}`),
  writerPub: named(`writer of ${by}`),
  place: { epochHex: epoch.idHex, writerHex: toHex(named(`writer of ${by}`)), seq },
  hash: bytesToLatin1(named(`${by}/${String(seq)}`)),
  body: {
    type,
    mid: midOf(mid),
    lamport,
    sentAt,
    deps: { entries: [], vectorHash: new Uint8Array(32) },
    payload,
  },
});

/** As the fold makes it of such an entry. */
export const messageOf = (from: EntryOf): PlacedMessage => {
  const { body, place, hash: entryHash } = entryOf(from);
  return {
    type: 'message',
    key: messageKey(idOf(from.by), body.mid),
    authorHex: idOf(from.by),
    payload: { text: 'text' },
    poll: undefined,
    threadKey: undefined,
    sentAt: body.sentAt,
    lamport: body.lamport,
    hash: entryHash,
    place,
    arrivedAtMs: undefined,
  };
};
