import type {
  CommandError,
  Core,
  NewAttachment,
  PackId,
  PackView,
  StickerId,
  StickerView,
} from '../../core/api.ts';
import { readSticker } from '../../media/sticker.browser.ts';
import { Addresses, type HeldAddress } from '../attachments/addresses.ts';
import { namesOf, type MediaFile } from '../attachments/pieces.ts';

/** The stickers of this device. */
export class StickersState {
  /** Undefined: not asked for yet. */
  packs = $state.raw<ReadonlyArray<PackView> | undefined>(undefined);
  problem = $state<CommandError | undefined>(undefined);
  isKept = $state(false);
  readonly #core: Core;
  readonly #addresses = new Addresses();

  constructor(core: Core) {
    this.#core = core;
  }

  readonly refresh = async (): Promise<void> => {
    const listed = await this.#core.execute({ type: 'ListStickers' });
    this.problem = listed.ok ? undefined : listed.error;
    if (listed.ok) this.packs = listed.value;
  };

  readonly hold = (stickerId: StickerId): HeldAddress =>
    this.#addresses.hold(stickerId, async () => {
      const picture = await this.#core.execute({ type: 'ReadSticker', stickerId });
      return picture.ok ? new Blob([picture.value], { type: 'image/webp' }) : undefined;
    });

  /** As what a message carries; it goes ahead of itself, over a relay as well. */
  readonly attachment = async ({ id }: StickerView): Promise<NewAttachment | undefined> => {
    const read = await this.#core.execute({ type: 'ReadSticker', stickerId: id });
    const sticker = read.ok ? await readSticker(read.value) : undefined;
    if (!read.ok || sticker === undefined) {
      this.problem = read.ok ? 'bad-stickers' : read.error;
      return undefined;
    }
    const mediaType = 'image/webp';
    return {
      name: 'sticker.webp',
      mediaType,
      data: new Blob([read.value], { type: mediaType }),
      shape: { kind: 'image', ...sticker.shape, thumbhash: new Uint8Array() },
      preview: sticker.preview,
    };
  };

  readonly packFile = async ({ id, name }: PackView): Promise<NewAttachment | undefined> => {
    const file = await this.#core.execute({ type: 'ReadPack', packId: id });
    this.problem = file.ok ? undefined : file.error;
    if (!file.ok) return undefined;
    const { mediaType, bytes } = file.value;
    const data = new Blob([bytes], { type: mediaType });
    return { name, mediaType, data, shape: { kind: 'file' }, preview: undefined };
  };

  readonly remove = async (packId: PackId): Promise<void> => {
    const removed = await this.#core.execute({ type: 'RemovePack', packId });
    await this.refresh();
    if (!removed.ok) this.problem = removed.error;
  };

  /** From a message, among one's own. */
  readonly keep = async (file: MediaFile): Promise<void> => {
    const kept = await this.#core.execute({ type: 'KeepStickers', ...namesOf(file) });
    this.problem = kept.ok ? undefined : kept.error;
    this.isKept = kept.ok;
  };
}
