/**
 * What of others was read on this device. A log is read from its beginning, in its order, so that
 * "read" is one number for each log, whatever came when: a message that arrives late, in the middle
 * of what was read, is unread by itself. Only unread messages are held here.
 */
import { arrayUpTo, naturalOf, recordOf, textUpTo, tupleOf } from '../../../protocol/cbor.ts';
import type { CborValue } from '../../../protocol/cbor.ts';
import { limits } from '../../../protocol/limits.ts';
import type { OpenedEntry } from '../../epochs/epoch.ts';
import {
  messageKey,
  type Place,
  type PlacedMessage,
  type Projection,
} from '../reading/projection.ts';
import { comparePlaces, type Ordered } from '../reading/sorted.ts';

/** Where a message stands among all others. */
type Standing = Omit<Ordered, 'key'>;

interface Incoming extends Standing {
  readonly key: string;
  readonly place: Place;
}

/** How far one log was read. */
interface ReadLog {
  readonly seq: number;
  readonly lamport: number;
}

/** Types whose entries are messages; the fold decides about each. */
const messageTypes: ReadonlySet<string> = new Set(['text', 'poll', 'attachment']);

/** A writer's key belongs to one epoch alone; half of it names a log among those of a conversation. */
const logName = ({ writerHex }: Place): string => writerHex.slice(0, 32);

const readState = recordOf({
  logs: arrayUpTo(limits.readLogsMax, tupleOf(textUpTo(32), naturalOf, naturalOf)),
  /** Logs that are not named were read up to this lamport. */
  floor: naturalOf,
  until: naturalOf,
});

export class Unread {
  readonly #unread = new Map<string, Incoming>();
  readonly #logs = new Map<string, ReadLog>();
  #floor = 0;
  /** The furthest that was read: what is unread before it came late. */
  #until = 0;

  /** Of an entry by somebody else that was opened, for the first time or once more. */
  note({ body, epoch, place, hash }: OpenedEntry, authorHex: string): void {
    // What was said before one came is no news.
    if (!messageTypes.has(body.type) || epoch.isHistory) return;
    const { lamport } = body;
    if (this.#isRead(place, lamport)) return;
    const key = messageKey(authorHex, body.mid);
    this.#unread.set(`${logName(place)}/${String(place.seq)}`, { key, place, lamport, hash });
  }

  /** [RU1] Those that are shown, in no particular order. */
  shown(projection: Projection): ReadonlyArray<PlacedMessage> {
    return [...this.#unread.values()].flatMap(({ key, place }) => {
      const message = projection.message(key);
      const isThis =
        message !== undefined &&
        message.isErased !== true &&
        message.place.writerHex === place.writerHex &&
        message.place.seq === place.seq;
      return isThis ? [message] : [];
    });
  }

  isUnread({ place }: Pick<PlacedMessage, 'place'>): boolean {
    return this.#unread.has(`${logName(place)}/${String(place.seq)}`);
  }

  /** [RU2] In the order of the screen, those that came in before what had been read apart. */
  inOrder<T extends Standing>(
    messages: ReadonlyArray<T>,
  ): { readonly late: ReadonlyArray<T>; readonly fresh: ReadonlyArray<T> } {
    const sorted = [...messages].sort(comparePlaces);
    const isLate = ({ lamport }: T): boolean => lamport < this.#until;
    return { late: sorted.filter(isLate), fresh: sorted.filter((one) => !isLate(one)) };
  }

  /** Everything that is here; false: it had been. */
  readAll(): boolean {
    return this.readFirst(this.#unread.size);
  }

  /** So many of them, in the order of the screen. */
  readFirst(count: number): boolean {
    if (this.#unread.size === 0 || count === 0) return false;
    const inOrder = [...this.#unread].sort(([, a], [, b]) => comparePlaces(a, b));
    for (const [name, { place, lamport }] of inOrder.slice(0, count)) {
      this.#unread.delete(name);
      this.#read(place, lamport);
    }
    this.#forgetOldest();
    return true;
  }

  /** [RU3] This message and those after it: the end of each log. */
  unreadFrom(from: PlacedMessage, messages: ReadonlyArray<PlacedMessage>): void {
    for (const message of messages) {
      if (comparePlaces(message, from) < 0) continue;
      const { key, place, lamport, hash } = message;
      const log = this.#logs.get(logName(place));
      if (log !== undefined && log.seq >= place.seq) {
        this.#logs.set(logName(place), { seq: place.seq - 1, lamport: lamport - 1 });
      }
      this.#unread.set(`${logName(place)}/${String(place.seq)}`, { key, place, lamport, hash });
    }
    this.#floor = Math.min(this.#floor, from.lamport - 1);
    this.#until = Math.min(this.#until, from.lamport);
  }

  toCbor(): CborValue {
    return {
      logs: [...this.#logs].map(([name, { seq, lamport }]) => [name, seq, lamport]),
      floor: this.#floor,
      until: this.#until,
    };
  }

  /** Before anything is noted. Total: false says that nothing was to be read there. */
  restore(value: CborValue): boolean {
    const state = readState(value);
    if (state === undefined) return false;
    for (const [name, seq, lamport] of state.logs) this.#logs.set(name, { seq, lamport });
    this.#floor = state.floor;
    this.#until = state.until;
    return true;
  }

  #isRead(place: Place, lamport: number): boolean {
    const log = this.#logs.get(logName(place));
    return log === undefined ? lamport <= this.#floor : place.seq <= log.seq;
  }

  #read(place: Place, lamport: number): void {
    const known = this.#logs.get(logName(place));
    if (known === undefined || known.seq < place.seq) {
      this.#logs.set(logName(place), { seq: place.seq, lamport });
    }
    this.#until = Math.max(this.#until, lamport);
  }

  /** The oldest logs are read to their end: nobody writes there any more. */
  #forgetOldest(): void {
    const surplus = this.#logs.size - limits.readLogsMax;
    if (surplus <= 0) return;
    const oldest = [...this.#logs].sort(([, a], [, b]) => a.lamport - b.lamport).slice(0, surplus);
    for (const [name, { lamport }] of oldest) {
      this.#logs.delete(name);
      this.#floor = Math.max(this.#floor, lamport);
    }
  }
}
