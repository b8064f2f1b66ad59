/** What a message carries, told in one line: in the list, in quotes, pins and notifications. */
import type { AttachmentsLine, AttachmentView } from './api.ts';

export const attachmentsLine = (
  attachments: ReadonlyArray<Pick<AttachmentView, 'name' | 'shape'>>,
): AttachmentsLine | undefined => {
  const [first] = attachments;
  if (first === undefined) return undefined;
  const { kind } = first.shape;
  const count = attachments.length;
  if (count > 1) {
    const isAlike = attachments.every(({ shape }) => shape.kind === kind);
    return { kind: isAlike ? kind : 'file', count };
  }
  const durationMs = 'durationMs' in first.shape ? first.shape.durationMs : undefined;
  return { kind, count, durationMs, name: kind === 'file' ? first.name : undefined };
};
