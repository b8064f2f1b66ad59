import { joinBytes } from '../../base/bytes.ts';
import type {
  AttachmentView,
  CommandError,
  ConversationId,
  Core,
  MessageItem,
} from '../../core/api.ts';
import { paintThumbhash } from '../../media/draw.browser.ts';
import { drawableType } from '../../media/picture.ts';
import { openSink } from '../../media/save.browser.ts';
import { answerStreams, canStream, openStream } from '../../media/stream.browser.ts';
import { limits } from '../../protocol/limits.ts';
import type { PreferenceStore } from '../environment.ts';
import { Addresses, type HeldAddress } from './addresses.ts';
import { FetchingState } from './fetching.svelte.ts';
import { PlayerState } from './player.svelte.ts';

export interface MediaDeps {
  readonly core: Core;
  readonly preferences: PreferenceStore;
}

/** One file of one message. */
export interface MediaFile {
  readonly conversationId: ConversationId;
  readonly key: string;
  readonly view: AttachmentView;
}

export const filesOf = (
  conversationId: ConversationId,
  { key, attachments }: MessageItem,
): ReadonlyArray<MediaFile> => attachments.map((view) => ({ conversationId, key, view }));

/** What went wrong last, and with which file. */
export interface FileProblem {
  readonly id: string;
  readonly error: CommandError | 'too-large';
}

export interface Saving {
  readonly id: string;
  readonly hundredths: number;
}

/** Types that are drawn and played; nothing else ever gets an address of this origin. */
const shownTypes = /^(?:image\/(?:jpeg|png|gif|webp|avif)|(?:video|audio)\/[\w.-]+)$/u;

/** Files on the screen: their pictures and sounds, and what a person does with them. */
export class MediaState {
  problem = $state.raw<FileProblem | undefined>(undefined);
  saving = $state.raw<Saving | undefined>(undefined);
  /** Open in full, and the pictures beside it. */
  viewed = $state.raw<
    { readonly files: ReadonlyArray<MediaFile>; readonly at: number } | undefined
  >(undefined);
  readonly player: PlayerState;
  readonly fetching: FetchingState;
  readonly #core: Core;
  readonly #addresses = new Addresses();

  constructor({ core, preferences }: MediaDeps) {
    this.#core = core;
    answerStreams();
    this.fetching = new FetchingState(core);
    this.player = new PlayerState({ preferences, hold: this.holdWhole });
  }

  readonly paint = paintThumbhash;

