/** Commands about messages: writing them, and what a person does with them. */
import { toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Manifest } from '../../protocol/blobs/manifest.ts';
import type { CommandError } from '../api.ts';
import {
  composeEdit,
  composePin,
  composeReaction,
  composeVote,
} from '../conversation/content/annotate.ts';
import {
  composePoll,
  composeText,
  type Compose,
  type Composed,
} from '../conversation/content/compose.ts';
import { deleteForAll, deleteHere } from '../conversation/content/delete.ts';
import { forward, writeAgain } from '../conversation/content/forward.ts';
import { say, type Speaker } from '../conversation/content/say.ts';
import { setTimer } from '../conversation/content/timer.ts';
import { versionsOf } from '../conversation/content/versions.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { messageDetailsOf } from '../conversation/views/message-details.ts';
import type { HandlerDeps, Handlers } from './handlers.ts';
import type { Session } from '../session.ts';

type ContentHandlers = Pick<
  Handlers,
  | 'SendMessage'
  | 'InspectMessage'
  | 'EditMessage'
  | 'DeleteMessages'
  | 'React'
  | 'Pin'
  | 'Vote'
  | 'CreatePoll'
  | 'Forward'
  | 'Resend'
  | 'ShowVersions'
  | 'OpenThread'
  | 'CloseThread'
  | 'SetTimer'
>;

type Outcome<T> = Promise<Result<T, CommandError>>;

export const contentHandlers = (deps: HandlerDeps): ContentHandlers => {
  const speakerOf = (session: Session): Speaker => ({
    ownId: session.deps.me.identity.identityId,
    refused: deps.refused,
  });
  /** In the conversation, as this person. */
  const as = <T>(
    conversationId: string,
    act: (conversation: Conversation, speaker: Speaker, session: Session) => Outcome<T>,
  ): Outcome<T> =>
    deps.inConversation(conversationId, (conversation, session) =>
      act(conversation, speakerOf(session), session),
    );
  /** What is composed is said; nothing where it is so already. */
  const change = (
    conversationId: string,
    compose: (
      conversation: Conversation,
      ownHex: string,
    ) => Result<Composed | undefined, CommandError>,
  ): Outcome<undefined> =>
    as(conversationId, async (conversation, speaker) => {
      const composed = compose(conversation, toHex(speaker.ownId));
      if (!composed.ok || composed.value === undefined)
        return composed.ok ? ok(undefined) : composed;
      const said = await say(conversation, ok(composed.value), speaker);
      return said.ok ? ok(undefined) : said;
    });

  return {
    SendMessage: (command) =>
      as(command.conversationId, (conversation, speaker, session) => {
        const introduce = (identityHex: string) => nameIn(session, conversation, identityHex);
        const { attachments: files = [], ...draft } = command;
        const compose = (attachments: ReadonlyArray<Manifest>): Compose =>
          composeText(conversation, draft, { introduce, attachments });
        if (files.length === 0) return say(conversation, compose([]), speaker);
        return session.attachments.with(({ blobs, parts }) =>
          parts.sendFiles(blobs, conversation, { files, compose, speaker }),
        );
      }),
    CreatePoll: ({ conversationId, poll }) =>
      as(conversationId, (conversation, speaker) =>
        say(conversation, composePoll(conversation, poll), speaker),
      ),
    InspectMessage: ({ conversationId, key }) =>
      as(conversationId, (conversation, _, session) => {
        const details = messageDetailsOf(conversation, key, deps.context(session));
        return Promise.resolve(details === undefined ? err('unknown-message') : ok(details));
      }),
    ShowVersions: ({ conversationId, key }) =>
      as(conversationId, (conversation, _, session) =>
        Promise.resolve(versionsOf(conversation, key, deps.context(session))),
      ),
    EditMessage: (command) =>
      change(command.conversationId, (conversation, ownHex) =>
        composeEdit(conversation, { ownHex, ...command }),
      ),
    React: (command) =>
      change(command.conversationId, (conversation, ownHex) =>
        composeReaction(conversation, { ownHex, ...command }),
      ),
    Pin: (command) =>
      change(command.conversationId, (conversation) => composePin(conversation, command)),
    Vote: (command) =>
      change(command.conversationId, (conversation) => composeVote(conversation, command)),
    DeleteMessages: ({ conversationId, keys, from }) =>
      as(conversationId, async (conversation, speaker) => {
        const done = await (from === 'here' ? deleteHere : deleteForAll)(
          conversation,
          keys,
          speaker,
        );
        deps.screen().shown(conversation);
        return done;
      }),
    Forward: ({ conversationId, keys, to }) =>
      as(conversationId, (from, speaker, session) => {
        const targets = to.flatMap((id) => session.conversation(id) ?? []);
        if (targets.length < to.length) return Promise.resolve(err('unknown-conversation'));
        const { attachments } = session;
        return forward(from, { keys, to: targets, attachments }, speaker);
      }),
    Resend: ({ conversationId, key }) =>
      as(conversationId, async (conversation, speaker) => {
        const said = await writeAgain(conversation, key, speaker);
        deps.screen().shown(conversation);
        return said;
      }),
    OpenThread: ({ conversationId, key }) =>
      as(conversationId, (conversation) =>
        Promise.resolve(deps.screen().openThread(conversation, key)),
      ),
    CloseThread: () => {
      deps.screen().closeThread();
      return Promise.resolve(ok(undefined));
    },
    SetTimer: ({ conversationId, timerMs }) =>
      as(conversationId, (conversation, speaker) => setTimer(conversation, timerMs, speaker)),
  };
};

/** What somebody is called here, or wherever else this person meets them. */
const nameIn = (session: Session, here: Conversation, identityHex: string): string | undefined => {
  if (identityHex === toHex(session.deps.me.identity.identityId)) return session.deps.me.name;
  const all = [here, ...session.conversations()];
  return all
    .map((conversation) => conversation.nameOf(identityHex))
    .find((name) => name !== undefined);
};
