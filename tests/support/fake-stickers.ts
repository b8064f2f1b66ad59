/** Stickers of the fake core: what is saved is there, by the order in which it came. */
import { err, ok } from '../../src/base/result.ts';
import type { PackView, StickerCommand } from '../../src/core/api.ts';
import type { Answer } from './fake-content.ts';
import { messageIn, type FakeHost } from './fake-host.ts';

export interface FakeStickers {
  packs: PackView[];
  readonly pictures: Map<string, Uint8Array<ArrayBuffer>>;
}

export const isSticker = (command: { readonly type: string }): command is StickerCommand =>
  ['ListStickers', 'ReadSticker', 'SavePack', 'KeepStickers', 'ReadPack', 'RemovePack'].includes(
    command.type,
  );

const keepOne = (
  { packs, pictures }: FakeStickers,
  { word, picture }: { word: string; picture: Uint8Array<ArrayBuffer> },
): PackView[] => {
  const id = `kept-${String(pictures.size)}`;
  pictures.set(id, picture);
  const collected = packs.find((pack) => pack.id === '');
  const stickers = [{ id, word }, ...(collected?.stickers ?? [])];
  return [{ id: '', name: '', stickers }, ...packs.filter((pack) => pack !== collected)];
};

export const answerSticker = async (host: FakeHost, command: StickerCommand): Promise<Answer> => {
  const { stickers } = host;
  switch (command.type) {
    case 'ListStickers':
      return ok(stickers.packs);
    case 'ReadSticker': {
      const picture = stickers.pictures.get(command.stickerId);
      return picture === undefined ? err('not-ready') : ok(picture);
    }
    case 'SavePack': {
      const packId = host.freshKey('p');
      const saved = command.stickers.map(({ word, picture }, at) => {
        const id = `${packId}-${String(at)}`;
        stickers.pictures.set(id, new Uint8Array(picture));
        return { id, word };
      });
      stickers.packs = [...stickers.packs, { id: packId, name: command.name, stickers: saved }];
      return ok({ packId });
    }
    case 'ReadPack':
      return ok({ mediaType: 'application/vnd.sotto.stickers', bytes: new Uint8Array(40) });
    case 'RemovePack':
      stickers.packs = stickers.packs.filter(({ id }) => id !== command.packId);
      return ok(undefined);
    case 'KeepStickers': {
      const item = messageIn(host.find(command.conversationId), command.key);
      const file = host.files.get(command.attachmentId);
      if (item?.isSticker !== true || file === undefined) return err('bad-stickers');
      const picture = new Uint8Array(await file.data.arrayBuffer());
      stickers.packs = keepOne(stickers, { word: item.text, picture });
      return ok(undefined);
    }
  }
};
