import { beforeAll, describe, expect, test } from 'vitest';
import {
  givenByLink,
  isGivenHistory,
  mayBeShared,
} from '../../../src/protocol/membership/history.ts';
import { resolve, viewDigest } from '../../../src/protocol/membership/membership.ts';
import type { ControlOp, HistoryChoice, OpBody } from '../../../src/protocol/membership/ops.ts';
import {
  addBody,
  bytesNamed,
  createConversation,
  createPerson,
  epochBody,
  groupSpec,
  inviteBody,
  joinBody,
  removeBody,
  roleBody,
  type TestConversation,
  type TestPerson,
} from '../../support/conversation.ts';

let alice: TestPerson;
let bob: TestPerson;
let carol: TestPerson;

beforeAll(async () => {
  alice = await createPerson('alice');
  bob = await createPerson('bob');
  carol = await createPerson('carol');
});

const writeEpoch = ({ set, write }: TestConversation, by: TestPerson): Promise<ControlOp> =>
  write({ by, body: epochBody(viewDigest(resolve(set))) });

/** By a yes to who came by this link. */
const addBy = (person: TestPerson, inviteId: Uint8Array): OpBody => {
  const body = addBody(person, 1, 'since');
  if (body.type !== 'add') throw new Error('an add');
  return { ...body, inviteId };
};

/** A group with one epoch of Alice alone. */
const setup = async () => {
  const group = await createConversation(alice, groupSpec(alice));
  const epoch = await writeEpoch(group, alice);
  const mayRead = (person: TestPerson, { opId: epochId }: ControlOp): boolean =>
    isGivenHistory(group.set, { epochId, identityId: person.identityId });
  return { group, epoch, mayRead, ...group };
};

