/** Stickers that are kept: sealed, once, within bounds, and over a restart. */
import { expect, test } from 'vitest';
import type { PackView } from '../../src/core/api.ts';
import { limits } from '../../src/protocol/limits.ts';
import { dataOf, plainFile } from '../support/files.ts';
import { stickerPicture } from '../support/stickers.ts';
import { FileGroup } from './files.ts';
import type { Peer } from './peer.ts';

const setup = async () => {
  const group = new FileGroup(5, { peers: 2 });
  const [alice, bob] = await group.begin();
  if (!alice || !bob) throw new Error('two peers');
  return { group, world: group.history.world, alice, bob };
};

const packsOf = async (peer: Peer): Promise<ReadonlyArray<PackView>> => {
  const listed = await peer.do({ type: 'ListStickers' });
  if (!listed.ok) throw new Error(listed.error);
  return listed.value;
};

const stickers = [1, 2].map((seed) => ({
  word: `w${String(seed)}`,
  picture: stickerPicture(seed),
}));

test('[SK3] a pack is made, given, kept once whatever names it, and there after a restart', async () => {
  const { group, world, alice, bob } = await setup();
  const made = await alice.do({ type: 'SavePack', name: 'Beds', stickers });
  expect(made).toMatchObject({ ok: true });
  await alice.do({ type: 'SavePack', name: 'Beds', stickers });
  await alice.do({ type: 'SavePack', name: 'Half', stickers: stickers.slice(1) });
  expect(alice.blobDisk.files.size).toBe(2); // of two packs, one of them twice
  const packId = made.ok ? made.value.packId : '';
  const file = await alice.do({ type: 'ReadPack', packId });
  if (!file.ok) throw new Error(file.error);
  await alice.do({
    type: 'SendMessage',
    conversationId: group.idOf(alice),
    text: 'my beds',
    attachments: [plainFile(file.value.bytes, { mediaType: file.value.mediaType })],
  });
  expect(await group.until([bob], 'my beds', 'here')).toBe(true);
  const before = bob.blobDisk.files.size;
  expect(await bob.do({ type: 'KeepStickers', ...group.named(bob, 'my beds') })).toMatchObject({
    ok: true,
  });
  expect(await packsOf(bob)).toMatchObject([{ id: packId, name: 'Beds' }]);
  await bob.crash();
  bob.start();
  await group.history.reopen(bob);
  await world.run(5000);
  const [pack] = await packsOf(bob);
  expect(pack?.stickers.map(({ word }) => word)).toEqual(['w1', 'w2']);
  const read = await bob.do({ type: 'ReadSticker', stickerId: pack?.stickers[1]?.id ?? '' });
  expect(read).toEqual({ ok: true, value: stickers[1]?.picture });
  await bob.do({ type: 'RemovePack', packId });
  expect(await packsOf(bob)).toEqual([]);
  expect(bob.blobDisk.files.size).toBe(before);
});

test('[SK3] one sticker of a message is kept with its word, and what is none is refused', async () => {
  const { group, alice, bob } = await setup();
  const picture = stickerPicture(7);
  const shape = { kind: 'image', width: 256, height: 256, isAnimated: false } as const;
  const say = (text: string, bytes: Uint8Array) =>
    alice.do({
      type: 'SendMessage',
      conversationId: group.idOf(alice),
      text,
      isSticker: true,
      attachments: [
        {
          ...{ name: 's.webp', mediaType: 'image/webp', data: dataOf(bytes), preview: undefined },
          shape: { ...shape, thumbhash: new Uint8Array() },
        },
      ],
    });
  await say('hello', picture);
  await say('none', new Uint8Array(900));
  expect(await group.until([bob], 'hello', 'here')).toBe(true);
  expect(await group.until([bob], 'none', 'here')).toBe(true);
  expect(group.message(bob, 'hello')?.isSticker).toBe(true);
  const keep = (text: string) => bob.do({ type: 'KeepStickers', ...group.named(bob, text) });
  expect(await keep('hello')).toMatchObject({ ok: true });
  expect(await keep('hello')).toMatchObject({ ok: true });
  expect(await keep('none')).toMatchObject({ ok: false, error: 'bad-stickers' });
  const packs = await packsOf(bob);
  expect(packs).toMatchObject([{ id: '', name: '', stickers: [{ word: 'hello' }] }]);
  // What is no file of the conversation.
  const listed = await bob.do({ type: 'ListFiles', conversationId: group.idOf(bob) });
  expect(listed.ok && listed.value).toEqual([]);
});

test('[SK3] what does not fit is refused, and leaves nothing', async () => {
  const { alice } = await setup();
  const made = (name: string, seed: number) =>
    alice.do({
      type: 'SavePack',
      name,
      stickers: [{ word: 'w', picture: stickerPicture(seed) }],
    });
  alice.blobDisk.capacityBytes = 500;
  expect(await made('full', 1)).toMatchObject({ ok: false, error: 'disk-full' });
  expect(alice.blobDisk.files.size).toBe(0);
  alice.blobDisk.capacityBytes = Infinity;
  for (let at = 0; at < limits.stickerPacksMax; at++) {
    expect(await made(`pack ${String(at)}`, 1)).toMatchObject({ ok: true });
  }
  expect(await made('one more', 1)).toMatchObject({ ok: false, error: 'too-many' });
  expect(await alice.do({ type: 'SavePack', name: '', stickers: [] })).toMatchObject({
    error: 'bad-stickers',
  });
  expect(alice.blobDisk.files.size).toBe(1);
});
