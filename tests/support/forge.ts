/** Entries as only a device itself can make them, whatever its program would say. */
import type { Epoch } from '../../src/core/epochs/epoch.ts';
import { encodeBody, type Body } from '../../src/protocol/body.ts';
import { decodeEnvelope, entryHash, type Envelope } from '../../src/protocol/envelope.ts';
import { sealEnvelope } from '../../src/protocol/envelope-box.ts';
import { encodeBind, type Closing } from '../../src/protocol/epochs/bind.ts';
import { chainKey, ratchet, writerSeed } from '../../src/protocol/epochs/epoch-keys.ts';
import type { GroupState } from './whole-state.ts';

export interface Forged {
  readonly epoch: Epoch;
  readonly incarnation: number;
  /** Where the entry goes: after these of the log. */
  readonly before: ReadonlyArray<Envelope>;
  readonly said: Pick<Body, 'type' | 'payload'>;
  readonly lamport: number;
  /** What its bind says was written before. */
  readonly closes?: ReadonlyArray<Closing>;
}

/** An entry as only the device itself can make it. */
export const forge = async (
  { core, self: { me } }: GroupState,
  { epoch, incarnation, before, said, lamport, closes = [] }: Forged,
): Promise<Envelope> => {
  const seed = writerSeed({ deviceSecret: me.deviceSecret, epochId: epoch.id, incarnation });
  const writer = await core.backend.signerFromSeed(seed);
  const seq = before.length;
  const devSignPub = me.device.publicKey;
  let chain = chainKey({ epochId: epoch.id, secret: epoch.secret, devSignPub, incarnation });
  let messageKey = epoch.keys.bind;
  for (let at = 1; at <= seq; at++) ({ messageKey, next: chain } = ratchet(chain, at));
  const last = before.at(-1);
  const deps = { entries: [], vectorHash: new Uint8Array(32) };
  const mid = core.random.bytes(16);
  const body =
    seq === 0
      ? await encodeBind(
          {
            epochId: epoch.id,
            devSignPub,
            incarnation,
            writerPub: writer.publicKey,
            closes,
            prekeyBundle: new Uint8Array(8),
          },
          me.device,
        )
      : encodeBody({ ...said, mid, sentAt: 0, lamport, deps });
  const bytes = await sealEnvelope({
    mailbox: epoch.mailbox,
    writer,
    seq,
    prev: last === undefined ? new Uint8Array(32) : entryHash(last),
    nonce: core.random.bytes(24),
    messageKey,
    body,
  });
  const envelope = decodeEnvelope(bytes);
  if (!envelope.ok) throw new Error('a forged entry is well-formed');
  return envelope.value;
};

/** The own log of the device in an epoch, as it lies on its disk. */
export const logOf = async (
  state: GroupState,
  epoch: Epoch,
  incarnation = 0,
): Promise<ReadonlyArray<Envelope>> => {
  const { deviceSecret } = state.self.me;
  const seed = writerSeed({ deviceSecret, epochId: epoch.id, incarnation });
  const { publicKey } = await state.core.backend.signerFromSeed(seed);
  const log = await state.deps.segments.log(epoch.segment);
  if (!log.ok) throw new Error('the segment opens');
  const held = log.value.held({ mailbox: epoch.mailbox, writerPub: publicKey });
  return held.entries(0, held.nextSeq);
};
