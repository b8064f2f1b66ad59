import { expect, test } from 'vitest';
import { equalBytes } from '../../src/base/bytes.ts';
import { decodeEnvelope } from '../../src/protocol/envelope.ts';
import { decodeSyncFrame, encodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import { inspect } from '../../src/replication/inspect.ts';
import { encodeRuns } from '../../src/replication/runs.ts';
import { outcome, setupScene, talk, type Scene } from './hostile.ts';

const nothing = encodeSyncFrame({ t: 'vector', epochs: [] });

/** Whoever wrote last is kept from bob from now on, whoever passes it on. */
const keepFromBob = ({ history }: Scene, writerPub: Uint8Array): void => {
  const isTheirs = (other: { writerPub: Uint8Array }): boolean =>
    equalBytes(other.writerPub, writerPub);
  history.net.arriving = (frame, { to, by }) => {
    if (to !== 'bob') return frame.slice();
    if (by === 'gossip') {
      const envelope = decodeEnvelope(frame);
      return envelope.ok && isTheirs(envelope.value) ? new Uint8Array(1) : frame.slice();
    }
    const decoded = decodeSyncFrame(frame);
    if (!decoded.ok || decoded.value.t !== 'update') return frame.slice();
    const runs = inspect(decoded.value.update, { bytesMax: frame.length });
    const others = runs.ok ? runs.value.filter((run) => !isTheirs(run)) : [];
    return others.length === 0
      ? nothing
      : encodeSyncFrame({ t: 'update', update: encodeRuns(others) });
  };
};

const lastWriterOf = async ({ history }: Scene, act: () => void): Promise<Uint8Array> => {
  let writerPub: Uint8Array | undefined;
  history.net.arriving = (frame, { by }) => {
    const envelope = decodeEnvelope(frame);
    if (by === 'gossip' && envelope.ok) writerPub ??= envelope.value.writerPub;
    return frame.slice();
  };
  act();
  await history.world.run(3000);
  if (writerPub === undefined) throw new Error('nothing was written');
  return writerPub;
};

test('[WI3] what others have seen shows as missing, in its place, and fills in by itself', async () => {
  const scene = await setupScene();
  const { history, alice, bob, carol } = scene;
  await talk(scene, 1);
  const carols = await lastWriterOf(scene, () => {
    history.say(carol, 'before');
  });
  keepFromBob(scene, carols);
  history.say(carol, 'kept from bob');
  await history.world.run(3000);
  history.say(carol, 'this too');
  await history.world.run(3000);
  history.say(alice, 'what carol says');
  await history.world.run(3000);

  const [before, gap, after] = bob.items.slice(-3);
  expect(before).toMatchObject({ type: 'message', text: 'before' });
  expect(gap).toMatchObject({ type: 'gap', author: { name: 'carol' }, missingCount: 2 });
  expect(after).toMatchObject({ type: 'message', text: 'what carol says' });

  history.net.arriving = (frame) => frame.slice();
  expect(await outcome(scene)).toEqual([]);
  expect(bob.items.filter(({ type }) => type === 'gap')).toEqual([]);
  expect(bob.texts.slice(-3)).toEqual([
    'carol: kept from bob',
    'carol: this too',
    'alice: what carol says',
  ]);
});
