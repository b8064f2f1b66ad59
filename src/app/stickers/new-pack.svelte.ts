import { err, type Result } from '../../base/result.ts';
import type { CommandError, Core } from '../../core/api.ts';
import { drawSticker, type StickerProblem } from '../../media/sticker.browser.ts';
import { limits } from '../../protocol/limits.ts';

export interface NewPicture {
  readonly id: number;
  readonly picture: Uint8Array<ArrayBuffer>;
  readonly url: string;
}

type Draw = (file: Blob) => Promise<Result<Uint8Array<ArrayBuffer>, StickerProblem>>;

export interface Unusable {
  readonly name: string;
  readonly problem: StickerProblem | 'too-many';
}

/** A pack that is being made from pictures: nothing is kept before it is saved. */
export class NewPackState {
  name = $state('');
  pictures = $state.raw<ReadonlyArray<NewPicture>>([]);
  /** By the id of the picture. */
  words = $state<Record<number, string>>({});
  /** Files that were no use. */
  unusable = $state.raw<ReadonlyArray<Unusable>>([]);
  problem = $state<CommandError | 'incomplete' | undefined>(undefined);
  isBusy = $state(false);
  readonly #core: Core;
  readonly #draw: Draw;
  #serial = 0;

  constructor(core: Core, draw: Draw = drawSticker) {
    this.#core = core;
    this.#draw = draw;
  }

  readonly add = async (files: ReadonlyArray<File>): Promise<void> => {
    this.isBusy = true;
    this.unusable = [];
    for (const file of files) {
      const hasRoom = this.pictures.length < limits.stickersPerPackMax;
      const drawn = hasRoom ? await this.#draw(file) : err('too-many' as const);
      if (!drawn.ok) {
        this.unusable = [...this.unusable, { name: file.name, problem: drawn.error }];
        continue;
      }
      const picture = drawn.value;
      const url = URL.createObjectURL(new Blob([picture], { type: 'image/webp' }));
      this.pictures = [...this.pictures, { id: (this.#serial += 1), picture, url }];
    }
    this.isBusy = false;
  };

  readonly remove = (id: number): void => {
    const gone = this.pictures.find((each) => each.id === id);
    if (gone !== undefined) URL.revokeObjectURL(gone.url);
    this.pictures = this.pictures.filter((each) => each !== gone);
  };

  readonly close = (): void => {
    for (const { id } of this.pictures) this.remove(id);
  };

  /** True when it is kept. */
  readonly save = async (): Promise<boolean> => {
    const name = this.name.trim();
    const stickers = this.pictures.map(({ id, picture }) => ({
      word: (this.words[id] ?? '').trim(),
      picture,
    }));
    if (name === '' || stickers.length === 0 || stickers.some(({ word }) => word === '')) {
      this.problem = 'incomplete';
      return false;
    }
    this.isBusy = true;
    const saved = await this.#core.execute({ type: 'SavePack', name, stickers });
    this.isBusy = false;
    this.problem = saved.ok ? undefined : saved.error;
    return saved.ok;
  };
}
