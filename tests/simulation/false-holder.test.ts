/** A member, or a mailbox, that says it holds what was not written yet. */
import { expect, test } from 'vitest';
import { decodeSyncFrame, encodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import { setupScene, talk } from './hostile.ts';

test('[DL3] who claims what is still to be written has nothing of it when it is', async () => {
  const scene = await setupScene();
  const { history, alice, bob } = scene;
  let claimCount = 0;
  history.net.arriving = (frame, { from, to, by }) => {
    const decoded = by === 'link' ? decodeSyncFrame(frame) : undefined;
    const isClaim = from === bob.name && to === alice.name;
    if (!isClaim || decoded?.ok !== true || decoded.value.t !== 'vector') return frame.slice();
    claimCount += 1;
    const epochs = decoded.value.epochs.map((vector) => ({
      ...vector,
      rows: vector.rows?.map((row) => ({ ...row, nextSeq: row.nextSeq + 50 })),
    }));
    return encodeSyncFrame({ t: 'vector', epochs });
  };
  await talk(scene, 2);
  await history.world.run(10_000);
  expect(claimCount).toBeGreaterThan(0);
  history.net.partition([['alice', 'carol'], ['bob']]);
  await history.world.run(10_000);
  history.say(alice, 'bob is away');
  await history.world.run(10_000);
  expect(alice.messages.at(-1)).toMatchObject({
    text: 'bob is away',
    delivery: { state: 'delivered', haveCount: 1, peopleCount: 2 },
  });
});
