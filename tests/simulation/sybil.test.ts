/**
 * Twenty hostile peers who know the keys of an epoch, as somebody who was in it does: they are found
 * under it, take and keep links, listen to its topic, and say nothing true.
 */
import { expect, test } from 'vitest';
import { Epoch } from '../../src/core/epochs/epoch.ts';
import { limits } from '../../src/protocol/limits.ts';
import { rendezvousKey, sealPeerRecord } from '../../src/protocol/rendezvous.ts';
import { groupStateOf } from '../support/whole-state.ts';
import { outcome, setupScene, type Scene } from './hostile.ts';
import { SimNetwork, simulatedRelay } from './network.ts';

const sybilCount = 20;

/** Each has a place under every epoch of the group; most of what they leave leads nowhere. */
const surround = async ({ history, carol }: Scene): Promise<ReadonlyArray<SimNetwork>> => {
  const { net, world } = history;
  await carol.crash();
  const state = await groupStateOf(carol.disk);
  const epochs = state.seeds.map((seed) => new Epoch(seed));
  const blobOf = (epoch: Epoch, peerId: string): Uint8Array =>
    sealPeerRecord(epoch.keys.rdvSeal, state.core.random.bytes(24), {
      peerId,
      relays: [simulatedRelay],
      expiresAtMs: world.nowMs + limits.meetingTtlMs,
    });
  return Array.from({ length: sybilCount }, (_, i) => {
    const sybil = new SimNetwork(net, `mallory${String(i)}`, 1);
    sybil.start({
      event: (event) => {
        if (event.type !== 'LinkOpened') return;
        const junk = Uint8Array.from({ length: 100 }, () => world.random.below(256));
        if (i % 2 === 0) void sybil.send(event.link, junk).catch(() => undefined);
      },
      gossip: () => 'ignore',
    });
    sybil.setTopics(epochs.map(({ keys }) => keys.topic));
    const leave = (round: number): void => {
      const key = (epoch: Epoch): Uint8Array => rendezvousKey(epoch.keys.rdv, 0);
      const peerId = round % 4 === 0 ? sybil.peerId : `nobody-${String(i)}-${String(round)}`;
      sybil.setMeetings(
        simulatedRelay,
        epochs.map((epoch) => ({ key: key(epoch), blob: blobOf(epoch, peerId) })),
      );
      world.schedule(1000, () => {
        leave(round + 1);
      });
    };
    leave(i);
    return sybil;
  });
};

test('[SM4] [row 43] twenty hostile peers on the topic and in rendezvous: two who have one honest link converge', async () => {
  const scene = await setupScene(43);
  const { history, alice, bob } = scene;
  const { net, world } = history;
  // All that is left between the two is one relayed path: no gossip.
  Object.assign(net.faults, { relayedPercent: 100 });
  net.forgetPaths();
  await alice.crash();
  await bob.crash();
  const sybils = await surround(scene);
  await world.run(60_000);
  for (const peer of [alice, bob]) {
    peer.start();
    await history.reopen(peer);
  }
  for (let i = 0; i < 10; i++) {
    history.say(alice, `alice ${String(i)}`);
    history.say(bob, `bob ${String(i)}`);
    await world.run(20_000);
  }
  expect(alice.messages).toHaveLength(20);
  expect(bob.texts).toEqual(alice.texts);
  expect(sybils.some((sybil) => sybil.linkTo('alice') ?? sybil.linkTo('bob'))).toBe(true);
  for (const { network } of [alice, bob]) {
    const denied = network?.deniedPeers ?? [];
    expect(denied.length).toBeGreaterThan(0);
    expect(denied.every((peerId) => peerId.startsWith('mallory'))).toBe(true);
  }
  for (const sybil of sybils) await sybil.stop();
  scene.carol.start();
  await history.reopen(scene.carol);
  expect(await outcome(scene)).toEqual([]);
});
