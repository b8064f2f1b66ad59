/**
 * Sotto protocol 1 read a second time, from SPEC.md and with nothing of this repository: its own
 * CBOR, envelopes, key schedule, seals and operations, over node:crypto and tweetnacl. It says what
 * is wrong with a value of sotto1.json, or throws, and never repairs. (SPEC.md, GB2)
 */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import nacl from 'tweetnacl';

export type Bytes = Uint8Array;
type Cbor = null | boolean | number | string | Bytes | Cbor[] | Map<string, Cbor>;

const ascii = (text: string): Bytes => new TextEncoder().encode(text);
export const hex = (bytes: Bytes): string => Buffer.from(bytes).toString('hex');
export const unhex = (text: string): Bytes => Uint8Array.from(Buffer.from(text, 'hex'));
const join = (...parts: Bytes[]): Bytes => Uint8Array.from(Buffer.concat(parts));
const u32 = (value: number): Bytes => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return Uint8Array.from(bytes);
};
const u64 = (value: number): Bytes => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return Uint8Array.from(bytes);
};

export const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

// ---------------------------------------------------------------- primitives (CR1, CR2)

export const hashOf = (label: string, input: Bytes): Bytes =>
  Uint8Array.from(
    createHash('sha512')
      .update(join(ascii(label), Uint8Array.of(0), input))
      .digest(),
  ).slice(0, 32);
const hmac = (key: Bytes, input: Bytes): Bytes =>
  Uint8Array.from(createHmac('sha512', key).update(input).digest());
const hkdf = (salt: Bytes, ikm: Bytes, info: Bytes): Bytes =>
  new Uint8Array(hkdfSync('sha512', ikm, salt, info, 32));
const isSigned = (publicKey: Bytes, message: Bytes, signature: Bytes): boolean =>
  nacl.sign.detached.verify(message, signature, publicKey);

// ---------------------------------------------------------------- CBOR (CB1, CB2)

/** One value and where it ends. */
const readCbor = (bytes: Bytes, start: number): [Cbor, number] => {
  const first = bytes[start] ?? -1;
  const [major, short] = [first >> 5, first & 31];
  let at = start + 1;
  let count = short;
  if (short >= 24) {
    must(short <= 27 && first >= 0, 'a length of one, two, four or eight bytes');
    const size = 2 ** (short - 24);
    must(at + size <= bytes.length, 'the length is there');
    count = Number(`0x${hex(bytes.slice(at, at + size))}`);
    at += size;
    const least = [24, 256, 65_536, 2 ** 32][short - 24] ?? 0;
    must(Number.isSafeInteger(count) && count >= least, 'the shortest length');
  }
  const items = (wanted: number): Cbor[] => {
    const read: Cbor[] = [];
    for (let i = 0; i < wanted; i++) {
      const [item, next] = readCbor(bytes, at);
      read.push(item);
      at = next;
    }
    return read;
  };
  switch (major) {
    case 0:
      return [count, at];
    case 1:
      return [-1 - count, at];
    case 2:
    case 3: {
      must(at + count <= bytes.length, 'the string is there');
      const content = bytes.slice(at, at + count);
      at += count;
      return [
        major === 2 ? content : new TextDecoder('utf-8', { fatal: true }).decode(content),
        at,
      ];
    }
    case 4:
      return [items(count), at];
    case 5: {
      const map = new Map<string, Cbor>();
      let before = '';
      for (let i = 0; i < count; i++) {
        const keyStart = at;
        const [key] = items(1);
        if (typeof key !== 'string') throw new Error('keys are text');
        const order = hex(bytes.slice(keyStart, at));
        must(order > before, 'keys ascend');
        before = order;
        map.set(key, items(1)[0] ?? null);
      }
      return [map, at];
    }
    default:
      must(first === 0xf4 || first === 0xf5 || first === 0xf6, 'false, true or null');
      return [first === 0xf6 ? null : first === 0xf5, at];
  }
};

const decode = (bytes: Bytes): Cbor => {
  const [value, end] = readCbor(bytes, 0);
  must(end === bytes.length, 'nothing follows');
  return value;
};

const at = (value: Cbor | undefined, name: string): Cbor => {
  const found = value instanceof Map ? value.get(name) : undefined;
  if (found === undefined) throw new Error(`there is ${name}`);
  return found;
};
const bytesAt = (value: Cbor | undefined, name: string): Bytes => {
  const found = at(value, name);
  if (!(found instanceof Uint8Array)) throw new Error(`${name} is bytes`);
  return found;
};

/** `CBOR ‖ signature[64]` over `label ‖ CBOR`. */
const signedRecord = (record: Bytes, label: string, publicKey: (value: Cbor) => Bytes): Cbor => {
  const [signed, signature] = [record.slice(0, -64), record.slice(-64)];
  const value = decode(signed);
  must(isSigned(publicKey(value), join(ascii(label), signed), signature), `${label} holds`);
  return value;
};

