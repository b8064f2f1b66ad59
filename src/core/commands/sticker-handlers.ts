/** Commands about stickers: their code comes with that of the files. */
import { err, ok, type Result } from '../../base/result.ts';
import { stickerPackType } from '../../protocol/sticker-message.ts';
import type { CommandError } from '../api.ts';
import type { LoadedBlobs } from '../attachments.ts';
import type { OnFile } from './attachment-handlers.ts';
import type { HandlerDeps, Handlers } from './handlers.ts';

type StickerHandlers = Pick<
  Handlers,
  'ListStickers' | 'ReadSticker' | 'SavePack' | 'KeepStickers' | 'ReadPack' | 'RemovePack'
>;

type Outcome<T> = Promise<Result<T, CommandError>>;

const found = (bytes: Uint8Array | undefined): Result<Uint8Array<ArrayBuffer>, CommandError> =>
  bytes === undefined ? err('not-ready') : ok(new Uint8Array(bytes));

export const stickerHandlers = (
  { inSession }: Pick<HandlerDeps, 'inSession'>,
  onFile: OnFile,
): StickerHandlers => {
  const loaded = <T>(act: (loaded: LoadedBlobs) => Outcome<T>): Outcome<T> =>
    inSession((session) => session.attachments.with(act));
  return {
    ListStickers: () => loaded(async ({ blobs }) => ok(blobs.stickers.packs())),
    ReadSticker: ({ stickerId }) =>
      loaded(async ({ blobs }) => found(await blobs.stickers.picture(stickerId))),
    ReadPack: ({ packId }) =>
      loaded(async ({ blobs }) => {
        const bytes = found(await blobs.stickers.packFile(packId));
        return bytes.ok ? ok({ mediaType: stickerPackType, bytes: bytes.value }) : bytes;
      }),
    SavePack: (pack) => loaded(({ blobs, parts }) => parts.savePack(blobs.stickers, pack)),
    RemovePack: ({ packId }) =>
      loaded(({ blobs, parts }) => parts.removePack(blobs.stickers, packId)),
    KeepStickers: (command) =>
      onFile(command, ({ blobs, parts, conversation, file }) =>
        parts.keepStickers(blobs.stickers, conversation, { file, key: command.key }),
      ),
  };
};
