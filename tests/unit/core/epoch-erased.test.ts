import { expect, test } from 'vitest';
import { Epoch } from '../../../src/core/epochs/epoch.ts';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import { encodeBody } from '../../../src/protocol/body.ts';
import { decodeEnvelope, entryHash, type Envelope } from '../../../src/protocol/envelope.ts';
import { sealEnvelope } from '../../../src/protocol/envelope-box.ts';
import { chainKey, ratchet } from '../../../src/protocol/epochs/epoch-keys.ts';
import { encodeText } from '../../../src/protocol/content-payloads.ts';
import { fixedBytes, valueOf } from '../protocol/fixtures.ts';

const place = { epochId: fixedBytes('epoch'), base: 0, segment: 'segment', order: 0 };
const devSignPub = fixedBytes('device');
const backend = createNodeBackend();

/** A log whose entries claim these lamports. */
const setupLog = async (lamports: ReadonlyArray<number>) => {
  const secret = fixedBytes('secret');
  const epoch = new Epoch({ ...place, secret: secret.slice() });
  const writer = await backend.signerFromSeed(fixedBytes('writer'));
  let chain = chainKey({ epochId: place.epochId, secret, devSignPub, incarnation: 0 });
  let prev = fixedBytes('bind');
  const envelopes: Envelope[] = [];
  for (const [at, lamport] of lamports.entries()) {
    const { messageKey, next } = ratchet(chain, at + 1);
    const deps = { entries: [], vectorHash: new Uint8Array(32) };
    const payload = encodeText({ text: `t${String(at)}` });
    const bytes = await sealEnvelope({
      ...{ mailbox: epoch.mailbox, writer, seq: at + 1, prev, messageKey },
      nonce: fixedBytes(`nonce ${String(at)}`, 24),
      body: encodeBody({
        type: 'text',
        mid: fixedBytes('m', 16),
        sentAt: 0,
        payload,
        lamport,
        deps,
      }),
    });
    const envelope = valueOf(decodeEnvelope(bytes));
    envelopes.push(envelope);
    prev = entryHash(envelope);
    chain = next;
  }
  const bind = {
    ...{ epochId: place.epochId, devSignPub, incarnation: 0, writerPub: writer.publicKey },
    ...{ closes: [], prekeyBundle: new Uint8Array(0) },
  };
  epoch.follow(bind);
  return { epoch, bind, envelopes, writerPub: writer.publicKey };
};

test('[ER1] what an author wrote after an erased entry is judged as before, also after a restart', async () => {
  const { epoch, bind, envelopes, writerPub } = await setupLog([10, 5, 11]);
  const read = (from: Epoch) =>
    envelopes.map((envelope) => {
      const opened = from.open(envelope);
      if (!opened.ok) return opened.error;
      return opened.value.isErased ? 'erased' : opened.value.body.lamport;
    });
  expect(read(epoch)).toEqual([10, 'bad-lamport', 11]);
  const changed = epoch.withoutEntries(writerPub, envelopes.slice(0, 1));
  if (changed === undefined) throw new Error('there is something to erase');
  const left = epoch.without([devSignPub], [changed]);
  epoch.puncture(left);
  for (const again of [epoch, new Epoch({ ...place, left })]) {
    again.rewind();
    again.follow(bind);
    expect(read(again)).toEqual(['erased', 'bad-lamport', 11]);
  }
});
