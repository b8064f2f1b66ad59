import type { CoreEvent, MessageItem } from '../core/api.ts';
import type { ComposerState } from './composer.svelte.ts';

type ThreadChanged = Extract<CoreEvent, { type: 'ThreadChanged' }>;

/** The open thread: the message it grows under, what was written there, and a place to write. */
export class ThreadState {
  root = $state.raw<MessageItem | undefined>(undefined);
  items = $state.raw<ReadonlyArray<MessageItem>>([]);
  readonly key: string;
  readonly composer: ComposerState;

  constructor(key: string, composer: ComposerState) {
    this.key = key;
    this.composer = composer;
  }

  take(event: ThreadChanged): void {
    if (event.root.key !== this.key) return;
    this.root = event.root;
    this.items = event.items;
  }

  find(key: string): MessageItem | undefined {
    return this.root?.key === key ? this.root : this.items.find((item) => item.key === key);
  }
}
