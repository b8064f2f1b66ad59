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
import { messageKey, Projection, type ProjectedMessage } from './projection.ts';

export interface FoldInput {
  readonly ownHex: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly onSeal: (seal: Seal, deviceHex: string) => void;
  /** Somebody else's message came in while we watched. */
  readonly onArrived: (message: ProjectedMessage) => void;
}

/** An operation inside an entry, not verified yet. */
export interface CarriedOp {
  readonly bytes: Uint8Array;
  readonly entry: OpenedEntry;
}

const noticed: ReadonlySet<string> = new Set(['create', 'add', 'join']);

export class Fold {
  readonly projection = new Projection();
  readonly #input: FoldInput;
  /** Names people gave themselves here, by identity in hex, with the lamport that decides. */
  readonly #names = new Map<string, { readonly name: string; readonly lamport: number }>();
  #carriedOps: CarriedOp[] = [];
  #othersCount = 0;

  constructor(input: FoldInput) {
    this.#input = input;
  }

  /** Other people's messages. */
  get othersCount(): number {
    return this.#othersCount;
  }

  nameOf(identityHex: string): string | undefined {
    return this.#names.get(identityHex)?.name;
  }

  take(entry: OpenedEntry, authorHex: string, arrival: Arrival): void {
    const { body } = entry;
    switch (body.type) {
      case 'text':
        this.#onText(entry, authorHex, arrival);
        return;
      case 'profile':
        this.#onProfile(entry, authorHex);
        return;
      case 'control': {
        const op = readControl(body.payload);
        if (op !== undefined) this.#carriedOps.push({ bytes: op, entry });
        return;
      }
      case 'ops':
        for (const bytes of readOps(body.payload)?.ops ?? []) {
          this.#carriedOps.push({ bytes, entry });
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
  notice({ bytes, entry: { body, hash } }: CarriedOp): void {
    const op = decodeOp(bytes);
    if (!op.ok || !noticed.has(op.value.body.type)) return;
    const opKey = toHex(op.value.opId);
    this.projection.add({
      type: 'notice',
      key: `op/${opKey}`,
      opKey,
      lamport: body.lamport,
      hash,
      sentAt: body.sentAt,
    });
  }

  #onText(
    { body, epoch, writerPub, seq, hash }: OpenedEntry,
    authorHex: string,
    arrival: Arrival,
  ): void {
    const payload = readText(body.payload);
    if (payload === undefined) return;
    const key = messageKey(authorHex, body.mid);
    const isOwn = authorHex === this.#input.ownHex;
    const isNew = this.projection.byKey(key) === undefined;
    const message: ProjectedMessage = {
      type: 'message',
      key,
      authorHex,
      mid: body.mid,
      text: payload.text,
      sentAt: body.sentAt,
      lamport: body.lamport,
      hash,
      place: { epochHex: epoch.idHex, writerHex: toHex(writerPub), seq },
      arrivedAtMs:
        isOwn || epoch.isHistory || arrival === 'disk' ? undefined : this.#input.clock.now(),
    };
    this.projection.add(message);
    // What was said before one came is neither news nor late.
    if (isOwn || !isNew || epoch.isHistory) return;
    this.#othersCount += 1;
    if (arrival === 'live') this.#input.onArrived(message);
  }

  #onProfile({ body }: OpenedEntry, identityHex: string): void {
    const profile = readName(body.payload);
    const known = this.#names.get(identityHex);
    if (profile === undefined || (known && known.lamport > body.lamport)) return;
    this.#names.set(identityHex, { name: profile.name, lamport: body.lamport });
  }
}