  readonly holdPreview = (file: MediaFile): HeldAddress =>
    this.#addresses.hold(`preview ${file.view.id}`, async () => {
      const result = await this.#core.execute({ type: 'LoadPreview', ...of(file) });
      const type = result.ok ? drawableType(result.value, 'preview') : undefined;
      return result.ok && type !== undefined ? new Blob([result.value], { type }) : undefined;
    });

  /**
   * In pieces while it still comes, where a service worker asks for them; else once all of it is here
   * and small enough for memory.
   */
  readonly canPlay = ({ view: { mediaType, sizeBytes, state } }: MediaFile): boolean => {
    if (!shownTypes.test(mediaType)) return false;
    if (state.kind === 'here') return canStream() || sizeBytes <= limits.shownBytesMax;
    const isComing = state.kind === 'waiting' ? state.for === 'ask' : state.kind !== 'preparing';
    return canStream() && isComing;
  };

  /** A film, for as long as it is held; what is missing of it is fetched, what is watched first. */
  readonly holdFilm = (file: MediaFile): HeldAddress => {
    const { state, sizeBytes, mediaType } = file.view;
    const stream = openStream({
      sizeBytes,
      mediaType,
      read: (fromByte, byteCount) => this.#readAhead(file, { fromByte, byteCount }),
    });
    if (stream === undefined) return this.holdWhole(file);
    if (state.kind === 'waiting' || state.kind === 'paused') void this.fetch(file);
    return { url: Promise.resolve(stream.url), release: stream.close };
  };

  /** All of it, where it is here, can be shown and is small enough. */
  readonly holdWhole = (file: MediaFile): HeldAddress =>
    this.#addresses.hold(`whole ${file.view.id}`, () => this.#readWhole(file));

  readonly fetch = (file: MediaFile): Promise<void> => this.#do('FetchAttachment', file);
  readonly pause = (file: MediaFile): Promise<void> => this.#do('PauseAttachment', file);
  readonly free = (file: MediaFile): Promise<void> => this.#do('FreeAttachment', file);

  readonly view = (files: ReadonlyArray<MediaFile>, at: number): void => {
    this.viewed = { files, at };
  };

  /** To the next or the one before; at the end it stays. */
  readonly step = (by: 1 | -1): void => {
    const { viewed } = this;
    if (viewed?.files[viewed.at + by] !== undefined) {
      this.viewed = { ...viewed, at: viewed.at + by };
    }
  };

  readonly closeView = (): void => {
    this.viewed = undefined;
  };

  /** Writes it where the person wants it, piece by piece. */
  readonly save = async (file: MediaFile): Promise<void> => {
    const { view } = file;
    this.problem = undefined;
    const sink = await openSink(view);
    if (sink === undefined) return;
    if (sink === 'too-large') {
      this.problem = { id: view.id, error: 'too-large' };
      return;
    }
    try {
      for await (const piece of this.#pieces(file)) {
        if (piece === undefined) {
          await sink.abort();
          return;
        }
        await sink.write(piece);
      }
      await sink.close();
    } catch {
      this.problem = { id: view.id, error: 'storage-failed' }; // the disk it is saved to is full, say
    } finally {
      this.saving = undefined;
    }
  };

  async *#pieces(file: MediaFile): AsyncGenerator<Uint8Array<ArrayBuffer> | undefined> {
    const { id, sizeBytes } = file.view;
    for (let fromByte = 0; fromByte < sizeBytes; fromByte += limits.readBytesMax) {
      this.saving = { id, hundredths: Math.floor((100 * fromByte) / sizeBytes) };
      yield await this.#read(file, fromByte);
    }
  }

  async #read(file: MediaFile, fromByte: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const byteCount = Math.min(limits.readBytesMax, file.view.sizeBytes - fromByte);
    const result = await this.#core.execute({
      type: 'ReadAttachment',
      ...of(file),
      fromByte,
      byteCount,
    });
    if (!result.ok) this.problem = { id: file.view.id, error: result.error };
    return result.ok ? result.value : undefined;
  }

  async #readAhead(
    file: MediaFile,
    range: { readonly fromByte: number; readonly byteCount: number },
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const isAhead = true;
    const result = await this.#core.execute({
      type: 'ReadAttachment',
      ...of(file),
      ...range,
      isAhead,
    });
    return result.ok ? result.value : undefined;
  }

  async #readWhole(file: MediaFile): Promise<Blob | undefined> {
    const { sizeBytes, mediaType, state, shape } = file.view;
    if (state.kind !== 'here' || sizeBytes > limits.shownBytesMax || !shownTypes.test(mediaType)) {
      return undefined;
    }
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for (let fromByte = 0; fromByte < sizeBytes; fromByte += limits.readBytesMax) {
      const piece = await this.#read(file, fromByte);
      if (piece === undefined) return undefined;
      pieces.push(piece);
    }
    if (shape.kind !== 'image') return new Blob(pieces, { type: mediaType });
    const bytes = joinBytes(pieces);
    const type = drawableType(bytes, 'whole');
    return type && new Blob([bytes], { type });
  }

  async #do(
    type: 'FetchAttachment' | 'PauseAttachment' | 'FreeAttachment',
    file: MediaFile,
  ): Promise<void> {
    const result = await this.#core.execute({ type, ...of(file) });
    this.problem = result.ok ? undefined : { id: file.view.id, error: result.error };
  }
}

const of = ({ conversationId, key, view }: MediaFile) => ({
  conversationId,
  key,
  attachmentId: view.id,
});
