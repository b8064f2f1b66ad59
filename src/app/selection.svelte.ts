import type { MessageItem } from '../core/api.ts';

/** Several messages at once: which are selected, while that goes on. */
export class SelectionState {
  isOn = $state(false);
  /** By their keys, as they were when they were selected: they may be scrolled out of the window. */
  #selected = $state.raw<ReadonlyMap<string, MessageItem>>(new Map());

  readonly keys = $derived.by(() => new Set(this.#selected.keys()));
  /**
   * As they are now in the window; what disappears counts only there. In the order in which they were sent.
   */
  readonly items = $derived.by(() => {
    const now = new Map(this.#items().map((item) => [item.key, item]));
    const lasting = [...this.#selected.values()].filter(
      ({ key, disappearing }) => now.has(key) || disappearing === undefined,
    );
    return lasting
      .map((item) => now.get(item.key) ?? item)
      .toSorted((a, b) => a.sentAtMs - b.sentAtMs);
  });
  readonly areAllMine = $derived.by(
    () => this.items.length > 0 && this.items.every(({ author }) => author.isMe),
  );

  readonly #items: () => ReadonlyArray<MessageItem>;

  constructor(items: () => ReadonlyArray<MessageItem>) {
    this.#items = items;
  }

  readonly start = (key: string): void => {
    this.isOn = true;
    this.#selected = new Map();
    this.toggle(key);
  };

  readonly toggle = (key: string): void => {
    const selected = new Map(this.#selected);
    const item = this.#items().find((one) => one.key === key);
    if (!selected.delete(key) && item !== undefined) selected.set(key, item);
    this.#selected = selected;
  };

  readonly leave = (): void => {
    this.isOn = false;
    this.#selected = new Map();
  };
}
