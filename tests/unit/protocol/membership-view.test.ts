import { expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import { resolve, viewAt } from '../../../src/protocol/membership/membership.ts';
import {
  addBody,
  createConversation,
  createPerson,
  groupSpec,
  identityBody,
  removeBody,
} from '../../support/conversation.ts';

test('[VW2] the view of all held ops is that of the one op that has seen all, and follows each', async () => {
  const [alice, bob, carol] = [
    await createPerson('alice'),
    await createPerson('bob'),
    await createPerson('carol'),
  ];
  const { set, ops, write } = await createConversation(alice, groupSpec(alice));
  const steps = [identityBody(alice), addBody(bob), addBody(carol), removeBody(bob)];
  const members: string[][] = [];
  for (const body of steps) {
    const op = await write({ by: alice, body });
    expect(resolve(set)).toEqual(viewAt(set, op.opId));
    members.push([...resolve(set).levels.keys()].sort());
  }
  const [a, b, c] = [alice, bob, carol].map(({ identityId }) => toHex(identityId));
  const sorted = (...people: ReadonlyArray<string | undefined>) =>
    people.flatMap((p) => p ?? []).sort();
  expect(members).toEqual([sorted(a), sorted(a, b), sorted(a, b, c), sorted(a, c)]);
  expect(ops.length).toBeGreaterThan(steps.length);
});
