import { joinBytes } from '../../base/bytes.ts';
import type {
  CommandError,
  ConversationId,
  ConversationSummary,
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
import { namesOf, piecesOf, type MediaFile } from './pieces.ts';
import { PlayerState } from './player.svelte.ts';

export interface MediaDeps {
  readonly core: Core;
  readonly preferences: PreferenceStore;
}

export type { MediaFile } from './pieces.ts';

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

/** What is asked in a dialog of its own. */
export type MediaQuestion =
  /** Of the conversation that is open. */
  | { readonly kind: 'export'; readonly conversation: Named }
  /** Undefined: in all conversations. */
  | { readonly kind: 'free'; readonly conversation: Named | undefined }
  | { readonly kind: 'sticker'; readonly file: MediaFile; readonly word: string }
  | { readonly kind: 'new-pack' };

type Named = Pick<ConversationSummary, 'id' | 'kind' | 'name'>;

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
  asked = $state.raw<MediaQuestion | undefined>(undefined);
  readonly hasDialog = $derived.by(() => this.viewed !== undefined || this.asked !== undefined);
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
      const result = await this.#core.execute({ type: 'LoadPreview', ...namesOf(file) });
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

  readonly ask = (question: MediaQuestion): void => {
    this.asked = question;
  };

  readonly closeQuestion = (): void => {
    this.asked = undefined;
  };

  /** What a dialog works with, over the same core. */
  readonly over = <State>(create: (core: Core) => State): State => create(this.#core);

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
    this.saving = { id: view.id, hundredths: 0 };
    try {
      for await (const { fromByte, bytes } of piecesOf(this.#core, file)) {
        if (!bytes.ok) {
          this.problem = { id: view.id, error: bytes.error };
          await sink.abort();
          return;
        }
        const { id, sizeBytes } = view;
        this.saving = { id, hundredths: Math.floor((100 * fromByte) / sizeBytes) };
        await sink.write(bytes.value);
      }
      await sink.close();
    } catch {
      this.problem = { id: view.id, error: 'storage-failed' }; // the disk it is saved to is full, say
    } finally {
      this.saving = undefined;
    }
  };

  async #readAhead(
    file: MediaFile,
    range: { readonly fromByte: number; readonly byteCount: number },
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const isAhead = true;
    const result = await this.#core.execute({
      type: 'ReadAttachment',
      ...namesOf(file),
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
    for await (const { bytes } of piecesOf(this.#core, file)) {
      if (!bytes.ok) {
        this.problem = { id: file.view.id, error: bytes.error };
        return undefined;
      }
      pieces.push(bytes.value);
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
    const result = await this.#core.execute({ type, ...namesOf(file) });
    this.problem = result.ok ? undefined : { id: file.view.id, error: result.error };
  }
}
