/**
 * What a person can ask of Sotto and what it tells back: the only types that cross between the
 * interface and the core, all structured-cloneable. In a browser they travel to a worker and from
 * tab to tab; in Node and in tests `Core` is called directly.
 */
import type { Result } from '../base/result.ts';
import type { AttachmentCommand, AttachmentValues, FetchingCommand } from './api-attachments.ts';
import type { ContentCommand, ContentValues, Draft } from './api-content.ts';
import type { KeepingCommand, KeepingValues } from './api-keeping.ts';
import type { StickerCommand, StickerValues } from './api-stickers.ts';
import type {
  ConversationDetails,
  ConversationId,
  CoreState,
  IdentityId,
  InviteId,
  InviteOptions,
  InviteView,
  LinkView,
  MemberLevel,
  MessageDetails,
  MessageItem,
  RequestId,
  SharedHistory,
  TimelineItem,
} from './api-views.ts';

export type * from './api-attachments.ts';
export type * from './api-content.ts';
export type * from './api-keeping.ts';
export type * from './api-stickers.ts';
export type * from './api-views.ts';

// ---------------------------------------------------------------- commands

export type InviteTarget =
  | { readonly kind: 'direct' }
  | { readonly kind: 'conversation'; readonly conversationId: ConversationId };

/** Of the open timeline: towards an edge, to the newest items, or around a message. */
export type WindowMove =
  | { readonly type: 'ShowEarlier' | 'ShowLater' | 'ShowLatest' }
  | { readonly type: 'ShowAround'; readonly key: string };

export type Command =
  | AttachmentCommand
  | FetchingCommand
  | ContentCommand
  | KeepingCommand
  | StickerCommand
  /** Following the link begins at once; `Join` answers for it. */
  | { readonly type: 'CreateIdentity'; readonly name: string; readonly invite?: string }
  | { readonly type: 'Rename'; readonly name: string }
  | { readonly type: 'CreateGroup'; readonly name: string }
  | (Draft & { readonly type: 'SendMessage'; readonly conversationId: ConversationId })
  /**
   * Starts `TimelineSpliced` and `DetailsChanged` for it (and stops those of the one before). Told is a
   * window of its items: around the message of that key where there is one, otherwise the newest.
   */
  | {
      readonly type: 'OpenTimeline';
      readonly conversationId: ConversationId;
      readonly key?: string | undefined;
    }
  /** Moves that window: what it brings at one side may go away at the other. */
  | (WindowMove & { readonly conversationId: ConversationId })
  | { readonly type: 'CloseTimeline' }
  | { readonly type: 'MarkRead'; readonly conversationId: ConversationId }
  /** Looks at one message, by its key. */
  | {
      readonly type: 'InspectMessage';
      readonly conversationId: ConversationId;
      readonly key: string;
    }
  | {
      readonly type: 'SaveDraft';
      readonly conversationId: ConversationId;
      readonly text: string;
      readonly replyTo?: string | undefined;
    }
  /** The living invite for this target, openness and options; made and stored if there is none. */
  | {
      readonly type: 'PrepareInvite';
      readonly target: InviteTarget;
      readonly isOpen: boolean;
      /** Of a group; `none` where nothing is said. */
      readonly history?: SharedHistory;
      /** Undefined: for a group members, many, for a week; for a direct one of them. */
      readonly options?: InviteOptions | undefined;
    }
  | {
      readonly type: 'SetLevel';
      readonly conversationId: ConversationId;
      readonly personId: IdentityId;
      readonly level: MemberLevel;
    }
  /** Takes open links into the group back as well: whoever goes may know one. */
  | {
      readonly type: 'Remove';
      readonly conversationId: ConversationId;
      readonly personId: IdentityId;
    }
  /** A successor becomes an owner first. */
  | {
      readonly type: 'Leave';
      readonly conversationId: ConversationId;
      readonly successorId?: IdentityId | undefined;
    }
  /** For where somebody cannot be removed: the same name, everybody else, nothing of the past. */
  | {
      readonly type: 'NewGroupWithout';
      readonly conversationId: ConversationId;
      readonly personId: IdentityId;
    }
  | { readonly type: 'RevokeInvite'; readonly inviteId: InviteId }
  /** Looks at a link without following it. */
  | { readonly type: 'ReadInvite'; readonly link: string }
  | { readonly type: 'Join'; readonly link: string }
  | { readonly type: 'CancelJoin'; readonly inviteId: InviteId }
  | { readonly type: 'Decide'; readonly requestId: RequestId; readonly isApproved: boolean }
  /** Relays the person added, as a whole. */
  | { readonly type: 'SetRelays'; readonly addresses: ReadonlyArray<string> }
  /** Who is connected and how, at this moment. */
  | { readonly type: 'InspectLinks' }
  /** Relays of the page's own origin, as the composition root found them. */
  | { readonly type: 'SetOwnRelays'; readonly addresses: ReadonlyArray<string> };

