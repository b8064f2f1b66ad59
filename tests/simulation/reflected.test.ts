import { expect, test } from 'vitest';
import { decodeEnvelope } from '../../src/protocol/envelope.ts';
import { decodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import { flipABit, outcome, setupScene, talk } from './hostile.ts';

test('[SM4] [row 37] a forged sender is no sender: what does not carry their signature is not shown', async () => {
  const scene = await setupScene(37);
  await talk(scene, 1);
  const forged = flipABit(scene); // only gossip: what alice wrote comes by the link
  await talk(scene, 3);
  expect(forged.count).toBeGreaterThan(0);
  expect(await outcome(scene)).toEqual([]);
  const said = ['alice 0', 'bob 0', 'carol 0', 'alice 0', 'bob 0', 'carol 0'];
  expect(scene.bob.texts).toHaveLength(said.length + 6);
});

test('[SM4] [row 37] entries that come back to who wrote them change nothing', async () => {
  const scene = await setupScene(38);
  const { history, alice } = scene;
  let reflected = 0;
  history.net.arriving = (frame, { from, by }) => {
    if (from === 'alice' && by === 'gossip' && decodeEnvelope(frame).ok) {
      for (const topic of alice.network?.topics ?? []) {
        reflected += 1;
        void alice.network?.receiveGossip(topic, frame.slice(), 'bob-1');
      }
    }
    return frame.slice();
  };
  await talk(scene, 4);
  await history.world.run(5000);
  expect(reflected).toBeGreaterThan(4);
  expect(alice.texts).toHaveLength(12);
  expect(alice.network?.deniedPeers).toEqual([]);
  expect(await outcome(scene)).toEqual([]);
});

test('[SY3] [row 37] a hello that comes back to who said it is none: the link ends', async () => {
  const scene = await setupScene(41);
  const { history, alice, bob } = scene;
  await talk(scene, 1);
  await history.world.run(5000);
  let reflected = 0;
  let fromAlice: Uint8Array | undefined;
  history.net.arriving = (frame, { from, to, by }) => {
    const decoded = by === 'link' ? decodeSyncFrame(frame) : undefined;
    if (decoded?.ok !== true || decoded.value.t !== 'hello') return frame.slice();
    if (from === 'alice' && to === 'bob') fromAlice = frame.slice();
    if (from !== 'bob' || to !== 'alice' || fromAlice === undefined) return frame.slice();
    reflected += 1;
    return fromAlice;
  };
  await bob.crash();
  bob.start();
  await history.reopen(bob);
  await history.world.run(10_000);
  expect(reflected).toBeGreaterThan(0);
  expect(alice.network?.deniedPeers).toContain(bob.network?.peerId);
  history.net.arriving = (frame) => frame.slice();
  const broken = await outcome(scene);
  expect(
    broken.filter((promise) => promise !== `I8 alice refused ${bob.network?.peerId ?? ''}`),
  ).toEqual([]);
});
