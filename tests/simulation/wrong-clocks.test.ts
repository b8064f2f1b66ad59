import { describe, expect, test } from 'vitest';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { World } from './world.ts';
import { introduce } from './workload.ts';

const startMs = Date.UTC(2026, 10, 24);
const dayMs = 86_400_000;
const tenYearsMs = 3653 * dayMs;

const clocks = [
  { name: '[attack 21] ten years fast and slow', fastMs: tenYearsMs, slowMs: -tenYearsMs },
  { name: 'five minutes off', fastMs: 300_000, slowMs: -300_000 },
  { name: 'a day off', fastMs: dayMs, slowMs: -dayMs },
  { name: '2099 and 1970', fastMs: Date.UTC(2099, 0) - startMs, slowMs: -startMs },
];

describe('clocks that are wrong from the beginning', () => {
  test.each(clocks)(
    '[SM9] [row 31] $name: people meet, talk in one order, and see times that can be',
    async ({ fastMs, slowMs }) => {
      const world = new World(21);
      const net = new Internet(world, { ...noFaults });
      const [alice, bob] = [new Peer(net, 'alice'), new Peer(net, 'bob')];
      alice.skewMs = fastMs;
      bob.skewMs = slowMs;
      const ids = await introduce(world, alice, bob);
      await alice.open(ids.alice);
      await bob.open(ids.bob);
      const said: string[] = [];
      for (let round = 0; round < 4; round++) {
        for (const peer of [alice, bob]) {
          const text = `${peer.name} ${String(round)}`;
          said.push(`${peer.name}: ${text}`);
          const conversationId = peer === alice ? ids.alice : ids.bob;
          await peer.do({ type: 'SendMessage', conversationId, text });
          await world.run(5000);
        }
        await world.run(dayMs / 2); // epochs go on by the clocks that there are
      }
      expect(alice.texts).toEqual(said);
      expect(bob.texts).toEqual(said);
      for (const peer of [alice, bob]) {
        const latestMs = startMs + world.nowMs + peer.skewMs + 5 * 60_000; // as it knows it
        for (const { sentAtMs } of peer.messages) {
          expect(sentAtMs).toBeLessThanOrEqual(latestMs);
          expect(sentAtMs).toBeGreaterThanOrEqual(
            Math.min(Date.UTC(2020, 0), startMs + peer.skewMs),
          );
        }
        const own = peer.messages.filter(({ delivery }) => delivery !== undefined);
        expect(own).toHaveLength(4);
        for (const { delivery } of own) expect(delivery).toMatchObject({ state: 'delivered' });
      }
      expect(net.witness.violations).toEqual([]);
    },
    60_000,
  );
});
