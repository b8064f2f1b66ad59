/**
 * P16: what a message, an addition and a removal cost a group of 8, 32 and 128 devices, all of it
 * together: processor time and bytes. Ours is the operation, the epoch and its sealed secret, opened
 * by everybody; hybrid with ML-KEM up to 50 devices, as the protocol has it. Against: plain sender
 * keys computed here (support/sender-keys.ts), which are cheapest for sending and know no group.
 * SEAL: the author's part of an epoch alone. Against: one X25519 agreement and one secretbox a device.
 */
import nacl from 'tweetnacl';
import { recipientsDigest, openSealBox, sealSecret } from '../../src/protocol/epochs/seal.ts';
import { encodeSeal, type Seal } from '../../src/protocol/epochs/seal.ts';
import { encodeCanonical } from '../../src/protocol/cbor.ts';
import { secretHash } from '../../src/protocol/epochs/epoch-keys.ts';
import { decodeEnvelope, verifyEnvelope } from '../../src/protocol/envelope.ts';
import { openEnvelope, sealEnvelope } from '../../src/protocol/envelope-box.ts';
import { limits } from '../../src/protocol/limits.ts';
import { signOp, verifyOpSignature, type OpBody } from '../../src/protocol/membership/ops.ts';
import { epochBody, removeBody, addBody, createPerson } from '../support/conversation.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import { backend, createDevices, random, spentMs, type BenchDevice } from './support/devices.ts';
import { sendPlain, tellKey } from './support/sender-keys.ts';

const epochId = random.bytes(32);
const secret = random.bytes(32);
const body = new Uint8Array(200).fill(7);
const sends = 50;

interface Cost {
  readonly cpuMs: number;
  readonly bytes: number;
}

const measured = async (work: () => Promise<number>): Promise<Cost> => {
  let bytes = 0;
  const cpuMs = await spentMs(async () => {
    bytes = await work();
  });
  return { cpuMs, bytes };
};

const seal = (devices: ReadonlyArray<BenchDevice>): Promise<ReadonlyArray<Seal>> =>
  sealSecret(backend, random, {
    epochId,
    secret,
    recipients: devices.map(({ recipient }) => recipient),
    isHybrid: devices.length <= limits.hybridDevicesMax,
  });

/** One op of this body and an epoch after it: signed, sealed to all; each checks and opens. */
const change = async (
  devices: ReadonlyArray<BenchDevice>,
  opBodies: ReadonlyArray<OpBody>,
): Promise<number> => {
  const [author] = devices;
  if (author === undefined) throw new Error('a group has somebody');
  let bytes = 0;
  for (const opBody of opBodies) {
    const op = await signOp({
      deviceSigner: author.signer,
      convId: epochId,
      parents: [epochId],
      depth: 7,
      identityId: epochId,
      body: opBody,
    });
    bytes += op.bytes.length;
    for (const { signer } of devices.slice(1)) {
      await verifyOpSignature(backend, op);
      if (signer.publicKey.length !== 32) throw new Error('a key');
    }
  }
  const seals = await seal(devices);
  for (const one of seals) bytes += encodeCanonical(encodeSeal(one)).length;
  const boxes = seals.flatMap(({ ephemeralPub, boxes: some }) =>
    some.map((box) => ({ ephemeralPub, box })),
  );
  for (const [at, { prekey, inboxSeed }] of devices.entries()) {
    const found = boxes[at];
    if (found === undefined) throw new Error('a box for each');
    const input = { ...found, epochId, secretHash: secretHash(secret), prekeys: [prekey] };
    const opened = await openSealBox(backend, { ...input, inboxSeed });
    if (!opened.ok) throw new Error(`a box does not open: ${opened.error}`);
  }
  return bytes;
};

const send = async ({ signer }: BenchDevice): Promise<number> => {
  const messageKey = random.bytes(32);
  const bytes = await sealEnvelope({
    mailbox: epochId.slice(0, 16),
    writer: signer,
    seq: 3,
    prev: epochId,
    nonce: random.bytes(24),
    messageKey,
    body,
  });
  const envelope = decodeEnvelope(bytes);
  if (!envelope.ok || !(await verifyEnvelope(backend, envelope.value))) throw new Error('bad');
  openEnvelope(envelope.value, messageKey);
  return bytes.length;
};

const many = async (work: () => Promise<number>): Promise<number> => {
  let bytes = 0;
  for (let i = 0; i < sends; i++) bytes = await work();
  return bytes;
};

