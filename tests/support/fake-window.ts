/** The window of the open timeline, as the fake core tells it (src/core/conversation/views/timeline-windowing.ts). */
import type { TimelineItem, WindowMove } from '../../src/core/api.ts';
import { limits } from '../../src/protocol/limits.ts';

const { timelineWindow: openedSize, timelineStep: step, timelineShownMax: movedMax } = limits;

export interface Splice {
  readonly at: number;
  readonly removedCount: number;
  readonly inserted: ReadonlyArray<TimelineItem>;
  readonly earlierCount: number;
  readonly laterCount: number;
}

interface Bounds {
  readonly from: number;
  readonly to: number;
}

export class FakeWindow {
  readonly #items: ReadonlyArray<TimelineItem>;
  readonly #tell: (splice: Splice) => void;
  #from: number;
  /** Undefined: to the newest. */
  #to: number | undefined;

  constructor(
    items: ReadonlyArray<TimelineItem>,
    { key, tell }: { key: string | undefined; tell: (splice: Splice) => void },
  ) {
    this.#items = items;
    this.#tell = tell;
    const { from, to } = this.#around(key) ?? this.#latest;
    [this.#from, this.#to] = [from, to >= items.length ? undefined : to];
    this.#splice(0, 0, this.#shown);
  }

  /** False: there is no such message. */
  move(command: WindowMove): boolean {
    const { from, to } = this.#bounds;
    switch (command.type) {
      case 'ShowEarlier': {
        const first = Math.max(0, from - step);
        this.#slide({ from: first, to: Math.min(to, first + movedMax) });
        return true;
      }
      case 'ShowLater': {
        const last = Math.min(this.#items.length, to + step);
        this.#slide({ from: Math.max(from, last - movedMax), to: last });
        return true;
      }
      case 'ShowLatest':
        this.#slide(this.#latest);
        return true;
      case 'ShowAround': {
        const bounds = this.#around(command.key);
        if (bounds !== undefined) this.#slide(bounds);
        return bounds !== undefined;
      }
    }
  }

  /** The last item is new. */
  appended(): void {
    const at = this.#items.length - 1;
    const isShown = this.#to === undefined;
    this.#splice(isShown ? at - this.#from : 0, 0, isShown ? this.#items.slice(at) : []);
  }

  /** What stood at a place gave way to this. */
  replaced(at: number, inserted: ReadonlyArray<TimelineItem>): void {
    const isShown = at >= this.#from && (this.#to === undefined || at < this.#to);
    const change = inserted.length - 1;
    if (at < this.#from) this.#from += change;
    if (this.#to !== undefined && at < this.#to) this.#to += change;
    if (isShown) this.#splice(at - this.#from, 1, inserted);
    else this.#splice(0, 0, []);
  }

  get #bounds(): Bounds {
    return { from: this.#from, to: this.#to ?? this.#items.length };
  }

  get #shown(): ReadonlyArray<TimelineItem> {
    return this.#items.slice(this.#from, this.#to);
  }

  get #latest(): Bounds {
    const { length } = this.#items;
    return { from: Math.max(0, length - openedSize), to: length };
  }

  #around(key: string | undefined): Bounds | undefined {
    const at = this.#items.findIndex((item) => item.key === key);
    if (at === -1) return undefined;
    const { length } = this.#items;
    return { from: Math.max(0, at - openedSize / 2), to: Math.min(length, at + openedSize / 2) };
  }

  /** To somewhere near: first what comes, then what goes. */
  #slide({ from, to }: Bounds): void {
    const before = this.#bounds;
    const isNear = from < before.to && before.from < to;
    const removedCount = before.to - before.from;
    this.#from = from;
    this.#to = to >= this.#items.length ? undefined : to;
    if (!isNear) {
      this.#splice(0, removedCount, this.#shown);
      return;
    }
    const first = Math.min(from, before.from);
    this.#splice(0, 0, this.#items.slice(from, before.from));
    this.#splice(before.to - first, 0, this.#items.slice(before.to, to));
    this.#splice(to - first, Math.max(0, before.to - to), []);
    this.#splice(0, Math.max(0, from - before.from), []);
  }

  #splice(at: number, removedCount: number, inserted: ReadonlyArray<TimelineItem>): void {
    const laterCount = this.#items.length - this.#bounds.to;
    this.#tell({ at, removedCount, inserted, earlierCount: this.#from, laterCount });
  }
}
