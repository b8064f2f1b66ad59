import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import {
  identitiesInDoubt,
  logHeadsOf,
  logsIn,
  newsAmong,
} from '../../../src/protocol/membership/log-heads.ts';
import { mergeLogs } from '../../../src/protocol/membership/identity.ts';
import { resolve, viewDigest } from '../../../src/protocol/membership/membership.ts';
import type { IdentityLogHead } from '../../../src/protocol/membership/op-bodies.ts';
import {
  addBody,
  bytesNamed,
  createConversation,
  createPerson,
  epochBody,
  extendLog,
  groupSpec,
  logOf,
} from '../../support/conversation.ts';

describe('identity logs by their heads', () => {
  const setup = async () => {
    const [alice, bob] = [await createPerson('alice'), await createPerson('bob')];
    const conversation = await createConversation(alice, groupSpec(alice));
    await conversation.write({ by: alice, body: addBody(bob) });
    const { set, write } = conversation;
    /** In doubt after alice made an epoch that names these. */
    const doubtsAfter = async (
      ...idLogHeads: ReadonlyArray<IdentityLogHead>
    ): Promise<ReadonlyArray<string>> => {
      const epoch = epochBody(viewDigest(resolve(set)));
      if (epoch.type !== 'epoch') throw new Error('an epoch');
      await write({ by: alice, body: { ...epoch, idLogHeads } });
      return [...identitiesInDoubt(set, resolve(set))];
    };
    return { alice, bob, set, doubtsAfter };
  };

  test('[ID5] those of the view raise no doubt', async () => {
    const { set, doubtsAfter } = await setup();
    const heads = logHeadsOf(resolve(set));
    expect(heads).toHaveLength(2);
    expect(await doubtsAfter(...heads)).toEqual([]);
  });

  test('[ID5] a head of another log does, a longer one says nothing yet', async () => {
    const { bob, doubtsAfter } = await setup();
    const { identityId } = bob;
    const { length } = logOf(bob).entries;
    const head = bytesNamed('of another log');
    expect(await doubtsAfter({ identityId, length: length + 1, head })).toEqual([]);
    expect(await doubtsAfter({ identityId, length, head })).toEqual([toHex(identityId)]);
  });
});

describe('what one conversation knows and another does not', () => {
  test('[ID6] a longer log and another history are news, once; a prefix and a third history are not', async () => {
    const { root, logs } = await createPerson('carol', 3);
    const [short, middle, long] = logs;
    if (!short || !middle || !long) throw new Error('three logs');
    const branch = (name: string) =>
      extendLog(root, short, {
        type: 'cert',
        devSignPub: bytesNamed(`device ${name}`),
        inboxPub: bytesNamed(`inbox ${name}`),
      });
    const [other, third] = [await branch('other'), await branch('third')];
    expect(newsAmong([short], [short, long, middle])).toBe(long);
    expect(newsAmong([long], [short, middle, long])).toBeUndefined();
    expect(newsAmong([middle], [short, other])).toBe(other);
    expect(newsAmong([middle, other], [third])).toBeUndefined();
    expect(newsAmong([], [long])).toBeUndefined(); // nobody there speaks of them
    expect(
      logsIn(mergeLogs([middle, other]))
        .map(({ head }) => toHex(head))
        .sort(),
    ).toEqual([middle, other].map(({ head }) => toHex(head)).sort());
  });
});
