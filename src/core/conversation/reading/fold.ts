/**
 * What a conversation makes of its opened entries: messages and what was done to them, names,
 * notices, and the operations and seals they carry, which wait to be taken up (PROTOCOL §6). The order of arrival decides nothing
 * but what is announced.
 */
import { concatBytes, toHex } from '../../../base/bytes.ts';
import { hash } from '../../../crypto/hash.ts';
import type { Clock } from '../../../platform/port.ts';
import { decodeOp } from '../../../protocol/membership/ops.ts';
import { readControl, readOps } from '../../../protocol/payload.ts';
import { readProfile } from '../../../protocol/profile.ts';
import { decodeSeal, type Seal } from '../../../protocol/epochs/seal.ts';
import type { OpenedEntry } from '../../epochs/epoch.ts';
import type { Arrival } from '../../epochs/log-host.ts';
import { annotationOf, timerLineOf, type Written } from '../content/annotation.ts';
import { Annotations } from '../content/annotations.ts';
import { erasedOf, messageOf, withoutWords } from '../content/messages.ts';
import { logKeyOf } from './content-limits.ts';
import { Gaps } from './gaps.ts';
import {
  isAnnotation,
  isEdit,
  isMessage,
  isShown,
  worded,
  type Kept,
  type KeptLog,
  type NameGiven,
  type PlacedAnnotation,
} from './kept.ts';
import { Projection, type Place, type PlacedMessage, type ProjectedNotice } from './projection.ts';
import type { StandingRules } from './standing.ts';

export interface FoldInput {
  readonly ownHex: string;
  readonly clock: Pick<Clock, 'now'>;
  /** The last place of a log whose content counts. */
  readonly limitOf: (logKey: string) => number;
  readonly onSeal: (seal: Seal, deviceHex: string) => void;
  /** Somebody else's message came in while we watched. */
  readonly onArrived: (message: PlacedMessage) => void;
  readonly rules: StandingRules;
  /** Deleted on this device alone. */
  readonly isHidden: (key: string) => boolean;
  /** When a message came, as far as it is remembered; for what is folded once more. */
  readonly arrivedAtMs?: (key: string) => number | undefined;
}

/** An operation inside an entry, not verified yet. */
export interface CarriedOp {
  readonly bytes: Uint8Array;
  readonly entry: OpenedEntry;
  /** An operation counts whatever becomes of the entry; a notice does not come from a hidden one. */
  readonly isShown: boolean;
}

/** Of the greatest number that a depth may be. */
const depthDigits = String(Number.MAX_SAFE_INTEGER).length;

const noticed: ReadonlySet<string> = new Set([
  ...['create', 'add', 'join', 'role', 'remove', 'leave', 'policy', 'fork'],
]);

/** What these carry is taken from hidden entries as well. */
const carrying: ReadonlySet<string> = new Set(['control', 'ops', 'seal']);

const writtenIn = ({ body, hash, place }: OpenedEntry): Written => {
  const { type, mid, payload, sentAt, lamport } = body;
  return { type, mid, payload, sentAt, lamport, hash, place };
};

export class Fold {
  readonly projection: Projection;
  readonly annotations = new Annotations();
  readonly gaps = new Gaps();
  readonly #input: FoldInput;
  /** Names people gave themselves here, by identity in hex, with the lamport that decides. */
  readonly #names = new Map<string, NameGiven>();
  readonly #logs = new Map<string, KeptLog>();
  readonly #notices: ProjectedNotice[] = [];
  /** This person's messages by the log they lie in, each with its places in order. */
  readonly #ownPlaces = new Map<string, Place[]>();
  #carriedOps: CarriedOp[] = [];
  /** Counts what changed: the same number, the same to read. */
  version = 0;
  /** Some message here goes by itself, or went. */
  hasTimers = false;
  /** Deleted messages of which a copy may be here that was not told of. */
  readonly #dueRedactions = new Set<string>();

