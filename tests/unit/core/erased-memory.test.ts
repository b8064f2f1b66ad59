import { expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import type { Epoch } from '../../../src/core/epochs/epoch.ts';
import { chainKey, ratchet } from '../../../src/protocol/epochs/epoch-keys.ts';
import { keyOf, placeOf, setupAlone, textsOf, write } from '../../support/erasing.ts';
import { aliveAmong } from '../../support/live-bytes.ts';
import { valueOf } from '../protocol/fixtures.ts';

/** In hex, so that no array of them is left by the test itself. */
const keysOf = ({ id: epochId, secret }: Epoch, devSignPub: Uint8Array, seq: number) => {
  if (secret === undefined) throw new Error('the epoch is whole');
  let chain = chainKey({ epochId, secret, devSignPub, incarnation: 0 });
  const chains = [toHex(chain)];
  let messageKey = chain;
  for (let at = 1; at <= seq; at++) {
    ({ messageKey, next: chain } = ratchet(chain, at));
    if (at < seq) chains.push(toHex(chain));
  }
  return { secret: toHex(secret), chains, erased: toHex(messageKey) };
};

test('[ER2] [attack 24] of a punctured epoch no secret, no used chain key and no erased key is left in memory', async () => {
  const alone = await setupAlone();
  await write(alone, ['one', 'secret text of this test', 'three']);
  const place = placeOf(alone, 'secret text of this test');
  const { conversation, device } = alone;
  const hex = ((): ReturnType<typeof keysOf> => {
    const epoch = conversation.logs.byId(place.epochHex);
    if (epoch === undefined) throw new Error('the epoch is held');
    return keysOf(epoch, device.self.me.device.publicKey, place.seq);
  })();
  const [firstChain = ''] = hex.chains;
  expect(aliveAmong([hex.secret, firstChain])).toEqual([hex.secret, firstChain]);
  valueOf(await conversation.erasing.messages([keyOf(alone, 'secret text of this test')]));
  await conversation.run(() => Promise.resolve());
  expect(textsOf(alone)).toEqual(['one', '✗', 'three']);
  expect(aliveAmong([hex.secret, hex.erased, ...hex.chains])).toEqual([]);
});
