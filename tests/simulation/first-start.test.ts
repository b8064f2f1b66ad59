import { expect, test } from 'vitest';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { World } from './world.ts';

/** Whatever a disk leaves room for while somebody starts, from nothing to all of it. */
const roomsBytes = Array.from({ length: 100 }, (_, i) => i * 250);

test('[SM7] [row 23] a disk that fills up while somebody starts is said so, and the start works later', async () => {
  const outcomes = new Set<string>();
  for (const roomBytes of roomsBytes) {
    const world = new World(1);
    const peer = new Peer(new Internet(world, noFaults), 'alice');
    peer.start();
    await world.run(1000);
    peer.disk.faults.capacityBytes = peer.disk.usedBytes + roomBytes;
    const created = await peer.do({ type: 'CreateIdentity', name: 'alice' });
    await world.run(5000);
    outcomes.add(peer.state?.phase ?? 'none');
    if (created.ok) break;
    expect(created.error).toBe('disk-full');
    expect(peer.state?.troubles).toContain('disk-full');
    expect(['first-run', 'unusable']).toContain(peer.state?.phase);

    await peer.crash();
    peer.disk.faults.capacityBytes = Infinity;
    peer.start();
    await world.run(5000);
    if (peer.state?.phase === 'first-run') {
      expect(await peer.do({ type: 'CreateIdentity', name: 'alice' })).toMatchObject({ ok: true });
    }
    await world.run(1000);
    const [notes] = peer.state?.conversations ?? [];
    expect(peer.state?.phase).toBe('ready');
    expect(peer.state?.me?.name).toBe('alice');
    expect(notes?.kind).toBe('self');
  }
  expect([...outcomes].sort()).toEqual(['first-run', 'ready', 'unusable']); // each was seen
});
