/**
 * Entries as only a device itself can make them: what a member who lies, or one who was removed,
 * works with. Keys and secrets are the device's own; the forms are those of the program.
 */
import type { Epoch } from '../../src/core/epochs/epoch.ts';
import type { Signer } from '../../src/crypto/backend.ts';
import { encodeBody, type Body } from '../../src/protocol/body.ts';
import type { CborValue } from '../../src/protocol/cbor.ts';
import { decodeEnvelope, entryHash, type Envelope } from '../../src/protocol/envelope.ts';
import { sealEnvelope } from '../../src/protocol/envelope-box.ts';
import { encodeBind, type Closing } from '../../src/protocol/epochs/bind.ts';
import { chainKey, ratchet, writerSeed } from '../../src/protocol/epochs/epoch-keys.ts';
import type { GroupState } from './whole-state.ts';

/** Where an entry goes: after these of one log of the device. */
export interface ForgedPlace {
  readonly epoch: Epoch;
  readonly incarnation: number;
  readonly before: ReadonlyArray<Envelope>;
  /** Instead of the one that the incarnation has. */
  readonly writer?: Signer;
}

export const writerOf = async (
  { core, self: { me } }: GroupState,
  { epoch, incarnation }: Pick<ForgedPlace, 'epoch' | 'incarnation'>,
): Promise<Signer> => {
  const { deviceSecret } = me;
  return core.backend.signerFromSeed(writerSeed({ deviceSecret, epochId: epoch.id, incarnation }));
};

/** Sealed and signed as the next entry of that log, whatever its body is. */
export const forgeEntry = async (
  state: GroupState,
  { body, ...place }: ForgedPlace & { readonly body: Uint8Array },
): Promise<Envelope> => {
  const { epoch, incarnation, before } = place;
  const seq = before.length;
  const devSignPub = state.self.me.device.publicKey;
  const { secret } = epoch;
  if (secret === undefined) throw new Error('nothing was erased');
  let chain = chainKey({ epochId: epoch.id, secret, devSignPub, incarnation });
  let messageKey = epoch.keys.bind;
  for (let at = 1; at <= seq; at++) ({ messageKey, next: chain } = ratchet(chain, at));
  const last = before.at(-1);
  const bytes = await sealEnvelope({
    mailbox: epoch.mailbox,
    writer: place.writer ?? (await writerOf(state, place)),
    seq,
    prev: last === undefined ? new Uint8Array(32) : entryHash(last),
    nonce: state.core.random.bytes(24),
    messageKey,
    body,
  });
  const envelope = decodeEnvelope(bytes);
  if (!envelope.ok) throw new Error('a forged entry is well-formed');
  return envelope.value;
};

/** The beginning of a log. */
export const forgeBind = async (
  state: GroupState,
  place: Omit<ForgedPlace, 'before'> & { readonly closes?: ReadonlyArray<Closing> },
): Promise<Envelope> => {
  const { epoch, incarnation, closes = [] } = place;
  const writer = place.writer ?? (await writerOf(state, place));
  const { device } = state.self.me;
  const body = await encodeBind(
    {
      epochId: epoch.id,
      devSignPub: device.publicKey,
      incarnation,
      writerPub: writer.publicKey,
      closes,
      prekeyBundle: new Uint8Array(8),
    },
    device,
  );
  return forgeEntry(state, { ...place, writer, before: [], body });
};

/** A body of this type, with nothing wrong but what is asked for. */
export const forgedBody = (
  { core }: GroupState,
  fields: Partial<Body> & { readonly type: string; readonly payload: CborValue },
): Uint8Array =>
  encodeBody({
    mid: core.random.bytes(16),
    lamport: 1,
    sentAt: 0,
    deps: { entries: [], vectorHash: new Uint8Array(32) },
    ...fields,
  });

export interface Forged extends ForgedPlace {
  readonly said: Pick<Body, 'type' | 'payload'>;
  readonly lamport: number;
  /** What its bind says was written before. */
  readonly closes?: ReadonlyArray<Closing>;
}

/** An entry as only the device itself can make it. */
export const forge = (
  state: GroupState,
  { closes = [], said, lamport, ...place }: Forged,
): Promise<Envelope> =>
  place.before.length === 0
    ? forgeBind(state, { ...place, closes })
    : forgeEntry(state, { ...place, body: forgedBody(state, { ...said, lamport }) });

/** The own log of the device in an epoch, as it lies on its disk. */
export const logOf = async (
  state: GroupState,
  epoch: Epoch,
  incarnation = 0,
): Promise<ReadonlyArray<Envelope>> => {
  const { publicKey } = await writerOf(state, { epoch, incarnation });
  const log = await state.deps.segments.log(epoch.segment);
  if (!log.ok) throw new Error('the segment opens');
  const held = log.value.held({ mailbox: epoch.mailbox, writerPub: publicKey });
  return held.entries(0, held.nextSeq);
};