describe('what newcomers are given', () => {
  test.each([
    ['all', true],
    ['since', false],
    ['none', false],
  ] as const)('[HI1] an add with "%s" gives what was before: %s', async (history, isGiven) => {
    const { epoch, mayRead, write } = await setup();
    await write({ by: alice, body: addBody(bob, 1, history) });
    expect(mayRead(bob, epoch)).toBe(isGiven);
    expect(mayRead(carol, epoch)).toBe(false);
  });

  test('[HI1] what comes after the add is not history', async () => {
    const { group, mayRead, write } = await setup();
    await write({ by: alice, body: addBody(bob, 1, 'all') });
    await write({ by: alice, body: removeBody(bob) });
    const without = await writeEpoch(group, alice);
    await write({ by: alice, body: addBody(bob, 1, 'none') });
    expect(mayRead(bob, without)).toBe(false);
  });

  test.each(['all', 'none'] as const)(
    '[HI1] a join by an open invite gives what the invite says: %s',
    async (history) => {
      const { epoch, mayRead, write } = await setup();
      const invite = inviteBody('one', { history, maxUses: 9 });
      await write({ by: alice, body: invite });
      expect(mayRead(bob, epoch)).toBe(false);
      await write({ by: bob, body: joinBody(bob, invite) });
      expect(mayRead(bob, epoch)).toBe(history === 'all');
    },
  );

  test.each([true, false])(
    '[HI1] with "since" what comes after the link is given, open: %s',
    async (isOpen) => {
      const { group, epoch, mayRead, write } = await setup();
      const invite = inviteBody('one', { history: 'since', isOpen, maxUses: 9 });
      const other = inviteBody('two', { history: 'none', isOpen: false, maxUses: 9 });
      await write({ by: alice, body: other });
      await write({ by: alice, body: invite });
      const since = await writeEpoch(group, alice);
      expect(mayRead(bob, since)).toBe(false);
      await write(
        isOpen
          ? { by: bob, body: joinBody(bob, invite) }
          : { by: alice, body: addBy(bob, invite.inviteId) },
      );
      const after = await writeEpoch(group, alice);
      expect([epoch, since, after].map((one) => mayRead(bob, one))).toEqual([false, true, false]);
      // A link that is not there, or came later, gives nothing.
      await write({ by: alice, body: addBy(carol, bytesNamed('no')) });
      expect([epoch, since, after].map((one) => mayRead(carol, one))).toEqual([
        false,
        false,
        false,
      ]);
    },
  );

  test('[HI1] an add that does not count gives nothing', async () => {
    const { epoch, mayRead, write } = await setup();
    await write({ by: alice, body: addBody(bob, 1, 'none') });
    await write({ by: bob, body: addBody(carol, 1, 'all') }); // a member may not add here
    await write({ by: bob, body: addBody(bob, 1, 'all') });
    expect([mayRead(bob, epoch), mayRead(carol, epoch)]).toEqual([false, false]);
  });

  test('[HI1] a removal ends it, a removal beside the add too, and a later add starts anew', async () => {
    const { epoch, mayRead, write, ops } = await setup();
    const before = ops.at(-1);
    if (before === undefined) throw new Error('there are ops');
    await write({ by: alice, body: addBody(bob, 1, 'all'), after: [before] });
    await write({ by: alice, body: removeBody(bob), after: [before] });
    expect(mayRead(bob, epoch)).toBe(false);
    await write({ by: alice, body: addBody(bob, 1, 'none') });
    expect(mayRead(bob, epoch)).toBe(false);
    await write({ by: alice, body: addBody(bob, 1, 'all') });
    expect(mayRead(bob, epoch)).toBe(true);
    await write({ by: bob, body: { type: 'leave' } });
    expect(mayRead(bob, epoch)).toBe(false);
  });

  test('[HI1] a leave ends it for good, and one before it does not', async () => {
    const { epoch, mayRead, write } = await setup();
    await write({ by: alice, body: addBody(bob, 1, 'none') });
    await write({ by: bob, body: { type: 'leave' } });
    await write({ by: alice, body: addBody(bob, 1, 'all') });
    expect(mayRead(bob, epoch)).toBe(true);
    await write({ by: bob, body: { type: 'leave' } });
    await write({ by: alice, body: addBody(bob, 1, 'none') });
    expect(mayRead(bob, epoch)).toBe(false);
  });

  test('[HI1] a removal that could not remove ends nothing', async () => {
    const { epoch, mayRead, write } = await setup();
    await write({ by: alice, body: addBody(carol, 2) });
    await write({ by: alice, body: addBody(bob, 2, 'all') });
    await write({ by: carol, body: removeBody(bob) });
    expect(mayRead(bob, epoch)).toBe(true);
  });

  test('[HI1] of two removals the one after it ends it', async () => {
    const { epoch, mayRead, write } = await setup();
    for (const history of ['none', 'all'] as const) {
      await write({ by: alice, body: addBody(bob, 1, history) });
      await write({ by: alice, body: removeBody(bob) });
    }
    await write({ by: alice, body: addBody(bob, 1, 'none') });
    expect(mayRead(bob, epoch)).toBe(false);
  });

  test('[HI1] who is added with nothing is given nothing by the link they came by', async () => {
    const { group, mayRead, write } = await setup();
    const invite = inviteBody('one', { history: 'since', isOpen: false, maxUses: 9 });
    await write({ by: alice, body: invite });
    const since = await writeEpoch(group, alice);
    const body = { ...addBody(bob, 1, 'none'), inviteId: invite.inviteId } as OpBody;
    await write({ by: alice, body });
    expect(mayRead(bob, since)).toBe(false);
    const open = inviteBody('two', { history: 'none', maxUses: 9 });
    await write({ by: alice, body: open });
    const later = await writeEpoch(group, alice);
    await write({ by: carol, body: joinBody(carol, open) });
    expect(mayRead(carol, later)).toBe(false);
  });

  test('[HI1] a lower role takes back no past', async () => {
    const { epoch, mayRead, write } = await setup();
    await write({ by: alice, body: addBody(bob, 2, 'all') });
    await write({ by: alice, body: roleBody(bob, 0) });
    expect(mayRead(bob, epoch)).toBe(true);
  });

  test('[HI1] an epoch that nobody holds is nobody’s history', async () => {
    const { group, write } = await setup();
    await write({ by: alice, body: addBody(bob, 1, 'all') });
    const { identityId } = bob;
    expect(isGivenHistory(group.set, { epochId: new Uint8Array(32), identityId })).toBe(false);
  });
});

