/**
 * From the core's items to what stands on the screen: day separators, groups of one sender, the
 * line above what is new. Pure, so that it can be tested without a page.
 */
import type { GapItem, MessageItem, NoticeItem, TimelineItem } from '../core/api.ts';

export interface MessageRow {
  readonly type: 'message';
  readonly key: string;
  readonly item: MessageItem;
  /** Among all items, from 1: the same whatever else is loaded. */
  readonly position: number;
  /** First and last of a run of one sender: where the name and the picture go. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export type Row =
  | MessageRow
  | { readonly type: 'notice'; readonly key: string; readonly item: NoticeItem }
  | { readonly type: 'gap'; readonly key: string; readonly item: GapItem }
  | { readonly type: 'day'; readonly key: string; readonly atMs: number }
  | { readonly type: 'new'; readonly key: string };

/** Messages of one sender stand together when no more than this lies between them (UX.md §B1). */
const groupGapMs = 5 * 60 * 1000;
/** From here on a message says that it came late (UX.md §B3). */
const lateAfterMs = 10 * 60 * 1000;

export const isLate = (item: MessageItem): boolean =>
  item.arrivedAtMs !== undefined && Math.abs(item.arrivedAtMs - item.sentAtMs) > lateAfterMs;

const timeOf = (item: TimelineItem): number | undefined => {
  switch (item.type) {
    case 'message':
      return item.sentAtMs;
    case 'notice':
      return item.atMs;
    case 'gap':
      return undefined;
  }
};

const dayOf = (atMs: number): string => new Date(atMs).toDateString();

const areTogether = (earlier: TimelineItem | undefined, later: TimelineItem | undefined): boolean =>
  earlier?.type === 'message' &&
  later?.type === 'message' &&
  earlier.author.id === later.author.id &&
  Math.abs(later.sentAtMs - earlier.sentAtMs) <= groupGapMs &&
  dayOf(earlier.sentAtMs) === dayOf(later.sentAtMs) &&
  !isLate(later);

export interface RowsOf {
  readonly items: ReadonlyArray<TimelineItem>;
  readonly newKey: string | undefined;
  /** Items before these. */
  readonly earlierCount: number;
}

/**
 * `newKey` is the first message that was unread when the conversation was opened. What belongs to a
 * thread stands there.
 */
export const timelineRows = ({ items, newKey, earlierCount }: RowsOf): ReadonlyArray<Row> => {
  const rows: Row[] = [];
  const shown = items.filter((item) => item.type !== 'message' || item.threadOf === undefined);
  let day: string | undefined;
  shown.forEach((item, index) => {
    const atMs = timeOf(item);
    let isBroken = false;
    if (atMs !== undefined && dayOf(atMs) !== day) {
      day = dayOf(atMs);
      rows.push({ type: 'day', key: `day-${item.key}`, atMs });
      isBroken = true;
    }
    if (item.key === newKey) {
      rows.push({ type: 'new', key: 'new' });
      isBroken = true;
    }
    if (item.type === 'message') {
      const next = shown[index + 1];
      rows.push({
        type: 'message',
        key: item.key,
        item,
        position: earlierCount + index + 1,
        isFirst: isBroken || !areTogether(shown[index - 1], item),
        isLast: next?.key === newKey || !areTogether(item, next),
      });
    } else if (item.type === 'notice') {
      rows.push({ type: 'notice', key: item.key, item });
    } else {
      rows.push({ type: 'gap', key: item.key, item });
    }
  });
  return rows;
};

const isSameRow = (a: Row, b: Row): boolean => {
  const [fields, others] = [Object.entries(a), Object.entries(b)];
  const isSame = ([, value]: readonly [string, unknown], at: number): boolean =>
    Object.is(value, others[at]?.[1]);
  return a.type === b.type && fields.every(isSame);
};

/** The same, of a timeline that changes: rows that say what they said are the same objects. */
export const createTimelineRows = (): ((of: RowsOf) => ReadonlyArray<Row>) => {
  let before: ReadonlyMap<string, Row> = new Map();
  return (of) => {
    const rows = timelineRows(of).map((row) => {
      const known = before.get(row.key);
      return known !== undefined && isSameRow(known, row) ? known : row;
    });
    before = new Map(rows.map((row) => [row.key, row]));
    return rows;
  };
};
