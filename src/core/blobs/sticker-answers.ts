/** What is done with the stickers of this device, as commands ask for it. */
import { err, ok, type Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import { stickerPackType } from '../../protocol/sticker-message.ts';
import type { CommandError, NewSticker } from '../api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { commandErrorOf } from '../failures.ts';
import type { BlobFile } from './blob-file.ts';
import type { KeepFailure, StickerShelf } from './sticker-shelf.ts';

const errorOf = (failure: KeepFailure): CommandError => {
  switch (failure) {
    case 'malformed-pack':
    case 'pack-too-large':
    case 'too-many-stickers':
    case 'bad-name':
    case 'not-a-sticker':
      return 'bad-stickers';
    case 'busy':
      return failure;
    case 'unreadable':
      return 'storage-failed';
    default:
      return commandErrorOf(failure);
  }
};

export const savePack = async (
  shelf: StickerShelf,
  pack: { readonly name: string; readonly stickers: ReadonlyArray<NewSticker> },
): Promise<Result<{ readonly packId: string }, CommandError>> => {
  const kept = await shelf.keepPack(pack);
  return kept.ok ? ok({ packId: kept.value }) : err(errorOf(kept.error));
};

/** [SK3] A file that came with a message: a pack, or the picture of a sticker with what it says. */
export const keepStickers = async (
  shelf: StickerShelf,
  conversation: Conversation,
  { file, key }: { readonly file: BlobFile; readonly key: string },
): Promise<Result<undefined, CommandError>> => {
  const { sizeBytes, mediaType } = file.manifest;
  const isPack = mediaType === stickerPackType;
  if (sizeBytes > (isPack ? limits.stickerPackBytesMax : limits.stickerBytesMax)) {
    return err('bad-stickers');
  }
  const bytes = await file.read(0, sizeBytes);
  if (bytes === undefined) return err('not-ready');
  const word = conversation.readable.message(key)?.payload.text ?? '';
  const kept = isPack ? await shelf.keepFile(bytes) : await shelf.keepOne({ word, picture: bytes });
  return kept.ok ? ok(undefined) : err(errorOf(kept.error));
};

export const removePack = async (
  shelf: StickerShelf,
  packId: string,
): Promise<Result<undefined, CommandError>> => {
  const removed = await shelf.remove(packId);
  return removed.ok ? ok(undefined) : err(errorOf(removed.error));
};
