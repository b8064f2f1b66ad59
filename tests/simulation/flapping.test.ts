/** A link that is there for two seconds and away for two, again and again. */
import { expect, test } from 'vitest';
import { heapUsedBytes } from '../support/cost.ts';
import { outcome, setupScene } from './hostile.ts';

const halfMs = 2000;
const cycles = 75; // five minutes
/** A link that broke is dialled again after two seconds at the latest. */
const cyclesWithoutNewsMax = 2;
const heapGrowthMaxBytes = 20_000_000;

test('[SM4] [row 9] five minutes of a flapping link: words come through, and nothing piles up', async () => {
  const scene = await setupScene(9);
  const { history, alice, bob } = scene;
  const { net, world } = history;
  const [waitingBefore, heapBefore] = [world.waitingCount, heapUsedBytes()];
  let quietCycles = 0;
  for (let cycle = 0; cycle < cycles; cycle++) {
    const before = bob.messages.length;
    history.say(alice, `cycle ${String(cycle)}`);
    net.partition([['alice'], ['bob', 'carol']]);
    await world.run(halfMs);
    net.heal();
    await world.run(halfMs);
    quietCycles = bob.messages.length > before ? 0 : quietCycles + 1;
    expect(quietCycles, `cycle ${String(cycle)}`).toBeLessThanOrEqual(cyclesWithoutNewsMax);
    expect(net.linkCount).toBeLessThanOrEqual(3);
  }
  expect(world.waitingCount).toBeLessThan(waitingBefore + 100);
  expect(heapUsedBytes() - heapBefore).toBeLessThan(heapGrowthMaxBytes);
  expect(await outcome(scene)).toEqual([]);
  expect(bob.messages).toHaveLength(cycles);
});
