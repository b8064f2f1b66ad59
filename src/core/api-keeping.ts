/** What a conversation holds on this device: to look through, to free, to take along. Only types. */
import type { AttachmentView } from './api-attachments.ts';
import type { ConversationId, MessageItem } from './api-views.ts';

/** One file of a conversation, once, with the newest message that carries it. */
export interface ListedFile {
  readonly key: string;
  readonly isMine: boolean;
  readonly view: AttachmentView;
}

/** Files that others have as well, by how many of their devices are known to have all of it. */
export interface FreeableFiles {
  /** 0: whoever gave it is not here to say so; 2: two or more. */
  readonly deviceCount: 0 | 1 | 2;
  readonly count: number;
  readonly sizeBytes: number;
}

/** What files of one conversation take of this device. */
export interface FileUsage {
  readonly conversationId: ConversationId;
  readonly count: number;
  readonly sizeBytes: number;
  /** Of these what can be fetched again. */
  readonly freeable: ReadonlyArray<FreeableFiles>;
}

export interface MessagePage {
  /** The oldest first, those in threads too. */
  readonly items: ReadonlyArray<MessageItem>;
  /** Where the next one begins; undefined: this was the last. */
  readonly next: string | undefined;
}

export type KeepingCommand =
  /** All files of a conversation, the newest first: what is on the screen is no measure. */
  | { readonly type: 'ListFiles'; readonly conversationId: ConversationId }
  /** What files take, by conversation, the largest first. */
  | { readonly type: 'MeasureFiles' }
  /** Takes off this device what others have as well; of one conversation, or of all. */
  | { readonly type: 'FreeFiles'; readonly of: ConversationId | undefined }
  /** What is written there, page by page, for a copy that a person keeps; undefined: the first. */
  | {
      readonly type: 'ReadMessages';
      readonly conversationId: ConversationId;
      readonly from: string | undefined;
    };

export interface KeepingValues {
  readonly ListFiles: ReadonlyArray<ListedFile>;
  readonly MeasureFiles: ReadonlyArray<FileUsage>;
  readonly FreeFiles: undefined;
  readonly ReadMessages: MessagePage;
}
