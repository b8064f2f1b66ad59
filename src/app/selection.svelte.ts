import type { MessageItem } from '../core/api.ts';

/** Several messages at once: which are selected, while that goes on. */
export class SelectionState {
  isOn = $state(false);
  keys = $state.raw<ReadonlySet<string>>(new Set());

  /** In the order of the conversation, without what has gone meanwhile. */
  readonly items = $derived.by(() => this.#items().filter(({ key }) => this.keys.has(key)));
  readonly areAllMine = $derived.by(
    () => this.items.length > 0 && this.items.every(({ author }) => author.isMe),
  );

  readonly #items: () => ReadonlyArray<MessageItem>;

  constructor(items: () => ReadonlyArray<MessageItem>) {
    this.#items = items;
  }

  readonly start = (key: string): void => {
    this.isOn = true;
    this.keys = new Set([key]);
  };

  readonly toggle = (key: string): void => {
    const keys = new Set(this.keys);
    if (!keys.delete(key)) keys.add(key);
    this.keys = keys;
  };

  readonly leave = (): void => {
    this.isOn = false;
    this.keys = new Set();
  };
}