  constructor(input: FoldInput) {
    this.#input = input;
    this.projection = new Projection(input.isHidden);
  }

  /** This person. */
  get ownHex(): string {
    return this.#input.ownHex;
  }

  /** Somebody else has written here. */
  get isAnswered(): boolean {
    return this.projection.hasOthers(this.#input.ownHex);
  }

  /** Somebody else spoke last. */
  get isAnswerDue(): boolean {
    const last = this.projection.lastMessage();
    return last !== undefined && last.authorHex !== this.#input.ownHex;
  }

  /** Where this person's messages lie, log by log, each in its order. */
  ownPlaces(): ReadonlyArray<ReadonlyArray<Place>> {
    return [...this.#ownPlaces.values()];
  }

  /** [PJ1] Equal for equal entries, whatever came first. */
  digest(): Uint8Array {
    const parts = [this.projection.digest(), this.annotations.digest()];
    return hash('sotto1/fold', concatBytes(...parts));
  }

  nameOf(identityHex: string): string | undefined {
    return this.#names.get(identityHex)?.name;
  }

  take(entry: OpenedEntry, authorHex: string, arrival: Arrival): void {
    const { body } = entry;
    const isShown = this.#input.rules.standingOf(entry.place) === 'shown';
    if (isShown)
      this.gaps.note(entry, this.#input.rules); // an erased one names nothing
    else if (!carrying.has(body.type)) return;
    switch (body.type) {
      case 'text':
      case 'poll':
        this.#onMessage(entry, authorHex, arrival);
        return;
      case 'edit':
      case 'redact':
      case 'reaction':
      case 'vote':
      case 'pin':
      case 'settings':
        this.#onAnnotation(entry, authorHex);
        return;
      case 'profile':
        this.#onProfile(entry, authorHex);
        return;
      case 'control': {
        const op = readControl(body.payload);
        if (op !== undefined) this.#carriedOps.push({ bytes: op, entry, isShown });
        return;
      }
      case 'ops':
        for (const bytes of readOps(body.payload)?.ops ?? []) {
          this.#carriedOps.push({ bytes, entry, isShown });
        }
        return;
      case 'seal': {
        const seal = decodeSeal(body.payload);
        if (seal.ok) this.#input.onSeal(seal.value, toHex(entry.devSignPub));
        return;
      }
      default: // of a later version, or of no concern here: stored, not shown
    }
  }

  /** The operations that came since the last call. */
  takeCarriedOps(): ReadonlyArray<CarriedOp> {
    const carried = this.#carriedOps;
    this.#carriedOps = [];
    return carried;
  }

  /** [AN7] Where copies of deleted words lie, since the last call: messages, and their edits. */
  takeRedacted(): ReadonlyArray<Place> {
    if (this.#dueRedactions.size === 0) return [];
    const places = this.#placesWhere((key, kept) => {
      const isGone = isMessage(kept) && kept.isErased === true; // in an earlier run
      return !isGone && this.#dueRedactions.has(key);
    });
    this.#dueRedactions.clear();
    return places;
  }

  /** Membership acts show in the timeline, at the first entry that carried them. */
  notice({ bytes, entry: { body, hash }, isShown }: CarriedOp): void {
    const op = isShown ? decodeOp(bytes) : undefined;
    if (op?.ok !== true || !noticed.has(op.value.body.type)) return;
    const opKey = toHex(op.value.opId);
    // However many saw a device with two histories, it is said once.
    const { forkProof, depth } = op.value;
    // Many may come in one entry, as to somebody who joins: what was done first stands first.
    const actKey = `op/${String(depth).padStart(depthDigits, '0')}/${opKey}`;
    const notice: ProjectedNotice = {
      type: 'notice',
      key: forkProof === undefined ? actKey : `fork/${toHex(forkProof.forkId)}`,
      opKey,
      lamport: body.lamport,
      hash,
      sentAt: body.sentAt,
    };
    this.#notices.push(notice);
    this.projection.add(notice);
    this.version += 1;
  }

  /**
   * [CL4] Shows and hides by how far each log counts now. Nearly always nothing changes; where
   * something does, all of it is put together anew, since a hidden claim to a message may have stood
   * before another.
   */
  refresh(): void {
    let isChanged = false;
    for (const [key, log] of this.#logs) {
      const limit = this.#input.limitOf(key);
      if (limit === log.limit) continue;
      const [low, high] = limit < log.limit ? [limit, log.limit] : [log.limit, limit];
      isChanged ||= !log.isOwn && log.kept.some(({ place: { seq } }) => seq > low && seq <= high);
      log.limit = limit;
    }
    if (isChanged) this.#rebuild();
  }

  /**
   * [RG6] What is read where logs count so far only, and only what was written up to a lamport: what
   * became of messages later is not read either, but that their authors took them back.
   */
  until(lamportMax: number, limitOf: FoldInput['limitOf']): Fold {
    const past = new Fold({ ...this.#input, limitOf });
    past.#notices.push(...this.#notices.filter(({ lamport }) => lamport <= lamportMax));
    for (const [key, { kept }] of this.#logs) {
      const limit = limitOf(key);
      const counting = kept.filter((one) =>
        isAnnotation(one) && one.act.type === 'redact'
          ? one.place.seq <= this.#input.limitOf(key)
          : one.place.seq <= limit && one.lamport <= lamportMax,
      );
      // All of it counts already: nothing is left to be judged by the log.
      past.#logs.set(key, { kept: counting, isOwn: true, limit });
    }
    past.#rebuild();
    return past;
  }

  /** What is shown, from what is kept. */
  #rebuild(): void {
    this.version += 1;
    this.projection.clear();
    this.annotations.clear();
    this.#names.clear();
    for (const notice of this.#notices) this.projection.add(notice);
    for (const log of this.#logs.values()) {
      for (const kept of log.kept) if (isShown(kept, log)) this.#show(kept);
    }
  }

  /** [ER4] Of what was read at these places there is left that it was there. */
  erase(places: ReadonlyArray<Place>): void {
    const edits = places.filter((place) => this.#erase(place));
    if (edits.length > 0) this.#rebuild(); // what was said before them may hold again
  }

  /** True: an edit was there. */
  #erase({ epochHex, writerHex, seq }: Place): boolean {
    const kept = this.#logs.get(logKeyOf(epochHex, writerHex))?.kept ?? [];
    let hadEdit = false;
    for (let at = kept.length - 1; at >= 0; at--) {
      const one = kept[at];
      if (one?.place.seq !== seq) continue;
      if (isEdit(one)) {
        kept.splice(at, 1);
        hadEdit = true;
      } else if (isMessage(one) && one.isErased !== true) {
        const erased = withoutWords(one);
        kept[at] = erased;
        this.projection.replace(one, erased);
        // Should the disk fail before its edits are erased as well, they are still due.
        if (this.annotations.of(one.key).edits.length > 0) this.#dueRedactions.add(one.key);
        this.version += 1;
      }
    }
    return hadEdit;
  }

  messageAt({ epochHex, writerHex, seq }: Place): PlacedMessage | undefined {
    const log = this.#logs.get(logKeyOf(epochHex, writerHex));
    const kept = log?.kept.find(({ place }) => place.seq === seq);
    return kept !== undefined && isMessage(kept) ? kept : undefined;
  }

  /** Where the words of a message lie: each time it was written, and its edits. */
  placesOf(key: string): ReadonlyArray<Place> {
    return this.#placesWhere((one) => one === key);
  }

  #placesWhere(isMeant: (key: string, kept: Kept) => boolean): ReadonlyArray<Place> {
    const places: Place[] = [];
    for (const { kept } of this.#logs.values()) {
      for (const one of kept) {
        const key = worded(one);
        if (key !== undefined && isMeant(key, one)) places.push(one.place);
      }
    }
    return places;
  }

  /** True: it is shown, and new. */
  #keep(kept: Kept, isOwn: boolean): boolean {
    const key = logKeyOf(kept.place.epochHex, kept.place.writerHex);
    const limit = this.#input.limitOf(key);
    const log = this.#logs.get(key) ?? { kept: [], isOwn, limit };
    this.#logs.set(key, log);
    if (log.limit !== limit) this.refresh();
    log.kept.push(kept);
    return isShown(kept, log) && this.#show(kept);
  }

  #show(kept: Kept): boolean {
    this.version += 1;
    if (isMessage(kept)) return this.#showMessage(kept);
    if (isAnnotation(kept)) this.#annotate(kept);
    else {
      const before = this.#names.get(kept.identityHex);
      const isLater =
        !before || (before.lamport - kept.lamport || (before.name < kept.name ? -1 : 1)) < 0;
      if (isLater) this.#names.set(kept.identityHex, kept);
    }
    return false;
  }

  #showMessage(message: PlacedMessage): boolean {
    if (this.annotations.isRedacted(message.key)) this.#dueRedactions.add(message.key);
    this.hasTimers ||= message.payload.timerMs !== undefined;
    const isNew = this.projection.byKey(message.key) === undefined;
    this.projection.add(message);
    return isNew;
  }

