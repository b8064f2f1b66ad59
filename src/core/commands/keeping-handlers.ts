/** Commands about what whole conversations hold: what is counted and told comes with the files. */
import { ok } from '../../base/result.ts';
import { settled } from './attachment-handlers.ts';
import type { HandlerDeps, Handlers } from './handlers.ts';

type KeepingHandlers = Pick<Handlers, 'ListFiles' | 'MeasureFiles' | 'FreeFiles' | 'ReadMessages'>;

export const keepingHandlers = (deps: HandlerDeps): KeepingHandlers => ({
  ListFiles: ({ conversationId }) =>
    deps.inConversation(conversationId, (conversation, session) =>
      session.attachments.with(async ({ parts }) =>
        ok(parts.filesIn(conversation, deps.context(session))),
      ),
    ),
  ReadMessages: ({ conversationId, from }) =>
    deps.inConversation(conversationId, (conversation, session) =>
      session.attachments.with(async ({ parts }) =>
        parts.messagePage(conversation, deps.context(session), from),
      ),
    ),
  MeasureFiles: () =>
    deps.inSession((session) =>
      session.attachments.with(async ({ blobs, parts }) =>
        ok(parts.usageOf(blobs, session.conversations())),
      ),
    ),
  FreeFiles: ({ of }) =>
    deps.inSession((session) =>
      session.attachments.with(async ({ blobs, parts }) => {
        const chosen = session.conversations().filter(({ id }) => of === undefined || id === of);
        return settled(await parts.freeFiles(blobs, chosen));
      }),
    ),
});
