/** What a message can be made of, and what a person can do with one. Only types. */
import type { AttachmentsLine, AttachmentView, NewAttachment } from './api-attachments.ts';
import type { ConversationId, IdentityId, Person, SharedHistory } from './api-views.ts';

/** "@Ana" in the text. Undefined: everyone. The nth place where a name stands is the nth mention of it. */
export interface Mention {
  /** As it stands in the text, without the "@". */
  readonly name: string;
  readonly personId: IdentityId | undefined;
}

/** What somebody writes. Text may be empty where something is attached. */
export interface Draft {
  readonly text: string;
  readonly mentions?: ReadonlyArray<Mention>;
  /** Key of the message that is answered. */
  readonly replyTo?: string | undefined;
  /** Key of the message under which a thread grows. */
  readonly threadOf?: string | undefined;
  readonly location?: Location | undefined;
  /** A person of this conversation or of another, to be introduced. */
  readonly cardOf?: IdentityId | undefined;
  readonly attachments?: ReadonlyArray<NewAttachment> | undefined;
  /** Its one picture is a sticker, and the text what it says. */
  readonly isSticker?: boolean;
}

export interface Location {
  readonly latitude: number;
  readonly longitude: number;
}

/** The message that another one answers. */
export interface Quote {
  readonly key: string;
  /** Undefined: it has not arrived, or was deleted. */
  readonly author: Person | undefined;
  readonly text: string;
  readonly attachments?: AttachmentsLine | undefined;
  readonly state: 'here' | 'missing' | 'deleted';
}

export interface Reaction {
  readonly emoji: string;
  /** In the order in which they reacted. */
  readonly people: ReadonlyArray<Person>;
  readonly isMine: boolean;
}

export interface PollOption {
  readonly text: string;
  readonly count: number;
  readonly isMine: boolean;
  /** Empty where the poll shows counts only (their devices know all the same). */
  readonly people: ReadonlyArray<Person>;
}

export interface Poll {
  readonly question: string;
  readonly options: ReadonlyArray<PollOption>;
  readonly isMultiple: boolean;
  readonly isAnonymous: boolean;
  readonly voterCount: number;
}

export interface NewPoll {
  readonly question: string;
  readonly options: ReadonlyArray<string>;
  readonly isMultiple: boolean;
  readonly isAnonymous: boolean;
}

/** An introduction: who they are, and whether they can be written to from here. */
export interface Card {
  readonly person: Person;
  /** Some shared group knows a device of theirs. */
  readonly isReachable: boolean;
}

/** Everybody was asked to delete it. Devices, because each keeps its own copy. */
export interface Deletion {
  readonly askedCount: number;
  readonly confirmedCount: number;
}

export interface Disappearing {
  readonly timerMs: number;
  /** Undefined: its time has not begun here. */
  readonly expiresAtMs: number | undefined;
}

export interface Version {
  readonly text: string;
  readonly atMs: number;
}

/** What of a message is more than its text, its author and its way. */
export interface MessageContent {
  readonly mentions: ReadonlyArray<Mention>;
  /** Whether it names this person, or everyone. */
  readonly isMentioningMe: boolean;
  readonly replyTo: Quote | undefined;
  /** Key of the message whose thread it belongs to. */
  readonly threadOf: string | undefined;
  /** Messages in the thread under this one. */
  readonly replyCount: number;
  readonly isForwarded: boolean;
  readonly isEdited: boolean;
  readonly isPinned: boolean;
  readonly reactions: ReadonlyArray<Reaction>;
  readonly poll: Poll | undefined;
  readonly location: Location | undefined;
  readonly card: Card | undefined;
  readonly attachments: ReadonlyArray<AttachmentView>;
  /** Its one picture is a sticker, and the text what it says. */
  readonly isSticker?: true | undefined;
  /** Its text is gone; what is left is that it was there. Of others' messages the counts are 0. */
  readonly deletion: Deletion | undefined;
  readonly disappearing: Disappearing | undefined;
}

/** A message that was pinned, newest pin first. */
export interface PinView {
  readonly key: string;
  readonly author: Person;
  readonly text: string;
  readonly attachments?: AttachmentsLine | undefined;
  readonly pinnedBy: Person;
}

interface OfMessage {
  readonly conversationId: ConversationId;
  readonly key: string;
}

