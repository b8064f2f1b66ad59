import { describe, expect, test } from 'vitest';
import type { Storage } from '../../src/storage/port.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { World } from './world.ts';
import { introduce } from './workload.ts';

/** Two people with some history, and the names of the second one's segments. */
const setup = async () => {
  const world = new World(5);
  const net = new Internet(world, noFaults);
  const names = new Set<string>();
  const watched = (storage: Storage): Storage => ({
    ...storage,
    openSegment: (name) => {
      names.add(name);
      return storage.openSegment(name);
    },
  });
  const alice = new Peer(net, 'alice');
  const bob = new Peer(net, 'bob', { wrapStorage: watched });
  const ids = await introduce(world, alice, bob);
  await alice.open(ids.alice);
  await bob.open(ids.bob);
  for (let i = 0; i < 10; i++) {
    await alice.do({ type: 'SendMessage', conversationId: ids.alice, text: `a${String(i)}` });
    await bob.do({ type: 'SendMessage', conversationId: ids.bob, text: `b${String(i)}` });
    await world.run(500);
  }
  const journalCount = (): number =>
    [...bob.disk.records().keys()].filter((key) => key.startsWith('j/')).length;
  // Only the segments hold them from here on.
  expect(await world.run(600_000, () => journalCount() === 0)).toBe(true);
  return { world, alice, bob, ids, names };
};

const flipped = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte));
const torn = (bytes: Uint8Array): Uint8Array => bytes.slice(0, bytes.length >> 1);

describe('a damaged disk', () => {
  test.each([
    { damage: 'flipped', change: flipped },
    { damage: 'torn', change: torn },
  ])('[SM6] [row 20] what a $damage row took comes back from the others', async ({ change }) => {
    const { world, alice, bob, ids, names } = await setup();
    const before = bob.texts;
    expect(before).toHaveLength(20);
    await bob.crash();
    let damagedCount = 0;
    for (const name of names) {
      for (const index of bob.disk.rows(name).keys()) {
        bob.disk.damageRow(name, index, change);
        damagedCount += 1;
      }
    }
    expect(damagedCount).toBeGreaterThan(1);
    await alice.crash(); // at first nobody is there to ask
    bob.start();
    await world.run(10_000);
    await bob.open(ids.bob);
    await world.run(10_000);
    expect(bob.texts.length).toBeLessThan(20); // the damage did reach what is read
    alice.start();
    await alice.open(ids.alice);
    expect(await world.run(120_000, () => bob.texts.length === 20)).toBe(true);
    expect(bob.texts).toEqual(before);
    await bob.do({ type: 'SendMessage', conversationId: ids.bob, text: 'still here' });
    const isThere = ({ texts }: Peer): boolean => texts.includes('bob: still here');
    expect(await world.run(60_000, () => isThere(alice) && isThere(bob))).toBe(true);
    expect(alice.texts).toEqual(bob.texts);
  });

  test('[SM6] [row 20] the records that a conversation stands on are there twice', async () => {
    const { world, alice, bob, ids } = await setup();
    const before = bob.texts;
    await bob.crash();
    await alice.crash(); // nobody is there to ask
    const keys = [...bob.disk.records().keys()].filter((key) => key.startsWith('~'));
    // The person, the conversations, their operations, epochs and segments.
    const kinds = new Set(keys.map((key) => key.slice(1).split('/')[0]));
    expect([...kinds].sort()).toEqual(['c', 'e', 'g', 'me', 'p']);
    for (const key of keys) bob.disk.damageRecord(key.slice(1), flipped);
    bob.start();
    await world.run(10_000);
    await bob.open(ids.bob);
    expect(bob.texts).toEqual(before);
    alice.start();
    await alice.open(ids.alice);
    await bob.do({ type: 'SendMessage', conversationId: ids.bob, text: 'still here' });
    expect(await world.run(60_000, () => alice.texts.includes('bob: still here'))).toBe(true);
  });

  test('[SM6] [row 20] any one damaged record leaves a device that reads and writes', async () => {
    // What opens the vault is there once: without it nothing here can be read.
    const opensVault = new Set(['slot', 'slot-box', 'device']);
    const { bob: model } = await setup();
    const keys = [...model.disk.records().keys()].filter((key) => !opensVault.has(key));
    expect(keys.length).toBeGreaterThan(20);
    for (const key of keys) {
      const { world, alice, bob, ids } = await setup(); // the same seed: the same records
      await bob.crash();
      bob.disk.damageRecord(key, flipped);
      bob.start();
      await world.run(10_000);
      await bob.open(ids.bob);
      await bob.do({ type: 'SendMessage', conversationId: ids.bob, text: 'still here' });
      const isWhole = (): boolean => bob.texts.length === 21 && alice.texts.length === 21;
      expect(await world.run(120_000, isWhole), key).toBe(true);
      expect(alice.texts, key).toEqual(bob.texts);
    }
  }, 120_000);
});
