/** What the core tells of: conversations, messages, people, invites, connections. Only types. */
import type { AttachmentsLine, FetchRules, FetchSettings } from './api-attachments.ts';
import type { MessageContent, PinView, ScheduledView, Sharing } from './api-content.ts';

/** Opaque, stable on this device, safe in a URL fragment. */
export type ConversationId = string;
export type IdentityId = string;
export type InviteId = string;
export type RequestId = string;

export type ConversationKind = 'self' | 'direct' | 'group';

/** Status only moves forward: saved → (parked, for 30 days) → delivered → read; or it ends blocked or expired. */
export type DeliveryState = 'saved' | 'parked' | 'delivered' | 'read' | 'blocked' | 'expired';

/** People, not devices: `haveCount` of `peopleCount` other members hold the message. */
export interface Delivery {
  readonly state: DeliveryState;
  readonly haveCount: number;
  readonly peopleCount: number;
  /** It was written while nobody else was in the group. */
  readonly isForNobody?: true;
}

export interface Person {
  readonly id: IdentityId;
  readonly name: string;
  readonly isMe: boolean;
  /** What they say about themselves. */
  readonly status?: string | undefined;
  /** Names a picture of theirs: `LoadPicture` gives it, once for all the places where it shows. */
  readonly pictureId?: string | undefined;
}

export interface MessageItem extends MessageContent {
  readonly type: 'message';
  /** Stable for the life of the message. */
  readonly key: string;
  readonly author: Person;
  readonly text: string;
  /** As the author's clock had it, clamped to a sane range. */
  readonly sentAtMs: number;
  /** When it reached this device, for others' messages. */
  readonly arrivedAtMs: number | undefined;
  /** Own messages only. */
  readonly delivery: Delivery | undefined;
  /** From the group that this one was made out of: read here, and nothing is done to it. */
  readonly isPast?: true;
}

/** What newcomers can read of what was written before they came; `since` their link was made. */
export type SharedHistory = 'none' | 'since' | 'all';
/** How a device stands to a message: it cannot read what was written before it was let in. */
export type Holding = 'has' | 'waiting' | 'not-meant';

export interface DeviceHolding {
  /** Tells the devices of one person apart, and nothing else. */
  readonly deviceId: string;
  readonly isThis: boolean;
  readonly holding: Holding;
}

export interface PersonHolding {
  readonly person: Person;
  /** When they read it, by their clock; undefined: not yet, or they do not tell. */
  readonly readAtMs: number | undefined;
  readonly devices: ReadonlyArray<DeviceHolding>;
}

/** All that is known about one message: who wrote it and when, and who has it. */
export interface MessageDetails {
  readonly item: MessageItem;
  /** Of own messages everybody, oneself last; devices tell only the author what they hold. */
  readonly holders: ReadonlyArray<PersonHolding>;
}

/** May this device be switched off? Counted from what the others say that they hold. */
export interface Safety {
  /** Own messages here. */
  readonly ownCount: number;
  /** Of these, how many neither another device nor a mailbox holds. */
  readonly onlyHereCount: number;
  /** Other devices that hold every one of them. */
  readonly fullDeviceCount: number;
  /** Own files that neither another device has whole nor a mailbox keeps; undefined: not known yet. */
  readonly onlyHereFileCount: number | undefined;
}

/** A line about the conversation itself. The words are the interface's. */
export type Notice =
  | { readonly kind: 'created'; readonly by: Person }
  /** Out of another group; undefined: nobody here knows who was left out. */
  | { readonly kind: 'regrouped'; readonly by: Person; readonly without: Person | undefined }
  | { readonly kind: 'joined'; readonly who: Person; readonly history: SharedHistory }
  | {
      readonly kind: 'added';
      readonly by: Person;
      readonly who: Person;
      readonly history: SharedHistory;
    }
  | { readonly kind: 'removed'; readonly by: Person; readonly who: Person }
  | { readonly kind: 'left'; readonly who: Person }
  | {
      readonly kind: 'level';
      readonly by: Person;
      readonly who: Person;
      readonly level: MemberLevel;
    }
  /** Undefined: messages stay. */
  | { readonly kind: 'timer'; readonly by: Person; readonly timerMs: number | undefined }
  | { readonly kind: 'forked'; readonly who: Person };

export interface NoticeItem {
  readonly type: 'notice';
  readonly key: string;
  readonly notice: Notice;
  readonly atMs: number;
}