  #annotate(annotation: PlacedAnnotation): void {
    const { targetKey } = annotation;
    this.annotations.add(annotation);
    const timerLine = timerLineOf(annotation);
    if (timerLine !== undefined) this.projection.add(timerLine);
    const about = this.projection.byKey(targetKey);
    const isErased = about?.type === 'message' && about.isErased === true;
    // Also an edit of what is erased: words that came after their time.
    if (this.annotations.isRedacted(targetKey) || isErased) this.#dueRedactions.add(targetKey);
  }

  #onMessage(entry: OpenedEntry, authorHex: string, arrival: Arrival): void {
    const { epoch, place } = entry;
    const written = writtenIn(entry);
    const read = entry.isErased ? erasedOf(written, authorHex) : messageOf(written, authorHex);
    if (read === undefined) return;
    const isOwn = authorHex === this.#input.ownHex;
    const arrivedAtMs = isOwn || epoch.isHistory ? undefined : this.#arrivedAtMs(read.key, arrival);
    const message: PlacedMessage = { ...read, place, arrivedAtMs };
    if (isOwn) this.#noteOwn(place);
    // What was said before one came is neither news nor late.
    const isNews = !isOwn && !epoch.isHistory;
    const isNew = this.#keep(message, isOwn);
    if (isNew && isNews && arrival === 'live') this.#input.onArrived(message);
  }

  #onAnnotation(entry: OpenedEntry, authorHex: string): void {
    const annotation = annotationOf(writtenIn(entry), authorHex);
    const isOwn = authorHex === this.#input.ownHex;
    if (annotation !== undefined) this.#keep({ ...annotation, place: entry.place }, isOwn);
  }

  #noteOwn(place: Place): void {
    const log = logKeyOf(place.epochHex, place.writerHex);
    const places = this.#ownPlaces.get(log);
    if (places === undefined) this.#ownPlaces.set(log, [place]);
    // Of what comes from disk the newest comes first.
    else places.splice(places.findLastIndex(({ seq }) => seq < place.seq) + 1, 0, place);
  }

  #arrivedAtMs(key: string, arrival: Arrival): number | undefined {
    return arrival === 'disk' ? this.#input.arrivedAtMs?.(key) : this.#input.clock.now();
  }

  #onProfile(entry: OpenedEntry, identityHex: string): void {
    const profile = readProfile(entry.body.payload);
    if (profile === undefined) return;
    const { place, body } = entry;
    const given = { place, identityHex, name: profile.name, lamport: body.lamport };
    this.#keep(given, identityHex === this.#input.ownHex);
  }
}
