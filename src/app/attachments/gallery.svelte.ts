import type { ConversationId, Core, ListedFile } from '../../core/api.ts';
import type { AppClock } from '../environment.ts';
import type { MediaFile } from './pieces.ts';

/** Counting all files of a long conversation costs something. */
const refreshEachMs = 1000;

export interface GalleryFile extends Pick<ListedFile, 'isMine'> {
  readonly file: MediaFile;
}

/** Everything that was shared in a conversation, whatever of it is on the screen. */
export class GalleryState {
  files = $state.raw<ReadonlyArray<GalleryFile>>([]);
  readonly pictures = $derived.by(() =>
    this.files.filter(({ file }) => file.view.shape.kind === 'image').map(({ file }) => file),
  );
  readonly others = $derived.by(() =>
    this.files.filter(({ file }) => file.view.shape.kind !== 'image'),
  );
  readonly #core: Core;
  readonly #clock: AppClock;
  readonly #conversationId: ConversationId;
  #isResting = false;
  #isDue = false;

  constructor(core: Core, { clock, conversationId }: { clock: AppClock; conversationId: string }) {
    this.#core = core;
    this.#clock = clock;
    this.#conversationId = conversationId;
  }

  /** At once, and then not more often than it can be read. */
  readonly refresh = async (): Promise<void> => {
    this.#isDue = true;
    if (this.#isResting) return;
    this.#isResting = true;
    this.#isDue = false;
    this.#clock.schedule(refreshEachMs, () => {
      this.#isResting = false;
      if (this.#isDue) void this.refresh();
    });
    const conversationId = this.#conversationId;
    const listed = await this.#core.execute({ type: 'ListFiles', conversationId });
    if (!listed.ok) return; // what was listed before still holds
    this.files = listed.value.map(({ key, isMine, view }) => ({
      isMine,
      file: { conversationId, key, view },
    }));
  };
}
