/** A file beside a message, as it is shown. */
import type { Manifest } from '../../../protocol/blobs/manifest.ts';
import { blobIdOf } from '../../../protocol/blobs/manifest.ts';
import { stickerPackType } from '../../../protocol/sticker-message.ts';
import { toHex } from '../../../base/bytes.ts';
import type { AttachmentShape, AttachmentView } from '../../api.ts';
import type { ViewContext } from './view-context.ts';

interface Unchanging {
  readonly id: string;
  readonly shape: AttachmentShape;
}

/** What of a manifest never changes, made once: identity and bytes are compared at every look. */
const shownOf = new WeakMap<Manifest, Unchanging>();

export const shapeOf = ({ shape }: Manifest): AttachmentShape => {
  switch (shape.kind) {
    case 'file':
      return shape;
    case 'voice':
      return { ...shape, peaks: new Uint8Array(shape.peaks) };
    case 'image':
      return { ...shape, thumbhash: new Uint8Array(shape.thumbhash) };
    case 'video':
      return { ...shape, thumbhash: new Uint8Array(shape.thumbhash) };
  }
};

export const attachmentView = (
  conversationId: string,
  manifest: Manifest,
  { attachmentState }: Pick<ViewContext, 'attachmentState'>,
): AttachmentView => {
  const known = shownOf.get(manifest);
  const shown = known ?? { id: toHex(blobIdOf(manifest)), shape: shapeOf(manifest) };
  if (known === undefined) shownOf.set(manifest, shown);
  return {
    ...shown,
    name: manifest.name,
    mediaType: manifest.mediaType,
    sizeBytes: manifest.sizeBytes,
    hasPreview: manifest.preview !== undefined,
    ...(manifest.mediaType === stickerPackType && { isStickerPack: true }),
    state: attachmentState(conversationId, manifest),
  };
};
