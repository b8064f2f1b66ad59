/** The thread that is open on screen: told whole, whenever something in it is different. */
import { isSameValue } from '../../../base/same-value.ts';
import type { CoreEvent } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import type { ViewContext } from './view-context.ts';
import { threadView, type ThreadView } from './timeline-view.ts';

/** The message under which a thread grows that this one is in; undefined: it is not here. */
export const rootFor = ({ readable }: Conversation, key: string): string | undefined => {
  const message = readable.message(key);
  if (message === undefined) return undefined;
  const root = readable.rootOf(message) ?? message.key;
  return readable.isRoot(root) ? root : undefined;
};

export class Thread {
  readonly #conversation: Conversation;
  readonly #rootKey: string;
  readonly #emit: (event: CoreEvent) => void;
  #shown: ThreadView | undefined;

  constructor(conversation: Conversation, rootKey: string, emit: (event: CoreEvent) => void) {
    this.#conversation = conversation;
    this.#rootKey = rootKey;
    this.#emit = emit;
  }

  refresh(context: ViewContext): void {
    const view = threadView(this.#conversation, this.#rootKey, context);
    if (view === undefined || isSameValue(view, this.#shown)) return;
    this.#shown = view;
    this.#emit({ type: 'ThreadChanged', conversationId: this.#conversation.id, ...view });
  }
}
