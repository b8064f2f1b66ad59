import { describe, expect, test } from 'vitest';
import { FileGroup } from './files.ts';

const setup = async (seed = 3) => {
  const group = new FileGroup(seed);
  const [alice, bob, carol] = await group.begin();
  if (!alice || !bob || !carol) throw new Error('three peers');
  return { group, world: group.history.world, net: group.history.net, alice, bob, carol };
};

describe('a file', () => {
  test('[FT1] comes by itself when it is small, whole and as it was, to everybody', async () => {
    const { group, alice, bob, carol } = await setup();
    expect(await group.send(alice, 'a photo', { size: 300_000 })).toMatchObject({ ok: true });
    expect(await group.until([bob, carol], 'a photo', 'here')).toBe(true);
    expect(await group.read(bob, 'a photo')).toEqual(group.bytesByText.get('a photo'));
    expect(await group.read(carol, 'a photo')).toEqual(group.bytesByText.get('a photo'));
    await group.history.world.run(5000);
    expect(group.file(alice, 'a photo')?.state).toEqual({ kind: 'here', holderCount: 2 });
  });
});
