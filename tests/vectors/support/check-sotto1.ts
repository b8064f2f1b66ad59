/** Each section of sotto1.json, read by the second decoder. All throw what does not hold. */
import {
  chainOf,
  digestOf,
  epochKeys,
  hashOf,
  hex,
  inviteOf,
  must,
  openEnvelope,
  openSeal,
  publicKeyOf,
  ratchet,
  readBind,
  readOp,
  textIn,
  unhex,
  writerSeedOf,
  type Bytes,
} from './second-decoder.ts';

/** Names of hex strings, with numbers and lists beside them. */
type Hex<Name extends string> = Readonly<Record<Name, string>>;

const same = (bytes: Bytes, expected: string, what: string): void => {
  must(hex(bytes) === expected, what);
};

interface KeyScheduleCase extends Hex<
  | 'epochId'
  | 'secret'
  | 'deviceSecret'
  | 'devSignPub'
  | 'admitSeed'
  | 'admitPub'
  | 'mailboxId'
  | 'topic'
  | 'rdv'
  | 'rdvSeal'
  | 'bind'
  | 'ephemeral'
  | 'secretHash'
  | 'chain'
  | 'writerSeed'
  | 'writerPub'
> {
  readonly incarnation: number;
  readonly messageKeys: ReadonlyArray<string>;
}

export const checkKeySchedule = (vector: KeyScheduleCase): void => {
  const { incarnation, messageKeys } = vector;
  const [epochId, secret] = [unhex(vector.epochId), unhex(vector.secret)];
  const keys = epochKeys(epochId, secret);
  must(keys.topic === vector.topic, 'topic');
  const { admitSeed, admitPub, mailboxId, rdv, rdvSeal, bind, ephemeral, secretHash } = keys;
  same(admitSeed, vector.admitSeed, 'admit seed');
  same(admitPub, vector.admitPub, 'admit key');
  same(mailboxId, vector.mailboxId, 'mailbox');
  same(rdv, vector.rdv, 'meeting key');
  same(rdvSeal, vector.rdvSeal, 'meeting seal');
  same(bind, vector.bind, 'bind key');
  same(ephemeral, vector.ephemeral, 'ephemeral key');
  same(secretHash, vector.secretHash, 'secret hash');
  const seed = writerSeedOf(unhex(vector.deviceSecret), epochId, incarnation);
  same(seed, vector.writerSeed, 'writer seed');
  same(publicKeyOf(seed), vector.writerPub, 'writer key');
  const devSignPub = unhex(vector.devSignPub);
  let chain = chainOf({ epochId, secret, devSignPub, incarnation });
  same(chain, vector.chain, 'chain key');
  for (const [index, expected] of messageKeys.entries()) {
    const { messageKey, next } = ratchet(chain, index + 1);
    same(messageKey, expected, `message key ${String(index + 1)}`);
    chain = next;
  }
};

interface LogCase extends Hex<'epochId' | 'secret' | 'devSignPub'> {
  readonly incarnation: number;
  readonly entries: ReadonlyArray<
    Hex<'bytes' | 'hash' | 'skeleton' | 'body'> & { readonly text?: string }
  >;
}

