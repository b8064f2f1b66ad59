import { beforeAll, describe, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import { EpochJitter } from '../../../src/core/conversation/epoch-jitter.ts';
import { chooseEpoch } from '../../../src/core/epochs/send-rule.ts';
import { resolve, viewDigest } from '../../../src/protocol/membership/membership.ts';
import type { ControlOp } from '../../../src/protocol/membership/ops.ts';
import {
  addBody,
  createConversation,
  createPerson,
  epochBody,
  groupSpec,
  removeBody,
  roleBody,
  type TestConversation,
  type TestPerson,
} from '../../support/conversation.ts';

let alice: TestPerson;
let bob: TestPerson;
let carol: TestPerson;
beforeAll(async () => {
  [alice, bob, carol] = await Promise.all([
    createPerson('alice'),
    createPerson('bob'),
    createPerson('carol'),
  ]);
});

const setupGroup = async (): Promise<TestConversation> => {
  const group = await createConversation(alice, groupSpec(alice));
  await group.write({ by: alice, body: addBody(bob) });
  return group;
};

/** An epoch for whoever is in now. */
const makeEpoch = (group: TestConversation): Promise<ControlOp> =>
  group.write({ by: alice, body: epochBody(viewDigest(resolve(group.set))) });

const chosen = (
  { set }: TestConversation,
  held: ReadonlyArray<ControlOp>,
  wornOut?: ControlOp,
): ControlOp | undefined => {
  const departures = set.nodes.filter(
    ({ op, key }) => op.body.type === 'remove' && resolve(set).validOps.has(key),
  );
  const epochs = held.map((op) => ({ id: op.opId, idHex: toHex(op.opId), op }));
  const choice = chooseEpoch({
    membership: { opSet: set, view: resolve(set), departures: () => departures },
    held: epochs,
    isClosed: ({ op }) => op === wornOut,
  });
  return choice?.op;
};

describe('the send rule', () => {
  test('[SR1] none whose lamports end before those of another begin', async () => {
    const group = await setupGroup();
    const at = async (base: number): Promise<ControlOp> => {
      const body = { ...epochBody(viewDigest(resolve(group.set))), base };
      return group.write({ by: alice, body });
    };
    const late = await at(2 ** 30);
    const near = await at(2 ** 30 - 2 ** 20);
    expect(chosen(group, [late, near])).toBe(near);
    const far = await at(2 ** 30 - 2 ** 22);
    expect(chosen(group, [late, far])).toBeUndefined(); // nor the one it replaced
  });

  test('[SR1] only an epoch of exactly those who are in now, the deepest', async () => {
    const group = await setupGroup();
    const first = await makeEpoch(group);
    expect(chosen(group, [first])).toBe(first);
    const second = await makeEpoch(group);
    expect(chosen(group, [first, second])).toBe(second);
    await group.write({ by: alice, body: addBody(carol) });
    expect(chosen(group, [first, second])).toBeUndefined();
  });

  test('[SR1] never one that another has replaced, also where that one does not fit', async () => {
    const group = await setupGroup();
    const [first, second] = [await makeEpoch(group), await makeEpoch(group)];
    expect(chosen(group, [first, second], second)).toBeUndefined();
  });

  test('[SR1] never one that has not seen somebody go, although the people are the same', async () => {
    const group = await setupGroup();
    const first = await makeEpoch(group);
    await group.write({ by: alice, body: addBody(carol) });
    await group.write({ by: alice, body: removeBody(carol) });
    expect(chosen(group, [first])).toBeUndefined();
    const next = await makeEpoch(group);
    expect(chosen(group, [first, next])).toBe(next);
  });

  test('[SR1] a new one where a writer became a reader, or a reader a writer', async () => {
    const group = await setupGroup();
    const first = await makeEpoch(group);
    await group.write({ by: alice, body: roleBody(bob, 2) });
    expect(chosen(group, [first])).toBe(first);
    await group.write({ by: alice, body: roleBody(bob, 0) });
    expect(chosen(group, [first])).toBeUndefined();
  });
});

describe('the wait before a new epoch', () => {
  test('[SR3] is up to two seconds, told when it is over, and used once', () => {
    const due: Array<{ readonly delayMs: number; readonly task: () => void }> = [];
    let overCount = 0;
    const jitter = new EpochJitter(
      {
        clock: {
          now: () => 0,
          monotonic: () => 0,
          schedule: (delayMs, task) => {
            due.push({ delayMs, task });
            return () => undefined;
          },
        },
        random: { bytes: () => Uint8Array.of(255, 255) },
      },
      () => {
        overCount += 1;
      },
    );
    expect([jitter.isOver(), jitter.isOver()]).toEqual([false, false]);
    expect(due.map(({ delayMs }) => delayMs)).toEqual([1999]);
    due[0]?.task();
    expect(overCount).toBe(1);
    expect([jitter.isOver(), jitter.isOver()]).toEqual([true, false]);
  });
});
