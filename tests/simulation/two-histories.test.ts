/**
 * Attack 11 with whole devices: a device writes two histories, each for one half of the others. A
 * restored backup is the innocent way to do it, and how it is done here.
 */
import { describe, expect, test } from 'vitest';
import { setupScene, talk, type Scene } from './hostile.ts';
import { Peer } from './peer.ts';

/** A second device with what is on the disk of the first. */
const restoreBackup = async ({ history }: Scene, original: Peer): Promise<Peer> => {
  original.disk.flush(() => true);
  const restored = new Peer(history.net, `${original.name}-restored`, {
    disk: original.disk.copy(),
  });
  const id = history.ids.get(original) ?? '';
  history.ids = new Map([...history.ids, [restored, id]]);
  return restored;
};

const begin = async ({ history }: Scene, peer: Peer): Promise<void> => {
  peer.start();
  await history.reopen(peer);
  await history.world.run(10_000);
};

const write = async ({ history }: Scene, peer: Peer, ...texts: string[]): Promise<void> => {
  for (const text of texts) {
    history.say(peer, text);
    await history.world.run(3000);
  }
};

/** Alice is given one history of carol, bob another; then carol is gone and the two meet. */
const twoHistories = async (): Promise<Scene> => {
  const scene = await setupScene();
  const { history, alice, bob, carol } = scene;
  await talk(scene, 2);
  await history.world.run(5000);
  const restored = await restoreBackup(scene, carol);
  history.net.partition([
    ['alice', 'carol'],
    ['bob', 'carol-restored'],
  ]);
  await begin(scene, restored);
  await history.world.run(60_000);
  await write(scene, carol, 'I vote for red', 'red it is');
  await write(scene, restored, 'I vote for blue', 'blue it is', 'blue, really');
  await write(scene, alice, 'alice heard red');
  await write(scene, bob, 'bob heard blue');
  expect(alice.texts).toContain('carol: I vote for red');
  expect(bob.texts).toContain('carol: blue, really');
  await carol.crash();
  await restored.crash();
  history.net.heal();
  await history.world.run(120_000);
  return scene;
};

/** But who came when: that is in epochs from before somebody joined. */
const keysOf = (peer: Peer): ReadonlyArray<string> =>
  peer.items
    .filter((item) => item.type !== 'notice' || item.notice.kind === 'forked')
    .map(({ key }) => key);
const noticesOf = (peer: Peer): ReadonlyArray<string> =>
  peer.items.flatMap((item) =>
    item.type === 'notice' && item.notice.kind === 'forked' ? [item.notice.who.name] : [],
  );
const troublesOf = (peer: Peer) =>
  peer.details?.members.filter(({ troubles }) => troubles.length > 0);

describe('[attack 11] a device with two histories', () => {
  test('[FK4] [attack 11] [row 33] is found out when the halves meet, and both show the same', async () => {
    const scene = await twoHistories();
    const { history, alice, bob } = scene;
    for (const peer of [alice, bob]) {
      expect(noticesOf(peer)).toEqual(['carol']);
      expect(troublesOf(peer)).toMatchObject([
        { person: { name: 'carol' }, troubles: ['two-histories'], deviceCount: 0 },
      ]);
      expect(peer.texts.filter((text) => /red it is|blue|for red/u.test(text))).toEqual([
        'bob: bob heard blue',
      ]);
      expect(peer.texts).toContain('carol: carol 1'); // from before the two parted
      expect(peer.items.filter(({ type }) => type === 'gap')).toEqual([]);
    }
    expect(keysOf(alice)).toEqual(keysOf(bob));
    await write(scene, alice, 'the two of us');
    await write(scene, bob, 'go on');
    expect(keysOf(alice)).toEqual(keysOf(bob));
    expect(bob.texts.slice(-2)).toEqual(['alice: the two of us', 'bob: go on']);
    expect(alice.messages.at(-2)?.delivery).toMatchObject({ haveCount: 1 });
    const { violations } = history.net.witness;
    expect(violations).not.toEqual([]); // there really were two
    expect(violations.filter((violation) => violation.startsWith('I6'))).toEqual([]); // no nonce twice
  });

  test('[DL5] and is waited for by nobody: what it had is delivered, what it will not get as well', async () => {
    const scene = await twoHistories();
    const { alice, bob } = scene;
    await write(scene, alice, 'the two of us');
    const deliveryOf = (text: string) =>
      alice.messages.find((item) => item.text === text)?.delivery;
    expect(deliveryOf('alice 0')).toMatchObject({ haveCount: 2, peopleCount: 2 });
    expect(deliveryOf('the two of us')).toMatchObject({ haveCount: 1, peopleCount: 1 });
    expect([...alice.violations, ...bob.violations]).toEqual([]);
  });

  test('[FK4] stays found out after a restart', async () => {
    const scene = await twoHistories();
    const { history, alice, bob } = scene;
    const before = keysOf(alice);
    await alice.crash();
    await begin(scene, alice);
    await history.world.run(30_000);
    expect(keysOf(alice)).toEqual(before);
    expect(noticesOf(alice)).toEqual(['carol']);
    expect(keysOf(bob)).toEqual(before);
  });

  test('[FK5, RM2] [row 33] is told so when it comes back, and writes to nobody', async () => {
    const scene = await twoHistories();
    const { history, alice, carol } = scene;
    await begin(scene, carol);
    await history.world.run(30_000);
    const closed = carol.state?.conversations.find(({ kind }) => kind === 'group')?.closed;
    expect(closed).toEqual({ kind: 'two-histories' });
    // In operations alone: no entries go to a device that is out (RM1).
    expect(troublesOf(carol)).toMatchObject([
      { person: { isMe: true }, troubles: ['two-histories'], deviceCount: 0 },
    ]);
    await write(scene, carol, 'it was not me');
    await history.world.run(30_000);
    expect(alice.texts).not.toContain('carol: it was not me');
    expect(carol.messages.at(-1)).toMatchObject({
      text: 'it was not me',
      delivery: { haveCount: 0 },
    });
  });
});
