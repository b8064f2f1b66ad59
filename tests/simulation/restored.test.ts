import { expect, test } from 'vitest';
import { Peer } from './peer.ts';
import { setupScene, talk } from './hostile.ts';

test.each([
  { when: 'while nobody is there', isAlone: true },
  { when: 'with the others there', isAlone: false },
])(
  '[OW1] [row 34] a device restored from an old backup, that writes $when, repeats no place and no nonce',
  async ({ isAlone }) => {
    const scene = await setupScene(34);
    const { history, alice, bob, carol } = scene;
    const { world, net } = history;
    await talk(scene, 2);
    await world.run(5000);
    carol.disk.flush(() => true);
    const backup = carol.disk.copy();
    await talk(scene, 4); // what the backup knows nothing of
    await world.run(10_000);
    const before = [...alice.texts];
    expect(before).toHaveLength(18);
    await carol.crash();
    await world.run(60_000);

    const restored = new Peer(net, 'carol-restored', { disk: backup });
    history.ids = new Map([...history.ids, [restored, history.ids.get(carol) ?? '']]);
    const named = ['carol-restored'];
    if (isAlone) net.partition([named, ['alice', 'bob']]);
    restored.start();
    await history.reopen(restored);
    history.say(restored, 'I am back');
    await world.run(60_000);
    net.heal();
    await world.run(60_000);
    history.say(restored, 'and go on');
    history.say(alice, 'welcome');
    await world.run(60_000);
    for (const peer of [alice, bob, restored]) {
      expect(peer.texts.slice(0, 18)).toEqual(before);
      expect(peer.texts).toEqual(alice.texts);
      expect(peer.texts).toContain('carol: I am back');
      expect(peer.texts).toContain('carol: and go on');
      expect(
        peer.items.some((item) => item.type === 'notice' && item.notice.kind === 'forked'),
      ).toBe(false);
    }
    expect(net.witness.violations).toEqual([]);
  },
  60_000,
);
