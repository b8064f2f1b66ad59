/** How conversations stand in the list. */
import type { ConversationId, ConversationSummary } from '../core/api.ts';

export interface ListRow {
  readonly conversation: ConversationSummary;
  readonly isOpen: boolean;
  /** Where the focus goes when the list is entered. */
  readonly isFirst: boolean;
}

export interface ListRowsOf {
  readonly conversations: ReadonlyArray<ConversationSummary>;
  readonly openId: ConversationId | undefined;
  readonly firstId: ConversationId | undefined;
}

/**
 * [MY5] Of a list that changes: rows that stand as they stood are the same objects, so that going from
 * one of five hundred to another is news to those two alone.
 */
export const createListRows = (): ((of: ListRowsOf) => ReadonlyArray<ListRow>) => {
  let before: ReadonlyMap<ConversationId, ListRow> = new Map();
  return ({ conversations, openId, firstId }) => {
    const rows = conversations.map((conversation) => {
      const { id } = conversation;
      const row = { conversation, isOpen: id === openId, isFirst: id === firstId };
      const known = before.get(id);
      return known !== undefined && isSameRow(known, row) ? known : row;
    });
    before = new Map(rows.map((row) => [row.conversation.id, row]));
    return rows;
  };
};

const isSameRow = (a: ListRow, b: ListRow): boolean =>
  a.conversation === b.conversation && a.isOpen === b.isOpen && a.isFirst === b.isFirst;
