/**
 * The readable conversation: a deterministic fold of verified entries (PROTOCOL §6). The same
 * entries give the same timeline in whatever order they came: messages are (author, mid), of two
 * claims to one the smaller (lamport, hash) is shown, and (lamport, hash) orders the screen.
 *
 * What was written in a thread stands under the message it grows from and not in the timeline, as
 * long as that message is here and stands in no thread itself.
 */
import { concatBytes, latin1ToBytes, toHex, u64be } from '../../../base/bytes.ts';
import { hash } from '../../../crypto/hash.ts';
import type { PollPayload, TextPayload } from '../../../protocol/content-payloads.ts';
import type { EntryPlace } from '../../epochs/epoch.ts';
import { compareOrdered, Sorted, type InOrder, type Ordered } from './sorted.ts';

/** What delivery is counted by. */
export type Place = EntryPlace;

export interface ProjectedMessage extends Ordered {
  readonly type: 'message';
  readonly authorHex: string;
  /** Of a poll: no text. */
  readonly payload: TextPayload;
  readonly poll: PollPayload | undefined;
  /** The message whose thread it was written in. */
  readonly threadKey: string | undefined;
  readonly sentAt: number;
  /** Undefined: it waits, and lies in no log yet. */
  readonly place: Place | undefined;
  /** By this device's clock; undefined for what was on disk already. */
  readonly arrivedAtMs: number | undefined;
  /** Its keys are gone by design: there was a message here, and no text any more. */
  readonly isErased?: true;
}

/** One that lies in a log. */
export interface PlacedMessage extends ProjectedMessage {
  readonly place: Place;
}

/** A membership act, at the place of the first entry that carried it. */
export interface ProjectedNotice extends Ordered {
  readonly type: 'notice';
  readonly opKey: string;
  readonly sentAt: number;
}

/** Somebody changed how long messages stay, where no membership act says so. */
export interface ProjectedTimer extends Ordered {
  readonly type: 'timer';
  readonly byHex: string;
  readonly timerMs: number | undefined;
  readonly sentAt: number;
}

export type ProjectedItem = PlacedMessage | ProjectedNotice | ProjectedTimer;

export const messageKey = (authorHex: string, mid: Uint8Array): string =>
  `${authorHex}/${toHex(mid)}`;

const threadKeyOf = (item: ProjectedItem): string | undefined =>
  item.type === 'message' ? item.threadKey : undefined;