describe('what may have been shared', () => {
  const shared = async (
    body: (history: HistoryChoice) => Parameters<TestConversation['write']>[0]['body'],
    by = alice,
  ) => {
    const answers: boolean[][] = [];
    for (const history of ['none', 'since', 'all'] as const) {
      const { group, epoch, write } = await setup();
      expect(mayBeShared(group.set, epoch.opId)).toBe(false);
      await write({ by, body: body(history) });
      const next = await writeEpoch(group, alice);
      answers.push([epoch, next].map(({ opId }) => mayBeShared(group.set, opId)));
    }
    return answers;
  };
  const allButNone = [
    [false, false],
    [true, false],
    [true, false],
  ];

  test('[HI2] by an add with everything, or with what came since, whether it counts or not: all but what comes after it', async () => {
    expect(await shared((history) => addBody(bob, 1, history))).toEqual(allButNone);
    expect(await shared((history) => addBody(bob, 1, history), carol)).toEqual(allButNone);
  });

  test('[HI2] by an open invite; by one with approval where it gives what comes since', async () => {
    expect(await shared((history) => inviteBody('one', { history }))).toEqual(allButNone);
    const asks = await shared((history) => inviteBody('one', { history, isOpen: false }));
    expect(asks).toEqual([
      [false, false],
      [true, false],
      [false, false],
    ]);
  });

  test('[HI2] by each join through such an invite anew', async () => {
    const { group, write } = await setup();
    const invite = inviteBody('one', { history: 'all', maxUses: 9 });
    await write({ by: alice, body: invite });
    const between = await writeEpoch(group, alice);
    expect(mayBeShared(group.set, between.opId)).toBe(false);
    await write({ by: bob, body: joinBody(bob, invite) });
    expect(mayBeShared(group.set, between.opId)).toBe(true);
  });
});

describe('what whoever has a link is given', () => {
  const writeInvite = async (options: Parameters<typeof inviteBody>[1]) => {
    const { group, epoch, write } = await setup();
    const body = inviteBody('one', { maxUses: 9, historyPub: bytesNamed('history'), ...options });
    const { opId } = await write({ by: alice, body });
    const given = ({ opId: epochId }: ControlOp): boolean =>
      givenByLink(group.set, { opId, body })(epochId);
    return { group, epoch, write, given, opId, body };
  };

  test.each(['all', 'since'] as const)('[HI3] by an open one with "%s"', async (history) => {
    const { group, epoch, given, write } = await writeInvite({ history });
    const since = await writeEpoch(group, alice);
    expect([given(epoch), given(since)]).toEqual([history === 'all', true]);
    await write({ by: alice, body: addBody(bob) });
    expect(given(await writeEpoch(group, alice))).toBe(true);
  });

  test.each([
    { history: 'none' },
    { history: 'all', isOpen: false },
    { history: 'since', isOpen: false },
  ] as const)('[HI3] nothing by one with %s', async (options) => {
    const { group, epoch, given } = await writeInvite(options);
    const since = await writeEpoch(group, alice);
    expect([given(epoch), given(since)]).toEqual([false, false]);
  });

  test('[HI3] nothing by one that is not held, or has no key to seal to', async () => {
    const { group, epoch, opId, body } = await writeInvite({ history: 'all' });
    const { historyPub, ...withoutKey } = body;
    expect(historyPub).toBeDefined();
    expect(givenByLink(group.set, { opId, body: withoutKey })(epoch.opId)).toBe(false);
    const elsewhere = { opId: bytesNamed('nothing'), body };
    expect(givenByLink(group.set, elsewhere)(epoch.opId)).toBe(false);
  });

  test.each<[string, (by: TestConversation['write']) => Promise<ControlOp>]>([
    ['was removed', (write) => write({ by: alice, body: removeBody(bob) })],
    ['left', (write) => write({ by: bob, body: { type: 'leave' } })],
  ])('[HI3] nothing of what comes after somebody %s, who may have the link', async (_, go) => {
    const { group, epoch, given, write } = await writeInvite({ history: 'all' });
    await write({ by: alice, body: addBody(bob) });
    await write({ by: alice, body: addBody(carol) });
    const before = await writeEpoch(group, alice);
    await go(write);
    await write({ by: carol, body: { type: 'leave' } });
    const after = await writeEpoch(group, alice);
    expect([epoch, before, after].map(given)).toEqual([true, true, false]);
  });

  test('[HI3] who went before the link was made does not have it', async () => {
    const { group, write } = await setup();
    await write({ by: alice, body: addBody(bob) });
    await write({ by: alice, body: removeBody(bob) });
    const historyPub = bytesNamed('history');
    const body = inviteBody('one', { history: 'all', maxUses: 9, historyPub });
    const { opId } = await write({ by: alice, body });
    const after = await writeEpoch(group, alice);
    expect(givenByLink(group.set, { opId, body })(after.opId)).toBe(true);
  });
});
