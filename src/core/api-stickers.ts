/** Stickers that a person keeps on this device, and gives away. Only types. */
import type { AttachmentId } from './api-attachments.ts';
import type { ConversationId } from './api-views.ts';

/** Hex: names a sticker, or a pack, by what it holds. */
export type StickerId = string;
export type PackId = string;

export interface StickerView {
  readonly id: StickerId;
  /** A word or an emoji. */
  readonly word: string;
}

export interface PackView {
  /** Empty: those that were collected one by one. */
  readonly id: PackId;
  readonly name: string;
  readonly stickers: ReadonlyArray<StickerView>;
}

export interface NewSticker {
  readonly word: string;
  /** A WebP of at most 512 pixels a side and `stickerBytesMax`. */
  readonly picture: Uint8Array;
}

export interface PackFile {
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type StickerCommand =
  /** What is kept, the collected ones first. */
  | { readonly type: 'ListStickers' }
  | { readonly type: 'ReadSticker'; readonly stickerId: StickerId }
  | {
      readonly type: 'SavePack';
      readonly name: string;
      readonly stickers: ReadonlyArray<NewSticker>;
    }
  /** From a message: a pack as a whole, or one sticker among the collected. */
  | {
      readonly type: 'KeepStickers';
      readonly conversationId: ConversationId;
      readonly key: string;
      readonly attachmentId: AttachmentId;
    }
  /** As the file that it is given away as. */
  | { readonly type: 'ReadPack'; readonly packId: PackId }
  | { readonly type: 'RemovePack'; readonly packId: PackId };

export interface StickerValues {
  readonly ListStickers: ReadonlyArray<PackView>;
  readonly ReadSticker: Uint8Array<ArrayBuffer>;
  readonly SavePack: { readonly packId: PackId };
  readonly KeepStickers: undefined;
  readonly ReadPack: PackFile;
  readonly RemovePack: undefined;
}
