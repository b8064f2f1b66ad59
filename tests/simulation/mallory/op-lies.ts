/** Lies in operations and keys: acts beyond one's level, of others, of no past; epochs and boxes. */
import { equalBytes, toHex } from '../../../src/base/bytes.ts';
import type { MaybePromise } from '../../../src/base/result.ts';
import { encodeBind } from '../../../src/protocol/epochs/bind.ts';
import { secretHash } from '../../../src/protocol/epochs/epoch-keys.ts';
import { encodeSeal, recipientsDigest, sealSecret } from '../../../src/protocol/epochs/seal.ts';
import type { IdentityLog } from '../../../src/protocol/membership/identity.ts';
import { viewAt } from '../../../src/protocol/membership/membership.ts';
import { levels } from '../../../src/protocol/membership/op-bodies.ts';
import { signOp, type ControlOp, type OpBody } from '../../../src/protocol/membership/ops.ts';
import { encodeControl } from '../../../src/protocol/payload.ts';
import { forgedBody, forgeEntry } from '../../support/forge.ts';
import { envelopesIn } from '../../support/whole-state.ts';
import type { Stage } from './stage.ts';

const noBytes = new Uint8Array(0);

/** Where an operation says it stands. */
type Place = Pick<ControlOp, 'parents' | 'depth'>;

/** Behind any operation there is: the newest, or long ago as if nothing had come since. */
const anyPlace = ({ state, random }: Stage): Place => {
  const { op } = random.pick(state.membership.opSet.nodes);
  return { parents: [op.opId], depth: op.depth + 1 };
};

const sign = (
  { state }: Stage,
  body: OpBody,
  place: Place & { readonly identityId?: Uint8Array },
): Promise<ControlOp> => {
  const { me } = state.self;
  const { convId } = state.membership;
  const { identityId } = me.identity;
  return signOp({ deviceSigner: me.device, convId, identityId, body, ...place });
};

export const signAnywhere = (stage: Stage, body: OpBody): Promise<ControlOp> =>
  sign(stage, body, anyPlace(stage));

const membersOf = ({ state }: Stage): ReadonlyArray<IdentityLog> =>
  [...state.membership.view.identities.values()].flatMap(({ log }) => log ?? []);

const anyBody = (stage: Stage, junk: Uint8Array): OpBody => {
  const { state, random } = stage;
  const target = random.pick(membersOf(stage)).identityId;
  const own = state.self.me.identity.identityId;
  return random.pick<OpBody>([
    { type: 'remove', identityId: target, cuts: [] },
    { type: 'role', identityId: own, level: levels.owner },
    { type: 'role', identityId: target, level: levels.reader },
    { type: 'policy', policy: { addLevel: 1, keepMs: 0 } },
    { type: 'complaint', epochId: junk, reason: 'bad' },
    { type: 'invite-revoke', inviteId: junk },
    { type: 'merge' },
  ]);
};

/** What the liar may not do, wherever in the past it says it did it. */
export const actBeyondLevel = async (stage: Stage): Promise<void> => {
  const ops: Uint8Array[] = [];
  for (let i = 0; i < 4; i++) {
    ops.push((await signAnywhere(stage, anyBody(stage, stage.bytes(32)))).bytes);
  }
  stage.tellOps(stage.some(), ops);
};

/** What somebody else may do, in their name, under the liar's own key or none of theirs. */
export const actAsAnother = async (stage: Stage): Promise<void> => {
  const { convId, view } = stage.state.membership;
  const members = membersOf(stage);
  const owner = members.find(
    ({ identityId }) => view.levels.get(toHex(identityId)) === levels.owner,
  );
  const [device] = owner?.devices ?? [];
  const others = members.filter((log) => log !== owner);
  if (owner === undefined || device === undefined || others.length === 0) return;
  const { identityId } = owner;
  const target = stage.random.pick(others).identityId;
  const body: OpBody = { type: 'remove', identityId: target, cuts: [] };
  const place = anyPlace(stage);
  const inTheirName = await sign(stage, body, { ...place, identityId });
  const deviceSigner = { publicKey: device.devSignPub, sign: () => stage.bytes(64) };
  const forged = await signOp({ deviceSigner, convId, identityId, body, ...place });
  stage.tellOps(stage.some(), [inTheirName.bytes, forged.bytes]);
};