export class Projection {
  /** Deleted on this device alone. */
  readonly #isHidden: (key: string) => boolean;
  readonly #main = new Sorted<ProjectedItem>();
  /** All messages, in threads and hidden ones as well. */
  readonly #messages = new Sorted<PlacedMessage>();
  /** Those of them that are asked for by what they have; nobody looks through all of them for that. */
  readonly #having = {
    files: new Sorted<PlacedMessage>(),
    timer: new Sorted<PlacedMessage>(),
    noWords: new Sorted<PlacedMessage>(),
  };
  readonly #byKey = new Map<string, ProjectedItem>();
  /** What was written in a thread, by the message that it names: here or not. */
  readonly #threads = new Map<string, Sorted<PlacedMessage>>();
  #greatestLamport = 0;

  constructor(isHidden: (key: string) => boolean = () => false) {
    this.#isHidden = isHidden;
  }

  /** The timeline, in the order of the screen. */
  get items(): InOrder<ProjectedItem> {
    return this.#main;
  }

  /** Of any entry, shown or not. */
  get greatestLamport(): number {
    return this.#greatestLamport;
  }

  /** Whether it is shown or hidden here. */
  byKey(key: string): ProjectedItem | undefined {
    return this.#byKey.get(key);
  }

  /** A message that is here to be read, wherever it stands. */
  message(key: string): PlacedMessage | undefined {
    const item = this.#byKey.get(key);
    return item?.type === 'message' && !this.#isHidden(key) ? item : undefined;
  }

  /** [TH1] A thread can grow under it. */
  isRoot(key: string): boolean {
    const root = this.message(key);
    return root !== undefined && root.threadKey === undefined;
  }

  /** All that are here to be read, in threads or not, in their order: from this one on. */
  *messages(from?: PlacedMessage): Generator<PlacedMessage, void> {
    const start = from === undefined ? 0 : this.#messages.countBefore(from);
    for (const item of this.#messages.from(start)) if (!this.#isHidden(item.key)) yield item;
  }

  /** The same from the other end. */
  *newestFirst(): Generator<PlacedMessage, void> {
    for (const item of this.#messages.backwards()) if (!this.#isHidden(item.key)) yield item;
  }

  /** Whether somebody else has written, shown or hidden. */
  hasOthers(ownHex: string): boolean {
    for (const { authorHex } of this.#messages) if (authorHex !== ownHex) return true;
    return false;
  }

  /** Of those that are here to be read: with files, or with a time of their own and not gone yet. */
  having(what: 'files' | 'timer'): ReadonlyArray<PlacedMessage> {
    return [...this.#having[what]].filter(({ key }) => !this.#isHidden(key));
  }

  /** Those whose words are gone, hidden or not. */
  get erased(): Iterable<PlacedMessage> {
    return this.#having.noWords;
  }

  /** The newest one, in a thread or not. */
  lastMessage(
    isMeant: (message: PlacedMessage) => boolean = () => true,
  ): PlacedMessage | undefined {
    for (const message of this.newestFirst()) if (isMeant(message)) return message;
    return undefined;
  }

  /** What stands under a message, in the order of the screen. */
  thread(rootKey: string): ReadonlyArray<PlacedMessage> {
    const named = this.isRoot(rootKey) ? this.#threads.get(rootKey) : undefined;
    return named === undefined ? [] : [...named].filter(({ key }) => !this.#isHidden(key));
  }

  see(lamport: number): void {
    this.#greatestLamport = Math.max(this.#greatestLamport, lamport);
  }

  /** Puts an item in its place. Of two with one key the smaller (lamport, hash) stays. */
  add(item: ProjectedItem): void {
    const known = this.#byKey.get(item.key);
    if (known === undefined || compareOrdered(known, item) > 0) this.#put(item, known);
  }

  /** One message in another form, at the same place; nothing where another claim to it is shown. */
  replace(message: PlacedMessage, by: PlacedMessage): void {
    if (this.#byKey.get(message.key) === message) this.#put(by, message);
  }

  /** A change of what these are, or of whether they are hidden: what stands under them moves, too. */
  moved(keys: ReadonlyArray<string>, change: () => void): void {
    for (const item of this.#around(keys)) this.#main.remove(item);
    change();
    for (const item of this.#around(keys)) if (this.#isInTimeline(item)) this.#main.add(item);
  }

  /** Takes everything out; what was seen stays seen. */
  clear(): void {
    this.#main.clear();
    this.#messages.clear();
    for (const having of Object.values(this.#having)) having.clear();
    this.#byKey.clear();
    this.#threads.clear();
  }

  /** [PJ1] Equal for equal entries: what replicas are compared by. */
  digest(): Uint8Array {
    const all = [...this.#byKey.values()].sort(compareOrdered);
    const parts = all.map((item) => concatBytes(u64be(item.lamport), latin1ToBytes(item.hash)));
    return hash('sotto1/projection', concatBytes(...parts));
  }

  /** How many items stand before such a place. */
  countBefore({ lamport, hash: at }: Pick<Ordered, 'lamport' | 'hash'>): number {
    return this.#main.countBefore({ key: '', lamport, hash: at });
  }

  /** These, and what was written in their threads. */
  #around(keys: ReadonlyArray<string>): ReadonlySet<ProjectedItem> {
    const around = new Set<ProjectedItem>();
    for (const key of keys) {
      const item = this.#byKey.get(key);
      if (item !== undefined) around.add(item);
      for (const reply of this.#threads.get(key) ?? []) around.add(reply);
    }
    return around;
  }

  #isInTimeline(item: ProjectedItem): boolean {
    const threadKey = threadKeyOf(item);
    return !this.#isHidden(item.key) && (threadKey === undefined || !this.isRoot(threadKey));
  }

  #put(item: ProjectedItem, known: ProjectedItem | undefined): void {
    this.moved([item.key], () => {
      this.#takeOut(known);
      this.#byKey.set(item.key, item);
      this.#putIn(item);
    });
  }

  #putIn(item: ProjectedItem): void {
    if (item.type !== 'message') return;
    for (const list of this.#listsOf(item)) list.add(item);
    if (item.threadKey === undefined) return;
    const thread = this.#threads.get(item.threadKey) ?? new Sorted<PlacedMessage>();
    this.#threads.set(item.threadKey, thread);
    thread.add(item);
  }

  #takeOut(item: ProjectedItem | undefined): void {
    if (item?.type !== 'message') return;
    for (const list of this.#listsOf(item)) list.remove(item);
    if (item.threadKey !== undefined) this.#threads.get(item.threadKey)?.remove(item);
  }

  #listsOf({ payload, isErased }: PlacedMessage): ReadonlyArray<Sorted<PlacedMessage>> {
    const lists = [this.#messages];
    if (isErased === true) return [...lists, this.#having.noWords];
    if (payload.attachments !== undefined) lists.push(this.#having.files);
    if (payload.timerMs !== undefined) lists.push(this.#having.timer);
    return lists;
  }
}
