/** What answers commands about files, one or all of a conversation, and about stickers. */
import { err, ok, type Result } from '../../base/result.ts';
import { stickerPackType } from '../../protocol/sticker-message.ts';
import type { CommandError } from '../api.ts';
import type { HandlerDeps } from '../commands/handlers.ts';
import type { LateHandlers } from '../commands/late-handlers.ts';
import { attachmentHandlers, createOnFile, settled } from './attachment-handlers.ts';
import type { Blobs } from './blobs.ts';
import { filesIn, messagePage } from './reading-out.ts';
import { keepStickers, removePack, savePack } from './sticker-answers.ts';
import { freeFiles, usageOf } from './usage.ts';

const found = (bytes: Uint8Array | undefined): Result<Uint8Array<ArrayBuffer>, CommandError> =>
  bytes === undefined ? err('not-ready') : ok(new Uint8Array(bytes));

export const createLateHandlers = (blobs: Blobs, deps: HandlerDeps): LateHandlers => {
  const onFile = createOnFile(blobs, deps);
  return {
    ...attachmentHandlers(blobs, onFile),
    ListFiles: ({ conversationId }) =>
      deps.inConversation(conversationId, async (conversation, session) =>
        ok(filesIn(conversation, deps.context(session))),
      ),
    ReadMessages: ({ conversationId, from }) =>
      deps.inConversation(conversationId, async (conversation, session) =>
        messagePage(conversation, deps.context(session), from),
      ),
    MeasureFiles: () =>
      deps.inSession(async (session) => ok(usageOf(blobs, session.conversations()))),
    FreeFiles: ({ of }) =>
      deps.inSession(async (session) => {
        const chosen = session.conversations().filter(({ id }) => of === undefined || id === of);
        return settled(await freeFiles(blobs, chosen));
      }),
    ListStickers: async () => ok(blobs.stickers.packs()),
    ReadSticker: async ({ stickerId }) => found(await blobs.stickers.picture(stickerId)),
    ReadPack: async ({ packId }) => {
      const bytes = found(await blobs.stickers.packFile(packId));
      return bytes.ok ? ok({ mediaType: stickerPackType, bytes: bytes.value }) : bytes;
    },
    SavePack: (pack) => savePack(blobs.stickers, pack),
    RemovePack: ({ packId }) => removePack(blobs.stickers, packId),
    KeepStickers: (command) =>
      onFile(command, ({ conversation, file }) =>
        keepStickers(blobs.stickers, conversation, { file, key: command.key }),
      ),
  };
};