/** Operations that wait for a past that never comes, or stand at a depth they cannot have. */
export const actWithoutPast = async (stage: Stage): Promise<void> => {
  const ops: Uint8Array[] = [];
  for (let i = 0; i < 40; i++) {
    const { parents, depth } = anyPlace(stage);
    const place =
      i % 2 === 0 ? { parents: [stage.bytes(32)], depth } : { parents, depth: depth + 9 };
    ops.push((await sign(stage, { type: 'merge' }, place)).bytes);
  }
  stage.tellOps(stage.some(), ops);
};

/** Two beginnings of a log that is somebody else's: it is that one's words that are to go. */
export const frameAnother = async (stage: Stage): Promise<void> => {
  const { state, newest: epoch } = stage;
  const { device } = state.self.me;
  const written = stage.heard
    .flatMap(({ frame }) => envelopesIn(frame))
    .filter(({ mailbox }) => equalBytes(mailbox, epoch.mailbox));
  if (written.length === 0) return;
  const bindOf = (writerPub: Uint8Array): MaybePromise<Uint8Array> => {
    const named = { epochId: epoch.id, devSignPub: device.publicKey, writerPub };
    return encodeBind({ ...named, incarnation: 1, closes: [], prekeyBundle: noBytes }, device);
  };
  const bind = await bindOf(stage.random.pick(written).writerPub);
  const otherBind = await bindOf(stage.bytes(32));
  const op = await signAnywhere(stage, { type: 'fork', bind, otherBind, runA: [], runB: [] });
  stage.tellOps(stage.some(), [op.bytes]);
};

/**
 * An epoch that counts, of now or of long ago, whose boxes hold something else for some or for all.
 * It is told with the boxes of a log of its own.
 */
export const sealWrongly = async (stage: Stage): Promise<void> => {
  const { state, random } = stage;
  const { core, membership } = state;
  const { op: behind } = random.pick(membership.opSet.nodes.slice(-random.pick([1, 1, 40])));
  const view = viewAt(membership.opSet, behind.opId);
  const devices = view?.devices ?? [];
  if (devices.length === 0) return;
  const secret = stage.bytes(32);
  const op = await sign(
    stage,
    {
      type: 'epoch',
      recipientsDigest: recipientsDigest(devices.map(({ devSignPub }) => devSignPub)),
      prevEpochId: stage.newest.id,
      secretHash: secretHash(secret),
      base: stage.newest.base,
      why: 'send',
      idLogHeads: [],
    },
    { parents: [behind.opId], depth: behind.depth + 1 },
  );
  const recipients = devices.map((device) => ({ ...device, prekey: undefined }));
  const input = { epochId: op.opId, recipients, isHybrid: false };
  const seals = await sealSecret(core.backend, core.random, { ...input, secret });
  const wrong = await sealSecret(core.backend, core.random, { ...input, secret: stage.bytes(32) });
  const own = random.pick([seals, wrong]).map((seal) => ({
    ...seal,
    boxes: seal.boxes.map((box) => (random.below(2) === 0 ? box : stage.bytes(box.length))),
  }));
  const log = await stage.beginLog(stage.newest);
  if (log === undefined) return;
  const { epoch, incarnation, envelopes } = log;
  const payloads = [
    { type: 'control', payload: encodeControl(op.bytes) },
    ...own.map((seal) => ({ type: 'seal', payload: encodeSeal(seal) })),
  ];
  for (const [i, said] of payloads.entries()) {
    const body = forgedBody(state, { ...said, lamport: epoch.base + 1 + i });
    envelopes.push(await forgeEntry(state, { epoch, incarnation, before: envelopes, body }));
  }
  stage.tell(stage.some(), epoch, envelopes);
  if (random.below(2) === 0) stage.tellOps(stage.some(), [op.bytes]);
};

/** Boxes of epochs that never come, and of ones that are there. */
export const sealNothing = async (stage: Stage): Promise<void> => {
  const { mailbox } = stage.newest;
  const peer = stage.one();
  if (peer === undefined) return;
  for (let i = 0; i < 100; i++) {
    const epochId = i % 4 === 0 ? stage.newest.id : stage.bytes(32);
    const seal = { epochId, ephemeralPub: stage.bytes(32), first: i % 3, boxes: [stage.bytes(56)] };
    stage.frame(peer, { t: 'seal', mailbox, seal });
  }
  await Promise.resolve();
};
