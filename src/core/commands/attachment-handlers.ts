/** Commands about files beside messages; what is about one file is answered by late code. */
import { err, type Result } from '../../base/result.ts';
import type { CommandError } from '../api.ts';
import type { LoadedBlobs } from '../attachments.ts';
import type { FileChange, FileQuestion } from '../blobs/answers.ts';
import type { Conversation } from '../conversation/conversation.ts';
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

interface Place extends LoadedBlobs {
  readonly shown: Conversation;
  readonly context: ViewContext;
}

type Outcome<T> = Promise<Result<T, CommandError>>;

export const attachmentHandlers = (deps: HandlerDeps): AttachmentHandlers => {
  const at = <T>(conversationId: string, act: (place: Place) => Outcome<T>): Outcome<T> =>
    deps.inConversation(conversationId, (shown, session) =>
      session.attachments.with((loaded) =>
        act({ ...loaded, shown, context: deps.context(session) }),
      ),
    );
  const change = (command: FileChange) =>
    at(command.conversationId, (place) => place.parts.changeFile(place, command));
  const read = (command: FileQuestion) =>
    at(command.conversationId, (place) => place.parts.readFile(place, command));
  return {
    FetchAttachment: change,
    PauseAttachment: change,
    FreeAttachment: change,
    LoadPreview: read,
    ReadAttachment: read,
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
  };
};