/** A message that others have seen and whose predecessor has not arrived here. */
export interface GapItem {
  readonly type: 'gap';
  readonly key: string;
  /** Undefined: nothing of that device is here that says whose it is. */
  readonly author: Person | undefined;
  readonly missingCount: number;
}

export type TimelineItem = MessageItem | NoticeItem | GapItem;

/** One honest line about who can be reached now. */
export type TruthLine =
  | { readonly kind: 'only-you' } // Notes to self
  | { readonly kind: 'direct'; readonly onlineCount: number; readonly peopleCount: number }
  | { readonly kind: 'relayed'; readonly onlineCount: number; readonly peopleCount: number }
  | { readonly kind: 'alone' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'catching-up'; readonly haveCount: number; readonly totalCount: number }
  | { readonly kind: 'no-relay'; readonly retryMs: number | undefined }
  | { readonly kind: 'connecting' };

export interface LastLine {
  readonly author: Person | undefined;
  /** Of a poll its question; may be empty where something is attached or the message was deleted. */
  readonly text: string;
  readonly atMs: number;
  /** What it is; text where nothing is said. */
  readonly kind?: 'text' | 'poll' | 'location' | 'card' | 'deleted';
  readonly attachments?: AttachmentsLine | undefined;
}

/** Why nothing can be written here: what is here stays readable. */
export type Closed =
  | { readonly kind: 'removed'; readonly by: Person | undefined }
  | { readonly kind: 'left' }
  | { readonly kind: 'reader' }
  /** Others no longer take what this device writes. */
  | { readonly kind: 'two-histories' };

export interface ConversationSummary {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  /** The group's name or the other person's; empty for Notes to self (the interface names it). */
  readonly name: string;
  /** Whom a direct conversation is with. */
  readonly other: Person | undefined;
  readonly lastLine: LastLine | undefined;
  /** Begun and not sent, kept sealed on this device. */
  readonly draft: string;
  readonly unreadCount: number;
  /** Own messages that no other device holds yet. */
  readonly waitingCount: number;
  readonly peopleCount: number;
  readonly truth: TruthLine;
  /** Sorts the list, newest first. */
  readonly activeAtMs: number;
  /** Stopped by a failed invariant or an unreadable record; its log is kept untouched. */
  readonly failure: { readonly errorId: string } | undefined;
  /** Undefined: one can write here. */
  readonly closed: Closed | undefined;
  /** A stranger began it and this person has not answered. */
  readonly isRequest: boolean;
  readonly isArchived: boolean;
  readonly isMuted: boolean;
  /** Unread ones that name this person, or everyone. */
  readonly mentionCount: number;
  /** The first unread message of the timeline that came in after what had been read. */
  readonly newKey: string | undefined;
  /** Unread ones that came in before it, so many at most, in the order of the screen. */
  readonly lateKeys: ReadonlyArray<string>;
  /** Key of the message that the draft answers. */
  readonly draftReplyTo: string | undefined;
  /** Of what is written here now; undefined: messages stay. */
  readonly timerMs: number | undefined;
  /** Who is writing at this moment. */
  readonly typing: ReadonlyArray<Person>;
}

export type Presence =
  | { readonly kind: 'here'; readonly path: 'direct' | 'relayed' }
  | { readonly kind: 'heard'; readonly atMs: number }
  | { readonly kind: 'unknown' };

/** What is wrong with a member's devices, as far as it can be proved. */
export type MemberTrouble = 'two-histories' | 'identity-log';

export type MemberLevel = 'owner' | 'admin' | 'member' | 'reader';

export interface MemberView {
  readonly person: Person;
  readonly level: MemberLevel;
  readonly presence: Presence;
  readonly deviceCount: number;
  readonly troubles: ReadonlyArray<MemberTrouble>;
  /** Nothing of theirs is shown here. */
  readonly isBlocked: boolean;
  /** What this person may do to them. */
  readonly permits: {
    /** Levels they can be given. */
    readonly levels: ReadonlyArray<MemberLevel>;
    readonly mayRemove: boolean;
    /** Where they cannot be removed: a new group with everybody else. */
    readonly mayRegroup: boolean;
  };
}

