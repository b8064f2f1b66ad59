/** Whatever the disk refuses is said within 5 s, loses nothing acknowledged, and ends (I9, I10). */
import { describe, expect, test } from 'vitest';
import type { Trouble } from '../../src/core/api.ts';
import type { MemoryDisk } from '../../src/storage/memory-disk.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { introduce } from './workload.ts';
import { World } from './world.ts';

const saidWithinMs = 5000;

/** Two people who have written to each other. */
const setup = async () => {
  const world = new World(9);
  const net = new Internet(world, noFaults);
  const alice = new Peer(net, 'alice');
  const bob = new Peer(net, 'bob');
  const ids = await introduce(world, alice, bob);
  await alice.open(ids.alice);
  await bob.open(ids.bob);
  const send = (peer: Peer, text: string) =>
    peer.do({
      type: 'SendMessage',
      conversationId: peer === alice ? ids.alice : ids.bob,
      text,
    });
  await send(alice, 'before');
  await world.run(5000);
  const untilSaid = (trouble: Trouble): Promise<boolean> =>
    world.run(saidWithinMs, () => bob.state?.troubles.includes(trouble) === true);
  return { world, alice, bob, ids, send, untilSaid };
};

interface AtStart {
  readonly name: string;
  readonly trouble: Trouble;
  hit(disk: MemoryDisk): void;
  mend(disk: MemoryDisk): void;
}

const atStart: ReadonlyArray<AtStart> = [
  {
    name: '[row 22] does not open',
    trouble: 'storage-open-failed',
    hit: ({ faults }) => (faults.failingOpens = Infinity),
    mend: ({ faults }) => (faults.failingOpens = 0),
  },
  {
    name: '[row 22] opens and does not read',
    trouble: 'storage-failed',
    hit: ({ faults }) => (faults.isFailing = true),
    mend: ({ faults }) => (faults.isFailing = false),
  },
  {
    name: '[row 25] is held by something older',
    trouble: 'storage-blocked',
    hit: ({ faults }) => (faults.isBlocked = true),
    mend: ({ faults }) => (faults.isBlocked = false),
  },
  {
    name: '[row 26] is of a newer version',
    trouble: 'storage-newer',
    hit: (disk) => (disk.version += 1),
    mend: (disk) => (disk.version -= 1),
  },
];

interface Midway {
  readonly name: string;
  readonly trouble: Trouble;
  readonly error: 'disk-full' | 'storage-failed';
  hit(disk: MemoryDisk): void;
  mend(disk: MemoryDisk): void;
}

const midway: ReadonlyArray<Midway> = [
  {
    name: '[row 23] is full',
    trouble: 'disk-full',
    error: 'disk-full',
    hit: (disk) => (disk.faults.capacityBytes = disk.usedBytes),
    mend: ({ faults }) => (faults.capacityBytes = Infinity),
  },
  {
    name: '[row 22] stops working',
    trouble: 'storage-failed',
    error: 'storage-failed',
    hit: ({ faults }) => (faults.isFailing = true),
    mend: ({ faults }) => (faults.isFailing = false),
  },
];

describe('a store', () => {
  test.each(atStart)(
    '[SM10] that $name at the start: said, untouched, and whole the next time',
    async ({ trouble, hit, mend }) => {
      const { world, alice, bob, ids, send, untilSaid } = await setup();
      await bob.crash();
      const before = new Map(bob.disk.records());
      hit(bob.disk);
      bob.start();
      expect(await untilSaid(trouble)).toBe(true);
      expect(bob.state?.phase).toBe('unusable');
      await send(alice, 'meanwhile');
      await world.run(60_000);
      expect(bob.disk.records()).toEqual(before);
      expect(alice.messages.at(-1)?.delivery?.state).not.toBe('delivered');

      await bob.crash();
      mend(bob.disk);
      bob.start();
      await world.run(5000);
      await bob.open(ids.bob);
      const isWhole = (): boolean => bob.texts.join() === 'alice: before,alice: meanwhile';
      expect(await world.run(60_000, isWhole)).toBe(true);
      expect(bob.state?.troubles).toEqual([]);
    },
  );

  test.each(midway)(
    '[SM10] that $name in a session: refused and said, and all is caught up when it is over',
    async ({ trouble, error, hit, mend }) => {
      const { world, alice, bob, ids, send, untilSaid } = await setup();
      hit(bob.disk);
      expect(await send(bob, 'refused')).toEqual({ ok: false, error });
      expect(await untilSaid(trouble)).toBe(true);
      await send(alice, 'meanwhile');
      await world.run(30_000);
      // Said to be there would be a promise that the next crash breaks.
      expect(alice.messages.at(-1)?.delivery?.state).not.toBe('delivered');
      expect(bob.state?.troubles).toContain(trouble);

      mend(bob.disk);
      expect(await world.run(60_000, () => bob.state?.troubles.length === 0)).toBe(true);
      expect(await send(bob, 'taken')).toMatchObject({ ok: true });
      const all = ['alice: before', 'alice: meanwhile', 'bob: taken'];
      const isWhole = (): boolean =>
        [alice, bob].every(({ texts }) => texts.toSorted().join() === all.join());
      expect(await world.run(60_000, isWhole)).toBe(true);
      await bob.crash();
      bob.start();
      await world.run(5000);
      await bob.open(ids.bob);
      expect(bob.texts.toSorted()).toEqual(all);
    },
  );
});
