/**
 * Which items of the open timeline are on the screen. A conversation may be long, and every row costs:
 * so the screen holds a window of it, from sixty items up to some two hundred around the reader.
 *
 *     … earlier …│ from ──────── the window ──────── to │… later …
 *
 * The window has an end (`to`) only while one reads further up; without one it reaches to the newest
 * item and grows with the talk. When the reader comes near an edge the interface asks for more there,
 * and as much goes away at the other side. Both edges are items, not positions: what comes in late
 * above them moves nothing.
 */
import { limits } from '../../../protocol/limits.ts';
import type { ProjectedMessage, ProjectedTimer, ProjectedItem } from '../reading/projection.ts';
import type { WindowMove } from '../../api.ts';
import type { Shown } from './shown.ts';
import { lengthOf, waitingIn, type Range, type WithPasts } from './timeline-view.ts';

type Item = ProjectedItem | ProjectedMessage | ProjectedTimer;

/** The window begins, or ends, before this item. */
interface Edge {
  readonly of: Shown;
  readonly item: Item;
}

type Line = ReadonlyArray<Shown>;

const lineOf = ({ conversation, pasts }: WithPasts): Line => [...pasts, conversation];

export class TimelineWindow {
  #from: Edge | undefined;
  /** Nothing was before it: a few that come there later are shown with it, not a whole history. */
  #isFirst = false;
  /** Undefined: nothing is after it. */
  #to: Edge | undefined;

  /** Where it is now; no further up than what can be read already. */
  range(all: WithPasts): Range {
    const line = lineOf(all);
    const { unreadableCount } = all.conversation.opening;
    const length = lengthOfLine(line);
    // Where a whole group went with its edge, the latest is shown.
    const begin = this.#from === undefined ? 0 : Math.max(0, length - limits.timelineWindow);
    const from = positionOf(line, this.#from) ?? begin;
    const isNear = this.#isFirst && from <= limits.timelineStep;
    const start = Math.max(isNear ? 0 : from, unreadableCount);
    const end = positionOf(line, this.#to) ?? length;
    return { start, end: Math.max(start, end) };
  }

  set(all: WithPasts, { start, end }: Range): void {
    const line = lineOf(all);
    // While older items come from disk nothing is the first of all.
    this.#isFirst = start <= 0 && !all.conversation.opening.isUnderWay;
    this.#from = edgeAt(line, start);
    this.#to = edgeAt(line, end);
  }
}

/** Where a move leads to. Undefined: there is no such item, or it cannot be read yet. */
export const destination = (
  move: WindowMove,
  { start, end }: Range,
  all: WithPasts,
): Range | undefined => {
  const line = lineOf(all);
  const length = lengthOfLine(line);
  const { isUnderWay, unreadableCount } = all.conversation.opening;
  const { timelineWindow, timelineStep, timelineShownMax } = limits;
  switch (move.type) {
    case 'ShowLatest':
      return { start: Math.max(0, length - timelineWindow), end: length };
    case 'ShowEarlier': {
      if (isUnderWay && start <= unreadableCount) return undefined;
      const first = Math.max(0, start - timelineStep);
      return { start: first, end: Math.min(end, first + timelineShownMax) };
    }
    case 'ShowLater': {
      const last = Math.min(end + timelineStep, length);
      return { start: Math.max(start, last - timelineShownMax), end: last };
    }
    case 'ShowAround': {
      const at = placeOf(line, move.key);
      if (at === undefined || at < unreadableCount) return undefined;
      const half = timelineWindow / 2;
      return { start: Math.max(0, at - half), end: Math.min(at + half, length) };
    }
  }
};

/** Of two with one key the later one is meant: what was given as history is shown there. */
const placeOf = (line: Line, key: string): number | undefined => {
  for (let index = line.length - 1; index >= 0; index--) {
    const of = line[index];
    const at = of && placeIn(of, key);
    if (at !== undefined) return lengthOfLine(line.slice(0, index)) + at;
  }
  return undefined;
};

const lengthOfLine = (line: Line): number => line.reduce((sum, one) => sum + lengthOf(one), 0);

/** Undefined: behind the last one. */
const edgeAt = (line: Line, position: number): Edge | undefined => {
  let left = position;
  for (const of of line) {
    const { items } = of.projection;
    const item = items.at(left) ?? waitingIn(of)[left - items.length];
    if (item !== undefined) return { of, item };
    left -= lengthOf(of);
  }
  return undefined;
};

/** Of what is not there any more, where it would be; undefined where its whole group is not. */
const positionOf = (line: Line, edge: Edge | undefined): number | undefined => {
  if (edge === undefined || !line.includes(edge.of)) return undefined;
  const { of, item } = edge;
  const before = lengthOfLine(line.slice(0, line.indexOf(of)));
  return before + (placeIn(of, item.key) ?? of.projection.countBefore(item));
};

const placeIn = (of: Shown, key: string): number | undefined => {
  const { projection } = of;
  const item = projection.byKey(key);
  const at = item && projection.countBefore(item);
  if (at !== undefined && projection.items.at(at)?.key === key) return at;
  const waitingAt = waitingIn(of).findIndex((one) => one.key === key);
  return waitingAt === -1 ? undefined : projection.items.length + waitingAt;
};
