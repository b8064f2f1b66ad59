import type { IdentityId, Mention } from '../core/api.ts';
import type { EmojiState } from './emoji.svelte.ts';
import type { Span } from './markup.ts';

const optionsMax = 8;

export type CompletionOption =
  | { readonly kind: 'mention'; readonly name: string; readonly personId: IdentityId | undefined }
  | { readonly kind: 'emoji'; readonly emoji: string; readonly code: string };

export interface Trigger {
  readonly kind: 'mention' | 'emoji';
  /** Of the "@" or ":". */
  readonly from: number;
  readonly query: string;
}

/** What stands before the caret and asks for a list. */
export const triggerAt = (text: string, caret: number): Trigger | undefined => {
  const before = text.slice(0, caret);
  const mention = /(?:^|[\s(])@([^@\n]{0,64})$/u.exec(before);
  if (mention?.[1] !== undefined) {
    return { kind: 'mention', from: caret - mention[1].length - 1, query: mention[1] };
  }
  const emoji = /(?:^|[\s(]):([\p{L}\d_+-]{2,32}:?)$/u.exec(before);
  if (emoji?.[1] === undefined) return undefined;
  return { kind: 'emoji', from: caret - emoji[1].length - 1, query: emoji[1] };
};

const folded = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLocaleLowerCase();

const fits = (name: string, query: string): boolean =>
  folded(name).startsWith(query) || folded(name).includes(` ${query}`);

/** The list above the composer: people after "@", emoji after ":". */
export class CompletionState {
  options = $state.raw<ReadonlyArray<CompletionOption>>([]);
  index = $state(0);

  readonly #nameable: () => ReadonlyArray<Mention>;
  readonly #emoji: EmojiState;
  #trigger: Trigger | undefined;
  /** Closed by Escape: it stays so until another one begins. */
  #closedAt: number | undefined;

  constructor(deps: { nameable: () => ReadonlyArray<Mention>; emoji: EmojiState }) {
    this.#nameable = deps.nameable;
    this.#emoji = deps.emoji;
  }

  look(text: string, caret: Span): void {
    const trigger = caret.start === caret.end ? triggerAt(text, caret.start) : undefined;
    const { kind, from, query } = this.#trigger ?? {};
    // Told of at every key, also of those that walk the list.
    if (trigger?.kind === kind && trigger?.from === from && trigger?.query === query) return;
    if (trigger?.from !== this.#closedAt) this.#closedAt = undefined;
    this.#trigger = trigger;
    if (trigger === undefined || this.#closedAt !== undefined) {
      this.#show([]);
    } else if (trigger.kind === 'mention') {
      this.#show(this.#people(trigger.query));
    } else {
      void this.#showEmoji(trigger);
    }
  }

  readonly move = (step: 1 | -1): void => {
    const count = this.options.length;
    if (count > 0) this.index = (this.index + step + count) % count;
  };

  readonly close = (): void => {
    this.#closedAt = this.#trigger?.from;
    this.#show([]);
  };

  complete(text: string, index = this.index): { text: string; caret: Span } | undefined {
    const option = this.options[index];
    const trigger = this.#trigger;
    if (option === undefined || trigger === undefined) return undefined;
    const piece = option.kind === 'mention' ? `@${option.name} ` : option.emoji;
    const end = trigger.from + 1 + trigger.query.length;
    const at = trigger.from + piece.length;
    if (option.kind === 'emoji') this.#emoji.remember(option.emoji);
    this.#show([]);
    return {
      text: text.slice(0, trigger.from) + piece + text.slice(end).replace(/^ /u, ''),
      caret: { start: at, end: at },
    };
  }

  #people(query: string): ReadonlyArray<CompletionOption> {
    const found = this.#nameable().filter(({ name }) => fits(name, folded(query)));
    // A name that is written out needs no list, and Enter hands over.
    if (found.length === 1 && found[0]?.name === query) return [];
    return found.slice(0, optionsMax).map((mention) => ({ kind: 'mention', ...mention }));
  }

  async #showEmoji(trigger: Trigger): Promise<void> {
    const query = trigger.query.replace(/:$/u, '');
    const found = await this.#emoji.find(query, optionsMax);
    if (this.#trigger !== trigger) return; // Typed on meanwhile.
    this.#show(
      found.map(({ text, codes }) => ({
        kind: 'emoji',
        emoji: this.#emoji.toned(text),
        code: codes.find((code) => code.startsWith(query)) ?? codes[0] ?? '',
      })),
    );
  }

  #show(options: ReadonlyArray<CompletionOption>): void {
    this.options = options;
    this.index = 0;
  }
}
