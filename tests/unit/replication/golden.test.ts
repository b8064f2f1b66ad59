import { expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import { hash } from '../../../src/crypto/hash.ts';
import { encodeRuns } from '../../../src/replication/runs.ts';
import { cid } from '../../../src/replication/writer-id.ts';
import {
  createReplica,
  createWritten,
  mailboxA,
  must,
  offer,
  runFrom,
} from '../../support/writers.ts';

// A changed figure here is a change of the protocol: old and new replicas no longer agree.
test('[RP3] golden bytes: ids, updates and state hashes of fixed writers', async () => {
  const alice = await createWritten(1, 3);
  const bob = await createWritten(2, 2);
  const replica = await createReplica();
  for (const { envelopes } of [alice, bob]) must(await offer(replica, envelopes));
  const update = encodeRuns([runFrom(alice.envelopes), runFrom(bob.envelopes)]);
  expect({
    ids: [alice, bob].map(({ signer }) => cid(signer.publicKey)),
    start: toHex(update.subarray(0, 80)),
    update: toHex(hash('sotto1/test', update)),
    state: toHex(replica.log.stateHash(mailboxA)),
  }).toMatchInlineSnapshot(`
    {
      "ids": [
        1140509712947665,
        386101499229842,
      ],
      "start": "0203d1b3b6e299a983020003014032396332646161626334393039376562333136646432313433383363373963313361646636373738616435653462633931386634333637636336653061353833d402",
      "state": "46abfc14a4e3f7224fa39334e126ad3fbdc2e6fa09c0b22f7657e53d5f24deab",
      "update": "dc729fb5f68d98d4903b3c5d30e909fff9b08ce917e30147d6652d8e71a6c9c5",
    }
  `);
});