export type InviteProblem =
  | 'mangled' // not an invite link, or damaged
  | 'newer-version' // made by a newer Sotto
  | 'expired'
  | 'own' // made on this device or by this person
  | 'already-member'
  | 'revoked';

export type CommandError =
  | InviteProblem
  | 'not-ready' // before CreateIdentity, or while storage is unusable
  | 'unknown-conversation'
  | 'unknown-invite'
  | 'unknown-request'
  | 'unknown-message'
  | 'empty'
  | 'too-long'
  | 'bad-address'
  | 'file-not-here' // what is to be given on has not been fetched
  | 'bad-stickers' // no pack, or no sticker, that can be used
  | 'bad-picture' // no WebP, PNG or JPEG, or too many pixels
  | 'too-many' // a limit of this device is reached
  | 'unknown-person'
  | 'not-allowed' // the person's level does not permit it
  | 'disk-full'
  | 'storage-failed'
  | 'conversation-failed'
  | 'busy';

export interface InvitePreview {
  readonly inviteId: InviteId;
  readonly kind: 'direct' | 'group';
  readonly isOpen: boolean;
  readonly expiresAtMs: number;
  /** Relay addresses the link carries. */
  readonly relays: ReadonlyArray<string>;
}

/** What each command answers when it succeeds; `undefined` where there is nothing to say. */
export interface CommandValues
  extends AttachmentValues, ContentValues, KeepingValues, StickerValues {
  readonly CreateIdentity: { readonly conversationId: ConversationId };
  readonly Rename: undefined;
  readonly CreateGroup: { readonly conversationId: ConversationId };
  /** Resolves when the message is durably stored. */
  readonly SendMessage: { readonly key: string };
  readonly OpenTimeline: undefined;
  readonly ShowEarlier: undefined;
  readonly ShowLater: undefined;
  readonly ShowAround: undefined;
  readonly ShowLatest: undefined;
  readonly CloseTimeline: undefined;
  readonly MarkRead: undefined;
  readonly InspectMessage: MessageDetails;
  readonly SaveDraft: undefined;
  readonly PrepareInvite: InviteView;
  readonly SetLevel: undefined;
  readonly Remove: undefined;
  readonly Leave: undefined;
  readonly NewGroupWithout: { readonly conversationId: ConversationId };
  readonly RevokeInvite: undefined;
  readonly ReadInvite: InvitePreview;
  readonly Join: { readonly inviteId: InviteId };
  readonly CancelJoin: undefined;
  readonly Decide: undefined;
  readonly SetRelays: undefined;
  readonly SetOwnRelays: undefined;
  readonly InspectLinks: ReadonlyArray<LinkView>;
}

export type CommandResult<C extends Command> = Result<CommandValues[C['type']], CommandError>;

// ---------------------------------------------------------------- events

export type CoreEvent =
  /** The whole small state, whenever something in it changed (at most once per 50 ms). */
  | { readonly type: 'StateChanged'; readonly state: CoreState }
  /**
   * The open timeline changed: `removedCount` items at `at` give way to `inserted`. The first one
   * after OpenTimeline has `at` 0 and all shown items. Items are immutable and keep their identity
   * by `key`.
   */
  | {
      readonly type: 'TimelineSpliced';
      readonly conversationId: ConversationId;
      readonly isReset: boolean;
      readonly at: number;
      readonly removedCount: number;
      readonly inserted: ReadonlyArray<TimelineItem>;
      /** Items before the first shown one; ShowEarlier brings more of them. */
      readonly earlierCount: number;
      /** Items after the last shown one; while there are any, what is new is not told of. */
      readonly laterCount: number;
    }
  | { readonly type: 'DetailsChanged'; readonly details: ConversationDetails }
  /** The open thread, whole: the message it grows under, then what was written there. */
  | {
      readonly type: 'ThreadChanged';
      readonly conversationId: ConversationId;
      readonly root: MessageItem;
      readonly items: ReadonlyArray<MessageItem>;
    }
  /** Somebody else's message came in live (not in bulk catch-up): what a screen reader announces. */
  | {
      readonly type: 'MessageArrived';
      readonly conversationId: ConversationId;
      readonly item: MessageItem;
    };

export interface Core {
  execute<C extends Command>(command: C): Promise<CommandResult<C>>;
  subscribe(listener: (event: CoreEvent) => void): () => void;
}