// ---------------------------------------------------------------- keys (EK1–EK6)

export const epochKeys = (epochId: Bytes, secret: Bytes) => {
  const derive = (name: string): Bytes => hkdf(epochId, secret, ascii(`sotto1/${name}`));
  const admitSeed = derive('admit');
  const admitPub = nacl.sign.keyPair.fromSeed(admitSeed).publicKey;
  const mailboxId = hashOf('sotto1/mailbox', admitPub);
  return {
    admitSeed,
    admitPub,
    mailboxId,
    topic: Buffer.from(derive('topic')).toString('base64url'),
    rdv: derive('rdv'),
    rdvSeal: derive('rdv-seal'),
    bind: derive('bind'),
    ephemeral: derive('ephemeral'),
    secretHash: hashOf('sotto1/secret', secret),
  };
};

export interface ChainPlace {
  readonly epochId: Bytes;
  readonly secret: Bytes;
  readonly devSignPub: Bytes;
  readonly incarnation: number;
}

export const chainOf = ({ epochId, secret, devSignPub, incarnation }: ChainPlace): Bytes =>
  hkdf(epochId, secret, join(ascii('sotto1/chain'), devSignPub, u32(incarnation)));

export const ratchet = (chain: Bytes, seq: number): { messageKey: Bytes; next: Bytes } => {
  const step = hmac(chain, u64(seq));
  return { messageKey: step.slice(0, 32), next: step.slice(32) };
};

export const writerSeedOf = (deviceSecret: Bytes, epochId: Bytes, incarnation: number): Bytes =>
  hkdf(new Uint8Array(0), deviceSecret, join(ascii('sotto1/writer'), epochId, u32(incarnation)));

export const publicKeyOf = (seed: Bytes): Bytes => nacl.sign.keyPair.fromSeed(seed).publicKey;

/** What a link's secret gives (IN1, HI3). */
export const inviteOf = (secret: Bytes) => {
  const derive = (name: string): Bytes =>
    hkdf(new Uint8Array(0), secret, ascii(`sotto1/inv-${name}`));
  const invPub = publicKeyOf(derive('sign'));
  return {
    inviteId: hashOf('sotto1/invite', invPub),
    invPub,
    pseudoSecret: derive('epoch'),
    boxSeed: derive('box'),
    historySeed: derive('history'),
  };
};

// ---------------------------------------------------------------- envelopes (EN1–EN6, PD1)

export const openEnvelope = (bytes: Bytes, messageKey: Bytes) => {
  const length = ((bytes[130] ?? 0) << 8) | (bytes[131] ?? 0);
  must(bytes[0] === 1 && bytes[1] === 1, 'kind and suite');
  must(bytes.length === 132 + length + 64, 'the length is exact');
  const [header, ciphertext, signature] = [
    bytes.slice(0, 132),
    bytes.slice(132, 132 + length),
    bytes.slice(132 + length),
  ];
  const writerPub = bytes.slice(18, 50);
  const contentHash = hashOf('sotto1/ct', ciphertext);
  const message = join(ascii('sotto1/envelope-sig'), header, contentHash);
  must(isSigned(writerPub, message, signature), 'the writer signed it');
  const derived = hmac(messageKey, bytes.slice(0, 114));
  must(hex(derived.slice(32, 48)) === hex(bytes.slice(114, 130)), 'the key is committed to');
  const padded = nacl.secretbox.open(ciphertext, bytes.slice(90, 114), derived.slice(0, 32));
  if (padded === null) throw new Error('it opens');
  const bodyLength = Buffer.from(padded.slice(0, 4)).readUInt32BE();
  must(
    padded.slice(4 + bodyLength).every((byte) => byte === 0),
    'padding is zeros',
  );
  must(padded.length === 128 || padded.length < 2 * (bodyLength + 4), 'padding is not more');
  const skeleton = join(header, contentHash, signature);
  return {
    mailbox16: bytes.slice(2, 18),
    writerPub,
    seq: Number(Buffer.from(bytes.slice(50, 58)).readBigUInt64BE()),
    prev: bytes.slice(58, 90),
    skeleton,
    hash: hashOf('sotto1/envelope', skeleton),
    body: padded.slice(4, 4 + bodyLength),
  };
};

/** What a `text` says. */
export const textIn = (body: Bytes): Bytes => {
  const value = decode(body);
  must(at(value, 'type') === 'text', 'it is a text');
  must(bytesAt(value, 'mid').length === 16, 'it has an id');
  const text = at(at(value, 'payload'), 'text');
  return ascii(typeof text === 'string' ? text : '');
};

