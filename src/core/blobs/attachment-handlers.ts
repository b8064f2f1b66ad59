/** Commands about files beside messages. */
import { err, ok, type Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import type { StorageFailure } from '../../storage/port.ts';
import type { CommandError } from '../api.ts';
import { commandErrorOf } from '../failures.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { pastsOf } from '../conversation/views/past.ts';
import type { ViewContext } from '../conversation/views/view-context.ts';
import type { HandlerDeps, Handlers } from '../commands/handlers.ts';
import type { BlobFile } from './blob-file.ts';
import type { Blobs } from './blobs.ts';

type AttachmentHandlers = Pick<
  Handlers,
  'FetchAttachment' | 'PauseAttachment' | 'FreeAttachment' | 'LoadPreview' | 'ReadAttachment'
>;

interface Named {
  readonly conversationId: string;
  readonly key: string;
  readonly attachmentId: string;
}

interface Found {
  readonly conversation: Conversation;
  readonly file: BlobFile;
}

type Outcome<T> = Promise<Result<T, CommandError>>;

export const settled = (
  done: Result<undefined, StorageFailure>,
): Result<undefined, CommandError> => (done.ok ? done : err(commandErrorOf(done.error)));

/** WebCrypto and others give memory that may be shared: what crosses is our own. */
const crossing = (bytes: Uint8Array | undefined): Result<Uint8Array<ArrayBuffer>, CommandError> =>
  bytes === undefined ? err('not-ready') : ok(new Uint8Array(bytes));

/** Where a message that is shown lies: there, or in what lies before it (RG6). */
const homeOf = (
  key: string,
  conversation: Conversation,
  context: ViewContext,
): Conversation | undefined =>
  [conversation, ...pastsOf(conversation, context).map(({ of }) => of)].find(
    ({ readable }) => readable.message(key) !== undefined,
  );

/** Runs on a file that goes with a message that is here to be read. */
export type OnFile = <T>(named: Named, act: (found: Found) => Outcome<T>) => Outcome<T>;

export const createOnFile =
  (blobs: Blobs, deps: HandlerDeps): OnFile =>
  ({ conversationId, key, attachmentId }, act) =>
    deps.inConversation(conversationId, async (shown, session) => {
      const conversation = homeOf(key, shown, deps.context(session));
      if (conversation === undefined) return err('unknown-message');
      const find = (): BlobFile | undefined => {
        const file = blobs.shelf.file(conversation, attachmentId);
        return file?.keys.has(key) === true ? file : undefined;
      };
      if (find() === undefined) await blobs.look(conversation); // its message has only just come
      const file = find();
      return file === undefined ? err('unknown-message') : act({ conversation, file });
    });

export const attachmentHandlers = (blobs: Blobs, on: OnFile): AttachmentHandlers => ({
  FetchAttachment: (command) =>
    on(command, async ({ conversation, file }) =>
      settled(await blobs.setMode(conversation, file, 'fetch')),
    ),
  PauseAttachment: (command) =>
    on(command, async ({ conversation, file }) =>
      settled(await blobs.setMode(conversation, file, 'paused')),
    ),
  FreeAttachment: (command) =>
    on(command, async ({ conversation, file }) => settled(await blobs.free(conversation, file))),
  LoadPreview: (command) => on(command, async ({ file }) => crossing(await file.preview())),
  ReadAttachment: (command) =>
    on(command, async ({ conversation, file }) => {
      const { fromByte, isAhead = false } = command;
      const byteCount = Math.min(command.byteCount, limits.readBytesMax);
      const isRange = Number.isSafeInteger(fromByte) && Number.isSafeInteger(byteCount);
      if (!isRange || fromByte < 0 || byteCount < 0) return err('empty');
      const bytes = isAhead
        ? await blobs.readAhead(conversation, file, { fromByte, byteCount })
        : await file.read(fromByte, byteCount);
      if (bytes === undefined) void blobs.look(conversation); // what was damaged is fetched again
      return crossing(bytes);
    }),
});
