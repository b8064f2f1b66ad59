/**
 * Who read how far (PROTOCOL §7: a watermark entry, batched, off by choice). A receipt says of each
 * author that its writer has read up to a message; what is read is a function of the receipts held,
 * in whatever order they came, and only moves forward.
 */
import { toHex } from '../../../base/bytes.ts';
import { limits } from '../../../protocol/limits.ts';
import { readReceipt } from '../../../protocol/payload.ts';
import type { OpenedEntry } from '../../epochs/epoch.ts';
import {
  messageKey,
  type Place,
  type PlacedMessage,
  type Projection,
} from '../reading/projection.ts';
import { comparePlaces } from '../reading/sorted.ts';

/** "I have read your messages up to this one." */
interface Mark {
  /** Of the message that is named. */
  readonly key: string;
  readonly atMs: number;
  /** Of the receipt itself. */
  readonly lamport: number;
  readonly hash: string;
  readonly place: Place;
}

export interface ReadMarksInput {
  readonly ownHex: string;
  readonly projection: () => Projection;
  /** Whether what lies there counts now. */
  readonly isCounted: (place: Place) => boolean;
}

export class ReadMarks {
  readonly #input: ReadMarksInput;
  /** Of this person's messages, by reader; the oldest receipt first. */
  readonly #byReader = new Map<string, Mark[]>();
  /** Up to where this person has told each author that they read. */
  readonly #told = new Map<string, Mark>();
  /** The furthest of each reader, as long as nothing came. */
  #furthest: ReadonlyMap<string, PlacedMessage> | undefined;

  constructor(input: ReadMarksInput) {
    this.#input = input;
  }

  /** Total: what does not read says nothing. */
  note({ body, place, hash }: OpenedEntry, readerHex: string): void {
    const receipt = body.type === 'receipt' ? readReceipt(body.payload) : undefined;
    if (receipt === undefined) return;
    const { ownHex } = this.#input;
    for (const { identityId, mid } of receipt.read) {
      const authorHex = toHex(identityId);
      const key = messageKey(authorHex, mid);
      const mark = { key, atMs: body.sentAt, lamport: body.lamport, hash, place };
      if (readerHex === ownHex) {
        const told = this.#told.get(authorHex);
        if (told === undefined || comparePlaces(told, mark) < 0) this.#told.set(authorHex, mark);
      } else if (authorHex === ownHex) this.#add(readerHex, mark);
    }
  }

  /** What counts, or what is here, may have changed. */
  refresh(): void {
    this.#furthest = undefined;
  }

  /** [RU4] The furthest of this person's messages that one of these has read. */
  furthest(isMeant: (readerHex: string) => boolean): PlacedMessage | undefined {
    return [...this.#furthestByReader()]
      .flatMap(([readerHex, message]) => (isMeant(readerHex) ? [message] : []))
      .sort(comparePlaces)
      .at(-1);
  }

  /** When somebody read it at the latest, by their clock; undefined: they have not told. */
  readAtMs(
    readerHex: string,
    message: Pick<PlacedMessage, 'lamport' | 'hash'>,
  ): number | undefined {
    const furthest = this.#furthestByReader().get(readerHex);
    if (furthest === undefined || comparePlaces(furthest, message) < 0) return undefined;
    const times = this.#counting(readerHex)
      .filter(({ named }) => comparePlaces(named, message) >= 0)
      .map(({ mark }) => mark.atMs);
    return Math.min(...times);
  }

  /** The message up to which this author was told; undefined: never, or of one that is not here. */
  toldTo(authorHex: string): PlacedMessage | undefined {
    const told = this.#told.get(authorHex);
    return told && this.#message(told.key);
  }

  #add(readerHex: string, mark: Mark): void {
    const marks = this.#byReader.get(readerHex) ?? [];
    this.#byReader.set(readerHex, marks);
    const isKnown = marks.some(
      ({ key, place: { writerHex, seq } }) =>
        key === mark.key && writerHex === mark.place.writerHex && seq === mark.place.seq,
    );
    if (isKnown) return; // read again after a fork
    marks.push(mark);
    marks.sort(comparePlaces);
    this.#furthest = undefined;
    if (marks.length > limits.readMarksKeptMax) this.#forget(readerHex, marks);
  }

  /** First what says no more than another, then the oldest. */
  #forget(readerHex: string, marks: ReadonlyArray<Mark>): void {
    let furthest: PlacedMessage | undefined;
    const telling = marks.filter(({ key }) => {
      const named = this.#message(key);
      if (named === undefined) return true;
      const isFurther = furthest === undefined || comparePlaces(furthest, named) < 0;
      if (isFurther) furthest = named;
      return isFurther;
    });
    this.#byReader.set(readerHex, telling.slice(-limits.readMarksKeptMax));
  }

  #furthestByReader(): ReadonlyMap<string, PlacedMessage> {
    if (this.#furthest !== undefined) return this.#furthest;
    const furthest = new Map<string, PlacedMessage>();
    for (const readerHex of this.#byReader.keys()) {
      const last = this.#counting(readerHex)
        .map(({ named }) => named)
        .sort(comparePlaces)
        .at(-1);
      if (last !== undefined) furthest.set(readerHex, last);
    }
    this.#furthest = furthest;
    return furthest;
  }

  #counting(
    readerHex: string,
  ): ReadonlyArray<{ readonly mark: Mark; readonly named: PlacedMessage }> {
    return (this.#byReader.get(readerHex) ?? []).flatMap((mark) => {
      const named = this.#message(mark.key);
      return named !== undefined && this.#input.isCounted(mark.place) ? [{ mark, named }] : [];
    });
  }

  #message(key: string): PlacedMessage | undefined {
    const item = this.#input.projection().byKey(key);
    return item?.type === 'message' ? item : undefined;
  }
}