export const checkLog = (vector: LogCase): void => {
  const { incarnation, entries } = vector;
  const [epochId, secret] = [unhex(vector.epochId), unhex(vector.secret)];
  const keys = epochKeys(epochId, secret);
  let chain = chainOf({ epochId, secret, devSignPub: unhex(vector.devSignPub), incarnation });
  let prev = '00'.repeat(32);
  let writer: string | undefined;
  for (const [seq, entry] of entries.entries()) {
    const step = seq === 0 ? { messageKey: keys.bind, next: chain } : ratchet(chain, seq);
    const opened = openEnvelope(unhex(entry.bytes), step.messageKey);
    must(opened.seq === seq && hex(opened.prev) === prev, 'entries follow each other');
    same(opened.mailbox16, hex(keys.mailboxId.slice(0, 16)), 'mailbox');
    same(opened.body, entry.body, 'body');
    same(opened.skeleton, entry.skeleton, 'skeleton');
    same(opened.hash, entry.hash, 'entry hash');
    must(writer === undefined || writer === hex(opened.writerPub), 'one writer');
    writer = hex(opened.writerPub);
    if (entry.text === undefined) {
      const bind = readBind(opened.body);
      same(bind.epochId, vector.epochId, 'the bind names the epoch');
      same(bind.devSignPub, vector.devSignPub, 'and the device');
      same(bind.writerPub, writer, 'and the writer');
      must(bind.incarnation === incarnation, 'and the incarnation');
    } else {
      same(textIn(opened.body), entry.text, 'text');
    }
    prev = entry.hash;
    chain = step.next;
  }
};

export const checkSeal = (
  vector: Hex<
    | 'epochId'
    | 'ephemeralPub'
    | 'box'
    | 'bundle'
    | 'devSignPub'
    | 'x25519Seed'
    | 'kemSeed'
    | 'inboxSeed'
    | 'inboxPub'
    | 'secretHash'
    | 'secret'
  >,
): void => {
  const opened = openSeal({
    epochId: unhex(vector.epochId),
    ephemeralPub: unhex(vector.ephemeralPub),
    box: unhex(vector.box),
    bundle: unhex(vector.bundle),
    devSignPub: unhex(vector.devSignPub),
    x25519Seed: unhex(vector.x25519Seed),
    kemSeed: unhex(vector.kemSeed),
    inboxSeed: unhex(vector.inboxSeed),
    inboxPub: unhex(vector.inboxPub),
  });
  same(opened, vector.secret, 'secret');
  same(hashOf('sotto1/secret', opened), vector.secretHash, 'secret hash');
};

export const checkRecipients = (vector: {
  readonly devices: ReadonlyArray<string>;
  readonly digest: string;
}): void => {
  same(digestOf(vector.devices.map(unhex)), vector.digest, 'recipients digest');
};

export const checkInvite = (
  vector: Hex<'secret' | 'inviteId' | 'invPub' | 'pseudoSecret' | 'boxSeed' | 'historySeed'>,
): void => {
  const derived = inviteOf(unhex(vector.secret));
  same(derived.inviteId, vector.inviteId, 'invite id');
  same(derived.invPub, vector.invPub, 'invite key');
  same(derived.pseudoSecret, vector.pseudoSecret, 'secret of the room');
  same(derived.boxSeed, vector.boxSeed, 'box seed');
  same(derived.historySeed, vector.historySeed, 'history seed');
};

export type OpCase = Hex<'bytes' | 'opId' | 'type'> & { readonly depth: number };

export const checkOp = ({ bytes, opId, type, depth }: OpCase): ReturnType<typeof readOp> => {
  const op = readOp(unhex(bytes));
  same(op.opId, opId, 'op id');
  must(op.type === type && op.depth === depth, 'kind and depth');
  return op;
};

export interface OpsCase extends Hex<'convId' | 'recipientsDigest'> {
  readonly devices: ReadonlyArray<string>;
  readonly ops: ReadonlyArray<OpCase>;
}

/** Ids, signatures and places; what the ops amount to is the resolver's, not read twice here. */
export const checkOps = ({ ops, convId, devices, recipientsDigest }: OpsCase): void => {
  const depthById = new Map<string, number>();
  for (const vector of ops) {
    const op = checkOp(vector);
    same(op.convId, convId, 'conversation');
    const depths = op.parents.map((id) => depthById.get(id) ?? Infinity);
    must(vector.depth === Math.max(-1, ...depths) + 1, 'one deeper than its parents');
    depthById.set(vector.opId, vector.depth);
  }
  same(digestOf(devices.map(unhex)), recipientsDigest, 'recipients');
};
