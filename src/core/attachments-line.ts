/** What a message carries, told in one line: in the list, in quotes, pins and notifications. */
import type { AttachmentShape, AttachmentsLine } from './api.ts';

interface Told {
  readonly name: string;
  readonly shape: { readonly kind: AttachmentShape['kind']; readonly durationMs?: number };
}

export const attachmentsLine = (attachments: ReadonlyArray<Told>): AttachmentsLine | undefined => {
  const [first] = attachments;
  if (first === undefined) return undefined;
  const { kind } = first.shape;
  const count = attachments.length;
  if (count > 1) {
    const isAlike = attachments.every(({ shape }) => shape.kind === kind);
    return { kind: isAlike ? kind : 'file', count };
  }
  return {
    kind,
    count,
    durationMs: first.shape.durationMs,
    name: kind === 'file' ? first.name : undefined,
  };
};
