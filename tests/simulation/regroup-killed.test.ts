/** The program ends at every single step of making a new group without somebody. */
import { expect, test } from 'vitest';
import { setupScene } from './hostile.ts';
import { conversationIdOf, personOf } from './members.ts';
import type { Peer } from './peer.ts';

const stepsMax = 120;

const groupCountOf = (peer: Peer): number =>
  (peer.state?.conversations ?? []).filter(({ kind }) => kind === 'group').length;

test('[RG5] [row 16] killed while a new group is made: it is there for everybody in it, or for nobody', async () => {
  const outcomes = new Set<number>();
  let doneAfter = 0;
  for (let step = 0; step < stepsMax && doneAfter < 2; step += 2) {
    const { history, alice, bob, carol } = await setupScene(16);
    const { world } = history;
    await world.run(5000);
    bob.disk.faults.delayMs = 40;
    const answers: unknown[] = [];
    const made = bob.execute({
      type: 'NewGroupWithout',
      conversationId: conversationIdOf(history, bob),
      personId: personOf(bob, 'alice').id,
    });
    void made.then((answer) => answers.push(answer));
    const end = world.eventCount + step;
    await world.run(60_000, () => world.eventCount >= end);
    const isDone = answers.length > 0;
    if (isDone) doneAfter += 1;
    await bob.crash();
    bob.disk.faults.delayMs = 0;
    bob.start();
    await history.reopen(bob);
    await world.run(30_000);
    if (isDone) expect(groupCountOf(bob)).toBe(2);
    expect(groupCountOf(carol), `step ${String(step)}`).toBe(groupCountOf(bob));
    expect(groupCountOf(alice)).toBe(1);
    outcomes.add(groupCountOf(bob));
  }
  expect(doneAfter).toBe(2);
  expect(outcomes).toEqual(new Set([1, 2]));
}, 240_000);