/** More about the conversation whose timeline is open. */
export interface ConversationDetails {
  readonly conversationId: ConversationId;
  readonly members: ReadonlyArray<MemberView>;
  readonly invites: ReadonlyArray<InviteView>;
  readonly safety: Safety;
  readonly pins: ReadonlyArray<PinView>;
  /** What goes out later, the next one first. */
  readonly scheduled: ReadonlyArray<ScheduledView>;
  /** Undefined: as everywhere. */
  readonly fetchRules: FetchRules | undefined;
  /** Messages that are gone from the screen while an older key is left that may bring theirs back. */
  readonly beingErasedCount: number;
}

export interface InviteOptions {
  /** As what people come in; nobody becomes an owner by a link. Always member in a direct one. */
  readonly level: Exclude<MemberLevel, 'owner'>;
  /** People who can use it; always 1 for a direct conversation. */
  readonly usesMax: number;
  readonly lifeMs: number;
}

export interface InviteView {
  readonly inviteId: InviteId;
  /** Undefined: it makes a direct conversation. */
  readonly conversationId: ConversationId | undefined;
  readonly link: string;
  /** Anyone with the link can join; otherwise somebody approves. */
  readonly isOpen: boolean;
  readonly history: SharedHistory;
  readonly expiresAtMs: number;
  /** `parked`: what an open link needs lies in a mailbox, so it works while we are away. */
  readonly stage: 'waiting' | 'parked' | 'opened' | 'asked' | 'joined';
  readonly options: InviteOptions;
}

/** Somebody who holds an invite of ours and waits for a yes. */
export interface JoinRequest {
  readonly requestId: RequestId;
  readonly inviteId: InviteId;
  readonly conversationId: ConversationId | undefined;
  readonly name: string;
  /** Both people see the same four words when nobody sits in between. */
  readonly words: ReadonlyArray<string>;
  readonly isReachable: boolean;
}

export type JoinStage =
  | 'looking'
  | 'parked' // the request lies in a mailbox, nobody of theirs has seen it yet
  | 'connecting'
  | 'waiting-approval'
  | 'joined'
  | 'declined';

/** An invite that this device is following. */
export interface JoinView {
  readonly inviteId: InviteId;
  readonly kind: 'direct' | 'group';
  readonly stage: JoinStage;
  readonly words: ReadonlyArray<string>;
  /** Known once joined. */
  readonly conversationId: ConversationId | undefined;
}

export interface RelayView {
  readonly address: string;
  readonly state: 'connecting' | 'up' | 'unreachable' | 'bad-address';
  readonly retryMs: number | undefined;
  /** Found on the page's own origin; cannot be removed by hand. */
  readonly isOwn: boolean;
}

/** One connection to another device. */
export interface LinkView {
  /** Whose device it proved to be; none: a stranger, or not yet. */
  readonly people: ReadonlyArray<Person>;
  readonly path: 'direct' | 'relayed';
  readonly openForMs: number;
  /** Since the last frame that was not a heartbeat. */
  readonly quietForMs: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export interface ConnectionView {
  readonly isOnline: boolean;
  /** The network code has loaded and runs. */
  readonly isStarted: boolean;
  /** False: this browser has no WebRTC; everything goes through relays. */
  readonly canWebRtc: boolean;
  readonly relays: ReadonlyArray<RelayView>;
  readonly directCount: number;
  readonly relayedCount: number;
}

export type Trouble =
  | 'disk-full' // writes are refused; reading works; retried when space is freed
  | 'storage-open-failed'
  | 'storage-blocked' // another tab with an older version holds it
  | 'storage-newer' // written by a newer version
  | 'storage-failed'
  | 'storage-lost' // was there before and is gone
  | 'core-failed' // the worker did not start
  | 'no-webrtc';

export interface CoreState {
  readonly phase: 'starting' | 'first-run' | 'ready' | 'unusable';
  readonly me: Person | undefined;
  readonly conversations: ReadonlyArray<ConversationSummary>;
  readonly requests: ReadonlyArray<JoinRequest>;
  readonly joins: ReadonlyArray<JoinView>;
  readonly connection: ConnectionView;
  readonly troubles: ReadonlyArray<Trouble>;
  readonly sharing: Sharing;
  /** Of files; `isMetered`: as the platform says. */
  readonly fetching: FetchSettings & { readonly isMetered: boolean };
  /** People of whom nothing is shown. */
  readonly blocked: ReadonlyArray<Person>;
  /** As it was kept: the code that does more is on its way, and commands wait for it. */
  readonly isPartial?: true;
}
