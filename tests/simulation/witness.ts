/**
 * Watches every entry that devices send, delivered or not. A history can look well on every screen
 * and still have given away what one key and one nonce sealed twice, or two entries at one place of
 * a log: replicas that saw only one of them each would never find out.
 */
import { equalBytes, toHex } from '../../src/base/bytes.ts';
import { decodeEnvelope } from '../../src/protocol/envelope.ts';
import { limits } from '../../src/protocol/limits.ts';
import { decodeMailboxRequest } from '../../src/protocol/mailbox-frames.ts';
import { decodeSyncFrame, encodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import { inspect } from '../../src/replication/inspect.ts';

const violationsMax = 20;
const none = new Uint8Array(0);
/** How every frame with entries begins; only these are worth decoding. */
const updateStart = encodeSyncFrame({ t: 'update', update: none }).slice(0, -1);

export class Witness {
  readonly violations: string[] = [];
  readonly #entryAt = new Map<string, Uint8Array>();
  readonly #placeOfNonce = new Map<string, string>();
  /** Who lies on purpose, and the writers of theirs in hex: what they send of themselves proves nothing. */
  readonly liars = new Set<string>();
  readonly liarsWriters = new Set<string>();
  entryCount = 0;

  /** What goes over a link. */
  linkFrame(frame: Uint8Array, from: string): void {
    if (this.liars.has(from)) return;
    if (!equalBytes(frame.subarray(0, updateStart.length), updateStart)) return;
    const decoded = decodeSyncFrame(frame);
    if (decoded.ok && decoded.value.t === 'update') this.#update(decoded.value.update);
  }

  /** What is left in a mailbox. */
  mailboxFrame(request: Uint8Array): void {
    const decoded = decodeMailboxRequest(request);
    if (decoded.ok && decoded.value.t === 'put') this.#update(decoded.value.update);
  }

  #update(update: Uint8Array): void {
    const runs = inspect(update, { bytesMax: limits.syncFrameBytesMax });
    if (!runs.ok) return; // whoever lies sends that as well
    for (const { envelopes } of runs.value) for (const { bytes } of envelopes) this.entry(bytes);
  }

  /** One entry: gossip is nothing else. */
  entry(bytes: Uint8Array): void {
    const envelope = decodeEnvelope(bytes);
    if (!envelope.ok) return;
    const { writerPub, seq, nonce } = envelope.value;
    if (this.liarsWriters.has(toHex(writerPub))) return;
    const place = `${toHex(writerPub)}/${String(seq)}`;
    const known = this.#entryAt.get(place);
    if (known !== undefined) {
      if (!equalBytes(known, bytes)) this.#report(`I3 two entries are sent for ${place}`);
      return;
    }
    this.entryCount += 1;
    this.#entryAt.set(place, envelope.value.bytes);
    const nonceHex = toHex(nonce);
    const other = this.#placeOfNonce.get(nonceHex);
    if (other !== undefined) this.#report(`I6 one nonce is used for ${other} and ${place}`);
    this.#placeOfNonce.set(nonceHex, place);
  }

  #report(violation: string): void {
    if (this.violations.length < violationsMax) this.violations.push(violation);
  }
}
