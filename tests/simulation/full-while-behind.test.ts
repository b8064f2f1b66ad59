import { expect, test } from 'vitest';
import { outcome, setupScene, talk } from './hostile.ts';

test.each([2000, 12_000, 40_000])(
  '[SM10] [row 24] a disk that fills up while a device catches up, %i bytes in: said, nothing half, all when there is room',
  async (roomBytes) => {
    const scene = await setupScene(24);
    const { history, alice, bob, carol } = scene;
    const { world } = history;
    await talk(scene, 1);
    await world.run(5000);
    await carol.crash();
    const body = 'x'.repeat(2000);
    for (let i = 0; i < 20; i++) {
      for (const peer of [alice, bob]) history.say(peer, `${peer.name} ${String(i)} ${body}`);
      await world.run(500);
    }
    await world.run(10_000);
    expect(bob.texts).toHaveLength(43);

    carol.disk.faults.capacityBytes = carol.disk.usedBytes + roomBytes;
    carol.start();
    await history.reopen(carol);
    const isSaid = (): boolean => carol.state?.troubles.includes('disk-full') === true;
    expect(await world.run(60_000, isSaid)).toBe(true);
    await world.run(30_000);
    await carol.showAll();
    expect(carol.texts.length).toBeLessThan(43);
    // Of each author what is there is there from the beginning on.
    for (const { name } of [alice, bob]) {
      const of = (texts: ReadonlyArray<string>) => texts.filter((text) => text.startsWith(name));
      const held = of(carol.texts);
      expect(held).toEqual(of(bob.texts).slice(0, held.length));
    }
    carol.disk.faults.capacityBytes = Infinity;
    expect(await world.run(60_000, () => carol.state?.troubles.length === 0)).toBe(true);
    expect(await outcome(scene)).toEqual([]);
    expect(carol.texts).toEqual(bob.texts);
  },
  60_000,
);
