import type { PreferenceStore } from './environment.ts';
import {
  emojiGroups,
  searchEmoji,
  withTone,
  type Emoji,
  type EmojiTable,
  type NamedEmoji,
  type Tone,
} from './emoji.ts';

const recentsMax = 24;
const usualReactions = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

/** What a picked emoji is for. */
export type EmojiTarget =
  | { readonly kind: 'react'; readonly key: string }
  | { readonly kind: 'write'; readonly isThread: boolean };

export interface EmojiDeps {
  readonly preferences: PreferenceStore;
  /** The one that is spoken. */
  readonly language: () => string;
  /** Arrives as files of its own, when it is first needed. */
  readonly load: (language: string) => Promise<NamedEmoji>;
}

const isTone = (value: number): value is Tone =>
  Number.isInteger(value) && value >= 0 && value <= 5;

/** The picker: what it shows, for what it is open, and what this person likes to take. */
export class EmojiState {
  target = $state.raw<EmojiTarget | undefined>(undefined);
  table = $state.raw<EmojiTable | undefined>(undefined);
  /** Of the names in the table. */
  language = $state('en');
  recents = $state.raw<ReadonlyArray<string>>([]);
  tone = $state<Tone>(0);

  readonly #deps: EmojiDeps;
  #toned: ReadonlySet<string> = new Set();
  #loading: Promise<EmojiTable | undefined> | undefined;
  #loadingIn = '';

  constructor(deps: EmojiDeps) {
    this.#deps = deps;
    const stored = deps.preferences.read('emoji-recents') ?? '';
    this.recents = stored === '' ? usualReactions : stored.split(' ').slice(0, recentsMax);
    const tone = Number(deps.preferences.read('emoji-tone') ?? '0');
    this.tone = isTone(tone) ? tone : 0;
  }

  readonly open = (target: EmojiTarget): void => {
    this.target = target;
    void this.load();
  };

  readonly close = (): void => {
    this.target = undefined;
  };

  /** Undefined when it could not be fetched; the next call tries again. */
  readonly load = async (): Promise<EmojiTable | undefined> => {
    const language = this.#deps.language();
    if (language !== this.#loadingIn) this.#loading = undefined;
    this.#loadingIn = language;
    this.#loading ??= this.#load(language);
    const table = await this.#loading;
    if (table === undefined) this.#loading = undefined;
    return table;
  };

  readonly find = async (query: string, countMax: number): Promise<ReadonlyArray<Emoji>> => {
    const table = await this.load();
    return table === undefined ? [] : searchEmoji(table, query, countMax);
  };

  readonly toned = (text: string): string =>
    this.#toned.has(text) ? withTone(text, this.tone) : text;

  readonly setTone = (tone: Tone): void => {
    this.tone = tone;
    this.#deps.preferences.write('emoji-tone', String(tone));
  };

  readonly remember = (text: string): void => {
    this.recents = [text, ...this.recents.filter((other) => other !== text)].slice(0, recentsMax);
    this.#deps.preferences.write('emoji-recents', this.recents.join(' '));
  };

  async #load(wanted: string): Promise<EmojiTable | undefined> {
    try {
      const { table, language } = await this.#deps.load(wanted);
      const all = emojiGroups.flatMap((group) => table[group]);
      this.#toned = new Set(all.filter(({ hasTones }) => hasTones).map(({ text }) => text));
      this.table = table;
      this.language = language;
      return table;
    } catch {
      return undefined; // An update took the file away while offline; asked for again next time.
    }
  }
}
