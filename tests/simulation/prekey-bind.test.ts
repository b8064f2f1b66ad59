import { expect, test } from 'vitest';
import { outcome, setupScene, talk } from './hostile.ts';

const weekMs = 7 * 24 * 3600 * 1000;

test('[DP4] a device binds when its newest prekey is a week old, though nobody has anything to say', async () => {
  const scene = await setupScene();
  const { history, bob } = scene;
  const { world, net } = history;
  await talk(scene, 1);
  await world.run(30_000);

  /** Bob goes away and comes back; what was written meanwhile, by anybody. */
  const comeBack = async (): Promise<number> => {
    const before = net.witness.entryCount;
    net.partition([['bob'], ['alice', 'carol']]);
    await world.run(30_000);
    net.heal();
    await world.run(60_000);
    return net.witness.entryCount - before;
  };
  expect(await comeBack()).toBe(0);
  bob.skewMs = weekMs + 60_000;
  expect(await comeBack()).toBeGreaterThan(0);
  expect(await comeBack()).toBe(0); // once
  expect(await outcome(scene)).toEqual([]);
});
