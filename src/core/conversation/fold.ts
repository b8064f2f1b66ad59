/**
 * What a conversation makes of its opened entries: messages, names, notices, and the operations and
 * seals they carry, which wait to be taken up (PROTOCOL §6). The order of arrival decides nothing
 * but what is announced.
 */
import { toHex } from '../../base/bytes.ts';
import type { Clock } from '../../platform/port.ts';
import { decodeOp } from '../../protocol/membership/ops.ts';
import { readControl, readName, readOps, readText } from '../../protocol/payload.ts';
import { decodeSeal, type Seal } from '../../protocol/epochs/seal.ts';
import type { OpenedEntry } from '../epochs/epoch.ts';
import type { Arrival } from '../epochs/epoch-logs.ts';
import { Gaps } from './gaps.ts';
import { messageKey, Projection, type Place, type ProjectedMessage } from './projection.ts';
import type { StandingRules } from './standing.ts';

export interface FoldInput {
  readonly ownHex: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly onSeal: (seal: Seal, deviceHex: string) => void;
  /** Somebody else's message came in while we watched. */
  readonly onArrived: (message: ProjectedMessage) => void;
  readonly rules: StandingRules;
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

const noticed: ReadonlySet<string> = new Set(['create', 'add', 'join', 'fork']);

/** What these carry is taken from hidden entries as well. */
const carrying: ReadonlySet<string> = new Set(['control', 'ops', 'seal']);

const placeOf = ({ epoch, writerPub, seq }: OpenedEntry): Place => ({
  epochHex: epoch.idHex,
  writerHex: toHex(writerPub),
  seq,
});

export class Fold {
  readonly projection = new Projection();
  readonly gaps = new Gaps();
  readonly #input: FoldInput;
  /** Names people gave themselves here, by identity in hex, with the lamport that decides. */
  readonly #names = new Map<string, { readonly name: string; readonly lamport: number }>();
  /** This person's messages by the log they lie in, each with its places in order. */
  readonly #ownPlaces = new Map<string, Place[]>();
  #carriedOps: CarriedOp[] = [];
  #othersCount = 0;

  constructor(input: FoldInput) {
    this.#input = input;
  }

  /** Other people's messages. */
  get othersCount(): number {
    return this.#othersCount;
  }

  /** Where this person's messages lie, log by log, each in its order. */
  ownPlaces(): ReadonlyArray<ReadonlyArray<Place>> {
    return [...this.#ownPlaces.values()];
  }

  nameOf(identityHex: string): string | undefined {
    return this.#names.get(identityHex)?.name;
  }

  take(entry: OpenedEntry, authorHex: string, arrival: Arrival): void {
    const { body } = entry;
    const isShown = this.#input.rules.standingOf(placeOf(entry)) === 'shown';
    if (isShown) this.gaps.note(entry, this.#input.rules);
    else if (!carrying.has(body.type)) return;
    switch (body.type) {
      case 'text':
        this.#onText(entry, authorHex, arrival);
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

  /** Membership acts show in the timeline, at the first entry that carried them. */
  notice({ bytes, entry: { body, hash }, isShown }: CarriedOp): void {
    const op = isShown ? decodeOp(bytes) : undefined;
    if (op?.ok !== true || !noticed.has(op.value.body.type)) return;
    const opKey = toHex(op.value.opId);
    // However many saw a device with two histories, it is said once.
    const { forkProof } = op.value;
    this.projection.add({
      type: 'notice',
      key: forkProof === undefined ? `op/${opKey}` : `fork/${toHex(forkProof.forkId)}`,
      opKey,
      lamport: body.lamport,
      hash,
      sentAt: body.sentAt,
    });
  }

  #onText(entry: OpenedEntry, authorHex: string, arrival: Arrival): void {
    const { body, epoch, hash } = entry;
    const payload = readText(body.payload);
    if (payload === undefined) return;
    const key = messageKey(authorHex, body.mid);
    const isOwn = authorHex === this.#input.ownHex;
    const isNew = this.projection.byKey(key) === undefined;
    const place = placeOf(entry);
    const message: ProjectedMessage = {
      type: 'message',
      key,
      authorHex,
      mid: body.mid,
      text: payload.text,
      sentAt: body.sentAt,
      lamport: body.lamport,
      hash,
      place,
      arrivedAtMs: isOwn || epoch.isHistory ? undefined : this.#arrivedAtMs(key, arrival),
    };
    this.projection.add(message);
    if (isOwn) {
      const log = `${place.epochHex}/${place.writerHex}`;
      const places = this.#ownPlaces.get(log);
      if (places === undefined) this.#ownPlaces.set(log, [place]);
      else places.push(place);
    }
    // What was said before one came is neither news nor late.
    if (isOwn || !isNew || epoch.isHistory) return;
    this.#othersCount += 1;
    if (arrival === 'live') this.#input.onArrived(message);
  }

  #arrivedAtMs(key: string, arrival: Arrival): number | undefined {
    return arrival === 'disk' ? this.#input.arrivedAtMs?.(key) : this.#input.clock.now();
  }

  #onProfile({ body }: OpenedEntry, identityHex: string): void {
    const profile = readName(body.payload);
    const known = this.#names.get(identityHex);
    if (profile === undefined || (known && known.lamport > body.lamport)) return;
    this.#names.set(identityHex, { name: profile.name, lamport: body.lamport });
  }
}
