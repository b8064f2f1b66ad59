/**
 * HOLDERS: a file that comes from one, two and four devices at once, each of which gives a megabyte a
 * second, in virtual time: what the choice of chunks makes of several holders, whatever the machine.
 * Against: what they give together.
 */
import { FileGroup } from '../simulation/files.ts';
import type { Bench, Row } from './bench.ts';

const bytesPerSecond = 1_000_000;
const holderCounts = [1, 2, 4];

/** Megabytes a second. */
const fetchFrom = async (holderCount: number, { seed, size }: { seed: number; size: number }) => {
  const group = new FileGroup(seed, { peers: 6 });
  const peers = await group.begin();
  const [sender, ...others] = peers;
  const fetcher = others.at(-1);
  if (sender === undefined || fetcher === undefined) throw new Error('nobody is there');
  const { world, net } = group.history;
  await group.send(sender, 'plans', { size });
  const fetch = async (peer: typeof sender): Promise<void> => {
    await group.until([peer], 'plans', 'waiting for ask');
    await peer.do({ type: 'FetchAttachment', ...group.named(peer, 'plans') });
    if (!(await group.until([peer], 'plans', 'here'))) throw new Error('it did not come');
  };
  for (const peer of others.slice(0, holderCount - 1)) await fetch(peer);
  await world.run(10_000); // who has it has said so
  for (const peer of peers) net.throttles.set(peer.name, bytesPerSecond);
  const startedMs = world.nowMs;
  await fetch(fetcher);
  return size / 1000 / (world.nowMs - startedMs);
};

export const holdersBench: Bench = {
  id: 'HOLDERS',
  title: 'a file from several holders at once',
  isSmoke: false,
  run: async ({ isSmoke, say }) => {
    const size = (isSmoke ? 4 : 16) * 1_000_000;
    const rows: Row[] = [];
    for (const count of holderCounts) {
      const rounds: number[] = [];
      for (let seed = 1; seed <= (isSmoke ? 1 : 3); seed++) {
        rounds.push(await fetchFrom(count, { seed, size }));
      }
      say(`  from ${count}: ${(rounds[0] ?? 0).toFixed(2)} MB/s`);
      rows.push({
        id: `HOLDERS${count}`,
        measures: `a file of ${size / 1_000_000} MB from ${count} that give 1 MB/s each, virtual`,
        unit: 'MB/s',
        rounds,
        against: { name: 'all they give', rounds: rounds.map(() => count) },
        aim: '≥ 0.9×',
      });
    }
    return rows;
  },
};