/** One member's part, for each of them. */
const timesAll = ({ cpuMs, bytes }: Cost, members: number): Cost => ({
  cpuMs: cpuMs * members,
  bytes: bytes * members,
});

type Rounds = ReadonlyArray<readonly [ours: Cost, theirs: Cost]>;

const rowsOf = (id: string, what: string, rounds: Rounds): ReadonlyArray<Row> => {
  const name = 'plain sender keys';
  return [
    {
      id: `P16${id}`,
      measures: `${what}, CPU of all`,
      unit: 'ms',
      rounds: rounds.map(([ours]) => ours.cpuMs),
      against: { name, rounds: rounds.map(([, theirs]) => theirs.cpuMs) },
    },
    {
      id: `P16${id}b`,
      measures: `${what}, bytes`,
      unit: 'kB',
      rounds: rounds.map(([ours]) => ours.bytes / 1000),
      against: { name, rounds: rounds.map(([, theirs]) => theirs.bytes / 1000) },
    },
  ];
};

const repeat = async <T>(rounds: number, play: () => Promise<T>): Promise<ReadonlyArray<T>> => {
  const all: T[] = [];
  for (let i = 0; i < rounds; i++) all.push(await play());
  return all;
};

const groupRows = async (size: number, rounds: number): Promise<ReadonlyArray<Row>> => {
  const devices = await createDevices(size);
  const [first] = devices;
  if (first === undefined) throw new Error('a group has somebody');
  const person = await createPerson('newcomer');
  const epoch = epochBody(recipientsDigest(devices.map(({ signer }) => signer.publicKey)));
  const left = devices.slice(1);
  return [
    ...rowsOf(
      `s${String(size)}`,
      `${String(sends)} messages in a group of ${String(size)}, one reader`,
      await repeat(rounds, async () => [
        await measured(() => many(() => send(first))),
        await measured(() => many(() => sendPlain(first.signer, body))),
      ]),
    ),
    ...rowsOf(
      `a${String(size)}`,
      `add the ${String(size)}th`,
      await repeat(rounds, async () => [
        await measured(() => change(devices, [addBody(person), epoch])),
        await measured(() => tellKey(2 * (size - 1))), // all to the newcomer, who tells all
      ]),
    ),
    ...rowsOf(
      `r${String(size)}`,
      `remove one of ${String(size)}`,
      await repeat(rounds, async () => [
        await measured(() => change(left, [removeBody(person), epoch])),
        timesAll(await measured(() => tellKey(size - 2)), size - 1),
      ]),
    ),
  ];
};

const bareSeal = async (devices: ReadonlyArray<BenchDevice>): Promise<void> => {
  const own = random.bytes(32);
  for (const { recipient } of devices) {
    const shared = await backend.agree(own, recipient.inboxPub);
    nacl.secretbox(secret, new Uint8Array(24), shared);
  }
};

const sealRow = async (size: number, rounds: number): Promise<Row> => {
  const devices = await createDevices(size);
  const pairs = await repeat(rounds, async () => ({
    ours: await spentMs(() => seal(devices)),
    theirs: await spentMs(() => bareSeal(devices)),
  }));
  const kind = size <= limits.hybridDevicesMax ? 'with ML-KEM' : 'X25519';
  return {
    id: `SEAL${String(size)}`,
    measures: `seal an epoch to ${String(size)} devices, ${kind}, CPU`,
    unit: 'ms',
    rounds: pairs.map(({ ours }) => ours),
    against: { name: 'X25519 and a secretbox each', rounds: pairs.map(({ theirs }) => theirs) },
  };
};

export const groupBench: Bench = {
  id: 'P16',
  title: 'send, add and remove in groups of 8, 32 and 128',
  isSmoke: false,
  run: async ({ isSmoke }: BenchOptions) => {
    const rows: Row[] = [];
    for (const size of [8, 32, 128]) rows.push(...(await groupRows(size, isSmoke ? 2 : 5)));
    return rows;
  },
};

export const sealBench: Bench = {
  id: 'SEAL',
  title: 'seal an epoch to many devices',
  isSmoke: false,
  run: async ({ isSmoke }) => {
    const rows: Row[] = [];
    for (const size of [25, 50, 100, 256]) rows.push(await sealRow(size, isSmoke ? 3 : 7));
    return rows;
  },
};
