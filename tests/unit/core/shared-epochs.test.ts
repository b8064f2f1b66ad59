import { expect, test } from 'vitest';
import { assert } from '../../../src/base/assert.ts';
import { Conversation } from '../../../src/core/conversation/conversation.ts';
import { encodeIdentityLog } from '../../../src/protocol/membership/identity.ts';
import { convIdOf, type HistoryChoice } from '../../../src/protocol/membership/ops.ts';
import { addBody, createPerson, removeBody } from '../../support/conversation.ts';
import { setupCore } from '../../support/core-parts.ts';

const quiet = {
  changed: () => undefined,
  offersChanged: () => undefined,
  shown: () => undefined,
  arrived: () => undefined,
  membershipChanged: () => undefined,
  failed: () => undefined,
};

/** Alice alone in a group, with an epoch; then Bob is added and removed. */
const afterRemoval = async (history: HistoryChoice) => {
  const { deps } = await setupCore();
  const { me } = deps;
  const create = {
    type: 'create',
    conversation: {
      kind: 'group',
      nonce: new Uint8Array(16),
      name: 'garden',
      policy: { addLevel: 2, keepMs: null },
      creator: me.identity.identityId,
    },
  } as const;
  const conversation = new Conversation(deps, quiet, convIdOf(create));
  const { membership, epochs } = conversation;
  await membership.author(create);
  await membership.author({
    type: 'identity',
    identityLog: encodeIdentityLog(me.identity),
    name: me.name,
  });
  const first = await conversation.publish([], 'create');
  assert(first.ok, 'the first epoch is made');
  const bob = await createPerson('bob');
  await conversation.publish([await membership.author(addBody(bob, 1, history))], 'add');
  await membership.author(removeBody(bob));
  return { first: first.value, epochs };
};

test('[HI2] an epoch that fits again is written in again, unless it was given away', async () => {
  const kept = await afterRemoval('none');
  expect(kept.epochs.choose()?.idHex).toBe(kept.first.idHex);
  const given = await afterRemoval('all');
  expect(given.epochs.choose()).toBeUndefined();
});
