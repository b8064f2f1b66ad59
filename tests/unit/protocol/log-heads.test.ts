import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import {
  identitiesInDoubt,
  logHeadsOf,
  logsIn,
  newsAmong,
} from '../../../src/protocol/membership/log-heads.ts';
import { limits } from '../../../src/protocol/limits.ts';
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

const setup = async () => {
  const [alice, bob] = [await createPerson('alice'), await createPerson('bob')];
  const conversation = await createConversation(alice, groupSpec(alice));
  await conversation.write({ by: alice, body: addBody(bob) });
  const { set, write } = conversation;
  const doubtsAfterEpoch = async (
    recipientsDigest: Uint8Array,
    idLogHeads: ReadonlyArray<IdentityLogHead>,
  ): Promise<ReadonlyArray<string>> => {
    const epoch = epochBody(recipientsDigest);
    if (epoch.type !== 'epoch') throw new Error('an epoch');
    await write({ by: alice, body: { ...epoch, idLogHeads } });
    return [...identitiesInDoubt(set, resolve(set))];
  };
  /** In doubt after alice made an epoch that names these. */
  const doubtsAfter = (...heads: ReadonlyArray<IdentityLogHead>) =>
    doubtsAfterEpoch(viewDigest(resolve(set)), heads);
  return { alice, bob, set, write, doubtsAfter, doubtsAfterEpoch };
};

describe('identity logs by their heads', () => {
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

describe('whose heads count', () => {
  const bobIn = async () => {
    const { bob, ...rest } = await setup();
    const { identityId } = bob;
    const { length } = logOf(bob).entries;
    const strange = { identityId, length, head: bytesNamed('of another log') };
    const known = { identityId, length, head: logOf(bob).head };
    return { ...rest, bob, strange, known };
  };

  test('[ID5] an epoch that does not count raises no doubt', async () => {
    const { strange, doubtsAfterEpoch } = await bobIn();
    expect(await doubtsAfterEpoch(bytesNamed('other recipients'), [strange])).toEqual([]);
  });

  test('[ID5] a doubt stays, whoever names the head that is known here', async () => {
    const { bob, strange, known, doubtsAfter } = await bobIn();
    await doubtsAfter(strange);
    expect(await doubtsAfter(known)).toEqual([toHex(bob.identityId)]);
  });

  test('[ID5] a head of somebody of whom nothing is known here raises none', async () => {
    const { strange, doubtsAfter } = await bobIn();
    expect(await doubtsAfter({ ...strange, identityId: bytesNamed('nobody') })).toEqual([]);
  });

  test('[ID5] an epoch names so many members and no more', async () => {
    const { alice, set, write } = await bobIn();
    for (let at = 0; at < limits.idLogHeadsMax; at++) {
      await write({ by: alice, body: addBody(await createPerson(`guest ${String(at)}`)) });
    }
    expect(resolve(set).levels.size).toBe(limits.idLogHeadsMax + 2);
    expect(logHeadsOf(resolve(set))).toHaveLength(limits.idLogHeadsMax);
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
    expect(newsAmong([short], [middle, long])).toBe(long); // of several the longest
    expect(newsAmong([short], [long, middle])).toBe(long);
    expect(logsIn(mergeLogs([middle]))).toEqual([middle]);
    expect(logsIn(undefined)).toEqual([]);
    expect(logsIn(mergeLogs([]))).toEqual([]);
    expect(
      logsIn(mergeLogs([middle, other]))
        .map(({ head }) => toHex(head))
        .sort(),
    ).toEqual([middle, other].map(({ head }) => toHex(head)).sort());
  });
});
