/**
 * Files beside the text of a message: what the interface hands over, and what it is shown. Only
 * types. Metadata is removed and previews are made before a file reaches the core; what arrives from
 * others is described by them, and is checked again before it is drawn.
 */
import type { ConversationId } from './api-views.ts';

/** Of one attachment of one message: hex, names its manifest. */
export type AttachmentId = string;

/** What a file is shown as; everything but `file` is drawn from its own bytes. */
export type AttachmentShape =
  | { readonly kind: 'file' }
  | {
      readonly kind: 'image';
      /** Upright, in pixels: nothing moves when it loads. */
      readonly width: number;
      readonly height: number;
      readonly isAnimated: boolean;
      /** At most 32 bytes; empty: none. */
      readonly thumbhash: Uint8Array<ArrayBuffer>;
    }
  | {
      readonly kind: 'video';
      readonly width: number;
      readonly height: number;
      readonly durationMs: number;
      readonly thumbhash: Uint8Array<ArrayBuffer>;
    }
  | {
      readonly kind: 'voice';
      readonly durationMs: number;
      /** Loudness over its length, one byte each; at most 64. */
      readonly peaks: Uint8Array<ArrayBuffer>;
    };

/** What of a `Blob` is needed to read it in pieces. */
export interface FileData {
  readonly size: number;
  slice(from: number, to: number): FileData;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export interface NewAttachment {
  readonly name: string;
  readonly mediaType: string;
  /** Read in pieces; a large file never goes through memory as a whole. */
  readonly data: FileData;
  readonly shape: AttachmentShape;
  /** A small picture of it (WebP or JPEG, at most `previewBytesMax`), sent ahead of the file. */
  readonly preview: Uint8Array<ArrayBuffer> | undefined;
}

export interface FileOnItsWay {
  readonly kind: 'fetching';
  readonly doneBytes: number;
  /** People; none of them where it comes from a mailbox. */
  readonly fromCount: number;
  readonly isFromMailbox?: true;
}

export type AttachmentState =
  /** Own, being sealed into this device's store. */
  | { readonly kind: 'preparing'; readonly doneBytes: number }
  /** Whole on this device; so many other people are known to have all of it. */
  | {
      readonly kind: 'here';
      readonly holderCount: number;
      /** In hundredths, of those who have a part of it: the one who has the most. */
      readonly sharedHundredths?: number | undefined;
    }
  | FileOnItsWay
  | { readonly kind: 'waiting'; readonly doneBytes: number; readonly for: AttachmentWait }
  | { readonly kind: 'paused'; readonly doneBytes: number };

export type AttachmentWait =
  | 'ask' // the rules of this conversation say: not by itself
  | 'holder' // nobody who has it is here
  | 'direct-path' // whoever has it is reached through a relay only, which does not carry files
  | 'space'; // this device is full

export interface AttachmentView {
  readonly id: AttachmentId;
  /** Safe to show and to save under: no folders, no control or direction characters. */
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly shape: AttachmentShape;
  readonly hasPreview: boolean;
  /** It says that it is a pack of stickers. */
  readonly isStickerPack?: true;
  readonly state: AttachmentState;
}

/** What a message carries, where only a line of it is shown. */
export interface AttachmentsLine {
  /** Of all of them; several that differ are files. */
  readonly kind: AttachmentShape['kind'];
  readonly count: number;
  /** Of one voice message or video. */
  readonly durationMs?: number | undefined;
  /** Of one file. */
  readonly name?: string | undefined;
}

/** What of a conversation comes to this device without being asked for. */
export interface FetchRules {
  readonly kinds: ReadonlyArray<AttachmentShape['kind']>;
  /** Of one file. */
  readonly sizeBytesMax: number;
  /** Also where every byte may cost. */
  readonly onMetered: boolean;
}

export interface FetchSettings {
  /** Where a conversation has none of its own. */
  readonly rules: FetchRules;
  /** What the browser does not know of the connection, the person may. */
  readonly treatAsMetered: boolean;
}

interface OfAttachment {
  readonly conversationId: ConversationId;
  /** Of the message. */
  readonly key: string;
  readonly attachmentId: AttachmentId;
}

export type AttachmentCommand =
  /** Fetches it, or goes on, whatever the rules say. */
  | (OfAttachment & { readonly type: 'FetchAttachment' })
  | (OfAttachment & { readonly type: 'PauseAttachment' })
  /** Takes the file off this device; it can be fetched again while somebody has it. */
  | (OfAttachment & { readonly type: 'FreeAttachment' })
  | (OfAttachment & { readonly type: 'LoadPreview' })
  /** Plain bytes from `fromByte`, at most `readBytesMax`, of what is here; every chunk is verified. */
  | (OfAttachment & {
      readonly type: 'ReadAttachment';
      readonly fromByte: number;
      readonly byteCount: number;
      /** What of it is not here is fetched before everything else of the file, and waited for. */
      readonly isAhead?: boolean;
    });

/** What comes by itself. */
export type FetchingCommand =
  | { readonly type: 'SetFetching'; readonly fetching: FetchSettings }
  /** Undefined: as everywhere. */
  | {
      readonly type: 'SetFetchRules';
      readonly conversationId: ConversationId;
      readonly rules: FetchRules | undefined;
    };

export interface AttachmentValues {
  readonly FetchAttachment: undefined;
  readonly PauseAttachment: undefined;
  readonly FreeAttachment: undefined;
  readonly LoadPreview: Uint8Array<ArrayBuffer>;
  readonly SetFetching: undefined;
  readonly SetFetchRules: undefined;
  readonly ReadAttachment: Uint8Array<ArrayBuffer>;
}
