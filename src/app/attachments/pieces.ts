import type { Result } from '../../base/result.ts';
import type { AttachmentView, CommandError, ConversationId, Core } from '../../core/api.ts';
import { limits } from '../../protocol/limits.ts';

/** One file of one message. */
export interface MediaFile {
  readonly conversationId: ConversationId;
  readonly key: string;
  readonly view: AttachmentView;
}

export const namesOf = ({ conversationId, key, view }: MediaFile) => ({
  conversationId,
  key,
  attachmentId: view.id,
});

export interface Piece {
  readonly fromByte: number;
  readonly bytes: Result<Uint8Array<ArrayBuffer>, CommandError>;
}

/** A file that is here, a megabyte at a time; one that cannot be read is the last. */
export async function* piecesOf(core: Core, file: MediaFile): AsyncGenerator<Piece> {
  const { sizeBytes } = file.view;
  for (let fromByte = 0; fromByte < sizeBytes; fromByte += limits.readBytesMax) {
    const bytes = await core.execute({
      type: 'ReadAttachment',
      ...namesOf(file),
      fromByte,
      byteCount: Math.min(limits.readBytesMax, sizeBytes - fromByte),
    });
    yield { fromByte, bytes };
    if (!bytes.ok) return;
  }
}
