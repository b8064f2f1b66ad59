/** Commands about files and stickers: what answers them is loaded after the start, with the files. */
import type { Result } from '../../base/result.ts';
import type { AttachmentCommand, CommandError, KeepingCommand, StickerCommand } from '../api.ts';
import type { HandlerDeps, Handlers } from './handlers.ts';

type LateCommand = AttachmentCommand | KeepingCommand | StickerCommand;

export type LateHandlers = Pick<Handlers, LateCommand['type']>;

export const lateHandlers = (deps: HandlerDeps): LateHandlers => {
  const late = <T>(
    ask: (handlers: LateHandlers) => Promise<Result<T, CommandError>>,
  ): Promise<Result<T, CommandError>> =>
    deps.inSession((session) =>
      session.attachments.with((loaded) =>
        ask(loaded.parts.createLateHandlers(loaded.blobs, deps)),
      ),
    );
  return {
    FetchAttachment: (command) => late((of) => of.FetchAttachment(command)),
    PauseAttachment: (command) => late((of) => of.PauseAttachment(command)),
    FreeAttachment: (command) => late((of) => of.FreeAttachment(command)),
    LoadPreview: (command) => late((of) => of.LoadPreview(command)),
    ReadAttachment: (command) => late((of) => of.ReadAttachment(command)),
    ListFiles: (command) => late((of) => of.ListFiles(command)),
    ReadMessages: (command) => late((of) => of.ReadMessages(command)),
    MeasureFiles: (command) => late((of) => of.MeasureFiles(command)),
    FreeFiles: (command) => late((of) => of.FreeFiles(command)),
    ListStickers: (command) => late((of) => of.ListStickers(command)),
    ReadSticker: (command) => late((of) => of.ReadSticker(command)),
    SavePack: (command) => late((of) => of.SavePack(command)),
    KeepStickers: (command) => late((of) => of.KeepStickers(command)),
    ReadPack: (command) => late((of) => of.ReadPack(command)),
    RemovePack: (command) => late((of) => of.RemovePack(command)),
  };
};