export const readBind = (body: Bytes) => {
  const bind = signedRecord(body, 'sotto1/bind', (value) => bytesAt(value, 'devSignPub'));
  return {
    epochId: bytesAt(bind, 'epochId'),
    devSignPub: bytesAt(bind, 'devSignPub'),
    incarnation: at(bind, 'incarnation'),
    writerPub: bytesAt(bind, 'writerPub'),
    bundle: bytesAt(bind, 'prekeyBundle'),
  };
};

// ---------------------------------------------------------------- seals (PK1–PK3, SE1–SE3)

/** The key's PKCS #8 around its 64 bytes of seed. */
const kemPrefix = unhex('3054020100300b06096086480165030404020442' + '8040');

const kemKeyOf = (kemSeed: Bytes): KeyObject => {
  const key = Buffer.from(join(kemPrefix, kemSeed));
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
};

const kemPubOf = (key: KeyObject): Bytes =>
  Uint8Array.from(createPublicKey(key).export({ format: 'der', type: 'spki' })).slice(-1184);

export interface SealedBox {
  readonly epochId: Bytes;
  readonly ephemeralPub: Bytes;
  readonly box: Bytes;
  readonly bundle: Bytes;
  readonly devSignPub: Bytes;
  readonly x25519Seed: Bytes;
  readonly kemSeed: Bytes;
  readonly inboxSeed: Bytes;
  readonly inboxPub: Bytes;
}

export const openSeal = (sealed: SealedBox): Bytes => {
  const { epochId, ephemeralPub, box, bundle } = sealed;
  const prekey = signedRecord(bundle, 'sotto1/prekey-sig', () => sealed.devSignPub);
  const isToInbox = box.slice(0, 8).every((byte) => byte === 0);
  const bundleId = hex(hashOf('sotto1/prekey', bundle).slice(0, 8));
  must(isToInbox || hex(box.slice(0, 8)) === bundleId, 'it names the prekey');
  const kemKey = kemKeyOf(sealed.kemSeed);
  const prekeyPub = nacl.scalarMult.base(sealed.x25519Seed);
  must(hex(prekeyPub) === hex(bytesAt(prekey, 'x25519Pub')), 'the prekey is its seed’s');
  must(hex(kemPubOf(kemKey)) === hex(bytesAt(prekey, 'kemPub')), 'the KEM key is its seed’s');
  const inboxPub = nacl.scalarMult.base(sealed.inboxSeed);
  must(hex(inboxPub) === hex(sealed.inboxPub), 'the inbox key is its seed’s');
  const [seed, own] = isToInbox ? [sealed.inboxSeed, inboxPub] : [sealed.x25519Seed, prekeyPub];
  const isHybrid = box.length > 56;
  const ciphertext = isHybrid ? box.slice(8, -48) : new Uint8Array(0);
  const shared = nacl.scalarMult(seed, ephemeralPub);
  const key = hkdf(
    epochId,
    isHybrid ? join(shared, decapsulate(kemKey, ciphertext)) : shared,
    join(
      ascii('sotto1/seal'),
      ephemeralPub,
      own,
      isHybrid ? hashOf('sotto1/seal-ct', ciphertext) : ciphertext,
    ),
  );
  const secret = nacl.secretbox.open(box.slice(-48), new Uint8Array(24), key);
  if (secret === null) throw new Error('the box opens');
  return secret;
};

export const digestOf = (devices: ReadonlyArray<Bytes>): Bytes =>
  hashOf('sotto1/recipients', unhex(devices.map(hex).sort().join('')));

// ---------------------------------------------------------------- operations (OP1, OP3, OP4)

/** The bytes of one field of a small map. */
const fieldBytes = (map: Bytes, name: string): Bytes => {
  for (let start = 1; ;) {
    const [key, valueStart] = readCbor(map, start);
    const [, end] = readCbor(map, valueStart);
    if (key === name) return map.slice(valueStart, end);
    start = end;
  }
};

export const readOp = (bytes: Bytes) => {
  const op = signedRecord(bytes, 'sotto1/op-sig', (value) => bytesAt(value, 'devSignPub'));
  const body = at(op, 'body');
  const parents = at(op, 'parents');
  must(Array.isArray(parents), 'there are parents');
  const type = at(body, 'type');
  return {
    opId: hashOf('sotto1/op', bytes),
    convId:
      type === 'create' ? hashOf('sotto1/conv', fieldBytes(bytes, 'body')) : bytesAt(op, 'convId'),
    parents: (Array.isArray(parents) ? parents : []).map((id) =>
      id instanceof Uint8Array ? hex(id) : '',
    ),
    depth: at(op, 'depth'),
    type,
    recipientsDigest: type === 'epoch' ? bytesAt(body, 'recipientsDigest') : undefined,
  };
};
