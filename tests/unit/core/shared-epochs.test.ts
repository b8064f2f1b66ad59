import { expect, test } from 'vitest';
import { assert } from '../../../src/base/assert.ts';
import { Settings } from '../../../src/core/vault/settings.ts';
import { Conversation } from '../../../src/core/conversation/conversation.ts';
import { SharedHistory } from '../../../src/core/invites/shared-history.ts';
import { decodeSeal, type Seal } from '../../../src/protocol/epochs/seal.ts';
import { historyPubOf, historySeedOf } from '../../../src/protocol/invites/invite.ts';
import { encodeIdentityLog } from '../../../src/protocol/membership/identity.ts';
import { convIdOf, type InviteBody } from '../../../src/protocol/membership/ops.ts';
import { addBody, createPerson, inviteBody, removeBody } from '../../support/conversation.ts';
import { setupCore } from '../../support/core-parts.ts';
import { must } from '../../support/writers.ts';

const quiet = {
  changed: () => undefined,
  signal: () => undefined,
  offersChanged: () => undefined,
  shown: () => undefined,
  peersShown: () => undefined,
  arrived: () => undefined,
  membershipChanged: () => undefined,
  offered: () => undefined,
  failed: () => undefined,
};

/** Alice alone in a group, with an epoch. */
const setup = async () => {
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
  const conversation = new Conversation(
    deps,
    { ...quiet, settings: new Settings(deps.vault) },
    convIdOf(create),
  );
  const { membership } = conversation;
  await membership.author(create);
  await membership.author({
    type: 'identity',
    identityLog: encodeIdentityLog(me.identity),
    name: me.name,
  });
  const first = await conversation.publish([], 'create');
  assert(first.ok, 'the first epoch is made');
  return { me, conversation, first: first.value };
};

test.each([
  ['none', true],
  ['all', false],
] as const)(
  '[HI2] an epoch goes on being written in, unless a link gives it away: %s',
  async (history, isChosen) => {
    const { conversation, first } = await setup();
    const { membership } = conversation;
    await membership.author(inviteBody('one', { history, isOpen: true }));
    expect(conversation.epochs.choose()?.idHex === first.idHex).toBe(isChosen);
  },
);

test('[SR1] an epoch that fits again, since who came was removed, is not written in again', async () => {
  const { conversation } = await setup();
  const { membership } = conversation;
  const bob = await createPerson('bob');
  await conversation.publish([await membership.author(addBody(bob, 1, 'none'))], 'add');
  await membership.author(removeBody(bob));
  expect(conversation.epochs.choose()).toBeUndefined();
});

const secret = new Uint8Array(32).fill(7);

/** What lies in the room of a link then, beside what was there. */
const told = async (
  shared: SharedHistory,
  conversation: Conversation,
): Promise<ReadonlyArray<Seal>> => {
  const payloads = await shared.news(conversation);
  for (const payload of payloads) shared.note(payload);
  return payloads.map((payload) => must(decodeSeal(payload)));
};

test.each([
  { history: 'all', isOpen: true, count: 2 },
  { history: 'all', isOpen: false, count: 0 },
  { history: 'none', isOpen: true, count: 0 },
] as const)(
  '[HI3] the room of a link ($history, open: $isOpen) holds $count secrets, each once',
  async ({ count, ...options }) => {
    const { me, conversation, first } = await setup();
    const body = { ...inviteBody('one', options), historyPub: historyPubOf(secret) };
    const op = await conversation.membership.author(body);
    const next = await conversation.publish([op], 'invite');
    const shared = new SharedHistory(op, me.device.publicKey);
    const seals = await told(shared, conversation);
    expect(seals).toHaveLength(count);
    expect(next.ok && next.value.idHex !== first.idHex).toBe(
      options.history === 'all' && options.isOpen,
    );
    const epochOp = conversation.membership.op(first.id);
    assert(epochOp !== undefined, 'an epoch has its operation');
    const openWith = (seed: Uint8Array) =>
      conversation.epochs.handOver.openAny(epochOp, seals, seed);
    expect(await openWith(historySeedOf(secret))).toEqual(count > 0 ? first.secret : undefined);
    // What the op tells every member, and with every welcome every holder of a link, opens nothing.
    for (const known of [body.boxSeed, body.pseudoSecret, body.historyPub]) {
      expect(await openWith(known)).toBeUndefined();
    }
    expect(await told(shared, conversation)).toEqual([]);
  },
);

test.each(['removed', 'revoked'] as const)(
  '[HI3] [HI2] once somebody was %s, what is written next is not given by the link',
  async (what) => {
    const { conversation } = await setup();
    const { membership } = conversation;
    const bob = await createPerson('bob');
    await conversation.publish([await membership.author(addBody(bob, 1, 'none'))], 'add');
    const body = inviteBody('one', { history: 'all', isOpen: true });
    const op = await membership.author({ ...body, historyPub: historyPubOf(secret) });
    const before = await conversation.publish([op], 'invite');
    const end =
      what === 'removed'
        ? removeBody(bob)
        : ({ type: 'invite-revoke', inviteId: body.inviteId } as const);
    const after = await conversation.publish([await membership.author(end)], 'end');
    assert(before.ok && after.ok, 'both epochs are made');
    expect(after.value.idHex).not.toBe(before.value.idHex);
    const given = conversation.epochs.sharedBy({ opId: op.opId, body: op.body as InviteBody });
    expect(given).toContain(before.value);
    if (what === 'removed') expect(given).not.toContain(after.value);
    else expect(membership.view.livingInvites).toEqual([]); // whose room nobody tells anything
  },
);
