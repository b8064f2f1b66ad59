/** Commands about files beside messages. */
import { err, ok, type Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import type { StorageFailure } from '../../storage/port.ts';
import type { CommandError } from '../api.ts';
import { commandErrorOf } from '../failures.ts';
import type { LoadedBlobs } from '../attachments.ts';
import type { BlobFile } from '../blobs/blob-file.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { pastsOf } from '../conversation/views/past.ts';
import type { ViewContext } from '../conversation/views/view-context.ts';
import { keptRules } from '../vault/fetch-rules.ts';
import type { HandlerDeps, Handlers } from './handlers.ts';

type AttachmentHandlers = Pick<
  Handlers,
  | 'FetchAttachment'
  | 'PauseAttachment'
  | 'FreeAttachment'
  | 'LoadPreview'
  | 'ReadAttachment'
  | 'SetFetching'
  | 'SetFetchRules'
>;

interface Named {
  readonly conversationId: string;
  readonly key: string;
  readonly attachmentId: string;
}

interface Found extends LoadedBlobs {
  readonly conversation: Conversation;
  readonly file: BlobFile;
}

type Outcome<T> = Promise<Result<T, CommandError>>;

const settled = (done: Result<undefined, StorageFailure>): Result<undefined, CommandError> =>
  done.ok ? done : err(commandErrorOf(done.error));

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

export const attachmentHandlers = (deps: HandlerDeps): AttachmentHandlers => {
  /** One that goes with a message that is here to be read. */
  const on = <T>(
    { conversationId, key, attachmentId }: Named,
    act: (found: Found) => Outcome<T>,
  ): Outcome<T> =>
    deps.inConversation(conversationId, (shown, session) =>
      session.attachments.with(async (loaded) => {
        const conversation = homeOf(key, shown, deps.context(session));
        if (conversation === undefined) return err('unknown-message');
        await loaded.blobs.look(conversation);
        const file = loaded.blobs.shelf.file(conversation, attachmentId);
        if (file?.keys.has(key) !== true) return err('unknown-message');
        return act({ ...loaded, conversation, file });
      }),
    );
  return {
    FetchAttachment: (command) =>
      on(command, async ({ blobs, conversation, file }) =>
        settled(await blobs.setMode(conversation, file, 'fetch')),
      ),
    PauseAttachment: (command) =>
      on(command, async ({ blobs, conversation, file }) =>
        settled(await blobs.setMode(conversation, file, 'paused')),
      ),
    FreeAttachment: (command) =>
      on(command, async ({ blobs, conversation, file }) =>
        settled(await blobs.free(conversation, file)),
      ),
    SetFetching: ({ fetching: { rules: chosen, treatAsMetered } }) =>
      deps.inSession(async ({ settings, attachments }) => {
        const rules = keptRules(chosen);
        if (rules === undefined) return err('not-allowed');
        const saved = await settings.setFetching({ rules, treatAsMetered });
        attachments.rulesChanged();
        return saved.ok ? saved : deps.refused(saved.error);
      }),
    SetFetchRules: ({ conversationId, rules }) =>
      deps.inConversation(conversationId, async (conversation, { attachments }) => {
        const { notes } = conversation;
        const before = notes.fetchRules;
        const kept = rules && keptRules(rules);
        if (rules !== undefined && kept === undefined) return err('not-allowed');
        notes.fetchRules = kept;
        const saved = await notes.save();
        if (!saved.ok) notes.fetchRules = before;
        attachments.changed(conversation);
        return saved.ok ? saved : deps.refused(saved.error);
      }),
    LoadPreview: (command) => on(command, async ({ file }) => crossing(await file.preview())),
    ReadAttachment: (command) =>
      on(command, async ({ blobs, conversation, file }) => {
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
  };
};
