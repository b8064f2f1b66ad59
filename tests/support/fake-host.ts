/** What the parts of the fake core share: its conversations, and how they change. */
import type {
  AttachmentId,
  Closed,
  ConversationId,
  ConversationKind,
  FetchRules,
  FetchSettings,
  InviteView,
  MemberView,
  MessageItem,
  Person,
  PinView,
  ScheduledView,
  TimelineItem,
  TruthLine,
} from '../../src/core/api.ts';
import type { FakeFile } from './fake-attachments.ts';
import type { FakeStickers } from './fake-stickers.ts';

export interface FakeConversation {
  id: ConversationId;
  kind: ConversationKind;
  name: string;
  items: TimelineItem[];
  members: MemberView[];
  invites: InviteView[];
  draft: string;
  unreadCount: number;
  truth: TruthLine;
  failure?: { errorId: string };
  closed?: Closed;
  draftReplyTo?: string | undefined;
  timerMs?: number | undefined;
  isArchived?: boolean;
  isMuted?: boolean;
  isRequest?: boolean;
  scheduled?: ScheduledView[];
  fetchRules?: FetchRules | undefined;
  /** Unread among those that were read. */
  lateKeys?: string[];
  typing?: Person[];
  /** Newest first. */
  pins?: PinView[];
  /** Earlier texts of edited messages, by key. */
  versions?: Map<string, { text: string; atMs: number }[]>;
  /** What was written in threads, by the key of the message they grow under. */
  threads?: Map<string, MessageItem[]>;
}

export interface FakeHost {
  fetching: FetchSettings;
  /** What messages carry, by the attachment's id. */
  readonly files: Map<AttachmentId, FakeFile>;
  readonly stickers: FakeStickers;
  readonly me: Person | undefined;
  readonly conversations: FakeConversation[];
  now(): number;
  freshKey(prefix: string): string;
  find(id: ConversationId): FakeConversation;
  append(conversation: FakeConversation, item: TimelineItem): void;
  /** Puts another message in the place of this one; undefined takes it out. */
  replace(conversation: FakeConversation, key: string, item: MessageItem | undefined): void;
  changed(): void;
}

/** Somebody in a conversation, to whom nothing can be done unless the test says so. */
export const memberOf = (
  person: Person,
  level: MemberView['level'],
  permits: Partial<MemberView['permits']> = {},
): MemberView => ({
  person,
  level,
  presence: { kind: 'unknown' },
  deviceCount: 1,
  troubles: [],
  isBlocked: false,
  permits: { levels: [], mayRemove: false, mayRegroup: false, ...permits },
});

export const messageIn = (
  conversation: FakeConversation,
  key: string | undefined,
): MessageItem | undefined =>
  [...conversation.items, ...[...(conversation.threads?.values() ?? [])].flat()].find(
    (item) => item.type === 'message' && item.key === key,
  ) as MessageItem | undefined;

export const emptyConversation = (
  id: ConversationId,
  { kind, name, me }: { kind: ConversationKind; name: string; me: Person },
): FakeConversation => ({
  id,
  kind,
  name,
  items: [],
  members: [memberOf(me, 'owner')],
  invites: [],
  draft: '',
  unreadCount: 0,
  truth: kind === 'self' ? { kind: 'only-you' } : { kind: 'alone' },
});
