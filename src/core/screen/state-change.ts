/**
 * The small state on its way from the worker to the window: of the list only what is not as it was.
 * A copy has no identity, so what did not change would arrive as something new, and each of five
 * hundred rows would be drawn again for one that changed. Here it stays the same object.
 */
import { isSameValue } from '../../base/same-value.ts';
import type { ConversationId, ConversationSummary, CoreState } from '../api.ts';

export interface StateChange {
  readonly rest: Omit<CoreState, 'conversations'>;
  /** All that are listed, in their order; undefined: as it was. */
  readonly order: ReadonlyArray<ConversationId> | undefined;
  /** Those of them that were not told before, or look different now. */
  readonly changed: ReadonlyArray<ConversationSummary>;
}

type Told = ReadonlyMap<ConversationId, ConversationSummary>;

const byId = (conversations: ReadonlyArray<ConversationSummary>): Told =>
  new Map(conversations.map((summary) => [summary.id, summary]));

/** In the worker: every state, in order. */
export const createStateTeller = (): ((state: CoreState) => StateChange) => {
  let told: Told = new Map();
  let lastOrder: ReadonlyArray<ConversationId> | undefined;
  return ({ conversations, ...rest }) => {
    const changed = conversations.filter((one) => !isSameValue(told.get(one.id), one));
    told = byId(conversations);
    const order = conversations.map(({ id }) => id);
    const isSameOrder = isSameValue(lastOrder, order);
    lastOrder = order;
    return { rest, order: isSameOrder ? undefined : order, changed };
  };
};

/** In the window: the same states. */
export const createStateHearer = (): ((change: StateChange) => CoreState) => {
  let heard: Told = new Map();
  let conversations: ReadonlyArray<ConversationSummary> = [];
  return ({ rest, order, changed }) => {
    if (order !== undefined || changed.length > 0) {
      const news = byId(changed);
      const ids = order ?? [...heard.keys()];
      conversations = ids.flatMap((id) => news.get(id) ?? heard.get(id) ?? []);
      heard = byId(conversations);
    }
    return { ...rest, conversations };
  };
};