export type ContentCommand =
  /** Own messages only. */
  | (OfMessage & {
      readonly type: 'EditMessage';
      readonly text: string;
      readonly mentions?: ReadonlyArray<Mention>;
    })
  /** `everyone`: own messages; asks every device to delete them. `here`: on this device alone. */
  | {
      readonly type: 'DeleteMessages';
      readonly conversationId: ConversationId;
      readonly keys: ReadonlyArray<string>;
      readonly from: 'everyone' | 'here';
    }
  | (OfMessage & { readonly type: 'React'; readonly emoji: string; readonly isOn: boolean })
  | (OfMessage & { readonly type: 'Pin'; readonly isOn: boolean })
  /** Replaces what was voted before; none takes it back. */
  | (OfMessage & { readonly type: 'Vote'; readonly choices: ReadonlyArray<number> })
  | {
      readonly type: 'CreatePoll';
      readonly conversationId: ConversationId;
      readonly poll: NewPoll;
    }
  | {
      readonly type: 'Forward';
      readonly conversationId: ConversationId;
      readonly keys: ReadonlyArray<string>;
      readonly to: ReadonlyArray<ConversationId>;
    }
  /** Writes again what nobody takes any more (delivery `blocked`), as a new message. */
  | (OfMessage & { readonly type: 'Resend' })
  /** All versions of an edited message, oldest first. */
  | (OfMessage & { readonly type: 'ShowVersions' })
  /** Starts `ThreadChanged`; the open conversation only. */
  | (OfMessage & { readonly type: 'OpenThread' })
  | { readonly type: 'CloseThread' }
  /** Of what is written from now on, by everybody here; undefined: messages stay. */
  | {
      readonly type: 'SetTimer';
      readonly conversationId: ConversationId;
      readonly timerMs: number | undefined;
    }
  /** This message and those after it count as unread; undefined: the last one of somebody else. */
  | {
      readonly type: 'MarkUnread';
      readonly conversationId: ConversationId;
      readonly key?: string | undefined;
    }
  /** Told to those who are here now, kept nowhere. */
  | { readonly type: 'TellTyping'; readonly conversationId: ConversationId }
  /** Each is mutual: who does not tell is not told. */
  | { readonly type: 'SetSharing'; readonly sharing: Sharing }
  | {
      readonly type: 'SetProfile';
      readonly status: string;
      /** A small square picture, encoded (WebP, PNG or JPEG); undefined: initials. */
      readonly picture: Uint8Array | undefined;
    }
  /** The picture that a person is shown with: checked, a WebP, PNG or JPEG. */
  | { readonly type: 'LoadPicture'; readonly personId: IdentityId; readonly pictureId: string }
  /** Nothing of theirs is shown, in any conversation; they are not told. */
  | { readonly type: 'Block'; readonly personId: IdentityId; readonly isOn: boolean }
  | {
      readonly type: 'SetArchived';
      readonly conversationId: ConversationId;
      readonly isOn: boolean;
    }
  | { readonly type: 'SetMuted'; readonly conversationId: ConversationId; readonly isOn: boolean }
  /** Leaves where one can, then takes everything of it off this device. */
  | { readonly type: 'DeleteConversation'; readonly conversationId: ConversationId }
  /** Writes to a member of a shared group alone; arrives there as a request. */
  | {
      readonly type: 'MessagePerson';
      readonly conversationId: ConversationId;
      readonly personId: IdentityId;
    }
  /** Adds the other person of a direct conversation to a group, without a link. */
  | {
      readonly type: 'AddContact';
      readonly conversationId: ConversationId;
      readonly personId: IdentityId;
      /** Of what was written before; `none` where nothing is said. */
      readonly history?: SharedHistory;
    }
  /** Goes out when this device is awake at that time, else as soon as it is after it. */
  | {
      readonly type: 'Schedule';
      readonly conversationId: ConversationId;
      readonly draft: ScheduledDraft;
    }
  | {
      readonly type: 'SendScheduled' | 'CancelScheduled';
      readonly conversationId: ConversationId;
      readonly id: string;
    }
  /** Takes up, or turns down, what a stranger began. */
  | {
      readonly type: 'AnswerRequest';
      readonly conversationId: ConversationId;
      readonly isAccepted: boolean;
    };

/** What goes out later. */
export interface ScheduledDraft extends Pick<Draft, 'text' | 'mentions' | 'replyTo'> {
  /** By the wall clock of this device. */
  readonly atMs: number;
  /** Of one that waits, to take its place. */
  readonly id?: string | undefined;
}

/** One that waits on this device alone. */
export interface ScheduledView {
  readonly id: string;
  readonly atMs: number;
  readonly text: string;
}

export interface Sharing {
  readonly receipts: boolean;
  readonly typing: boolean;
  readonly presence: boolean;
}

export interface ContentValues {
  readonly EditMessage: undefined;
  readonly DeleteMessages: undefined;
  readonly React: undefined;
  readonly Pin: undefined;
  readonly Vote: undefined;
  readonly CreatePoll: { readonly key: string };
  readonly Forward: undefined;
  readonly Resend: { readonly key: string };
  readonly ShowVersions: ReadonlyArray<Version>;
  readonly OpenThread: undefined;
  readonly CloseThread: undefined;
  readonly SetTimer: undefined;
  readonly MarkUnread: undefined;
  readonly TellTyping: undefined;
  readonly SetSharing: undefined;
  readonly SetProfile: undefined;
  readonly LoadPicture: Uint8Array<ArrayBuffer>;
  readonly Block: undefined;
  readonly SetArchived: undefined;
  readonly SetMuted: undefined;
  readonly DeleteConversation: undefined;
  readonly MessagePerson: { readonly conversationId: ConversationId };
  readonly AddContact: undefined;
  readonly Schedule: { readonly id: string };
  readonly SendScheduled: undefined;
  readonly CancelScheduled: undefined;
  readonly AnswerRequest: undefined;
}
