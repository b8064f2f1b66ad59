/**
 * Somebody with everything that is left: all records of a device under its storage key, every
 * envelope there ever was, and what any member knows. Whatever follows from any of it, in whatever
 * role, is tried, again and again until nothing new comes of it (attack 24).
 */
import { equalBytes, toHex } from '../../src/base/bytes.ts';
import { readAddressedPart } from '../../src/core/invites/invite-entries.ts';
import { hkdf } from '../../src/crypto/kdf.ts';
import { decodeBody } from '../../src/protocol/body.ts';
import type { CborValue } from '../../src/protocol/cbor.ts';
import { entryHash, type Envelope } from '../../src/protocol/envelope.ts';
import { openEnvelope } from '../../src/protocol/envelope-box.ts';
import { chainKey, ratchet } from '../../src/protocol/epochs/epoch-keys.ts';
import type { PrekeySecret } from '../../src/protocol/epochs/prekey.ts';
import { decodeSeal, openSealBox, type Seal } from '../../src/protocol/epochs/seal.ts';
import { decodeInviteLink, historySeedOf } from '../../src/protocol/invites/invite.ts';
import {
  decodeWelcome,
  joinWelcomes,
  type WelcomePart,
} from '../../src/protocol/invites/welcome.ts';
import { limits } from '../../src/protocol/limits.ts';
import { readText } from '../../src/protocol/content-payloads.ts';
import { createNodeBackend } from '../../src/crypto/node-crypto.node.ts';
import { fieldOf } from './opened-disk.ts';

export interface Known {
  /** Epochs, and the rooms of invites, that any member knows of. */
  readonly epochs: ReadonlyArray<{ readonly id: Uint8Array; readonly secretHash: Uint8Array }>;
  readonly devices: ReadonlyArray<Uint8Array>;
  /** Told to all members: what opens the rooms. */
  readonly told: ReadonlyArray<Uint8Array>;
}

const partsOf = (value: CborValue): ReadonlyArray<CborValue> => {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return [value];
  const inner: ReadonlyArray<CborValue> = Array.isArray(value) ? value : Object.values(value);
  return [value, ...inner.flatMap(partsOf)];
};

/** Every 32 bytes that stand together, also in a row of such. */
const keysIn = (values: ReadonlyArray<CborValue>): ReadonlyArray<Uint8Array> =>
  values.flatMap(partsOf).flatMap((part) => {
    if (typeof part === 'string') {
      const link = decodeInviteLink(part);
      return link.ok ? [link.value.secret, historySeedOf(link.value.secret)] : [];
    }
    if (!(part instanceof Uint8Array) || part.length % 32 !== 0) return [];
    return Array.from({ length: part.length / 32 }, (_, at) => part.slice(at * 32, at * 32 + 32));
  });

const prekeysIn = (
  values: ReadonlyArray<CborValue>,
): ReadonlyArray<{ readonly secret: PrekeySecret; readonly bundle: Uint8Array }> =>
  values.flatMap(partsOf).flatMap((part) => {
    const [x25519Seed, kemSeed, bundle] = ['x25519Seed', 'kemSeed', 'bundle'].map((name) =>
      fieldOf(part, name),
    );
    return x25519Seed && kemSeed && bundle ? [{ secret: { x25519Seed, kemSeed }, bundle }] : [];
  });

export class Attacker {
  readonly #records: ReadonlyArray<CborValue>;
  readonly #known: Known;
  readonly #envelopes: ReadonlyArray<Envelope>;
  readonly #backend = createNodeBackend();
  readonly #keys = new Map<string, Uint8Array>();
  readonly #tried = new Set<string>();
  readonly #opened = new Map<string, Uint8Array>();
  readonly #seals = new Map<string, Seal>();

  constructor(records: ReadonlyArray<CborValue>, envelopes: ReadonlyArray<Envelope>, known: Known) {
    this.#records = records;
    this.#known = known;
    this.#envelopes = [...new Map(envelopes.map((e) => [toHex(entryHash(e)), e])).values()];
    this.#add([...keysIn(records), ...known.told]);
  }

  /** The texts of all messages that open in the end. */
  async read(): Promise<ReadonlySet<string>> {
    for (let before = -1; before < this.#keys.size;) {
      before = this.#keys.size;
      for (const [hex, key] of this.#keys) {
        if (this.#tried.has(hex)) continue;
        this.#tried.add(hex);
        this.#tryAsSecret(key);
        this.#tryAsChain(key);
        for (const envelope of this.#envelopes) this.#open(envelope, key);
      }
      this.#collectSeals();
      await this.#openBoxes();
    }
    const texts = [...this.#opened.values()].flatMap((bytes) => {
      const body = decodeBody(bytes);
      return body.ok ? (readText(body.value.payload)?.text ?? []) : [];
    });
    return new Set(texts);
  }

  #add(keys: ReadonlyArray<Uint8Array>): void {
    for (const key of keys) this.#keys.set(toHex(key), key);
  }

  #open(envelope: Envelope, messageKey: Uint8Array): boolean {
    const opened = openEnvelope(envelope, messageKey);
    if (opened.ok) this.#opened.set(toHex(entryHash(envelope)), opened.value);
    return opened.ok;
  }

  /** Of any epoch: it is one if a bind opens. */
  #tryAsSecret(secret: Uint8Array): void {
    const binds = this.#envelopes.filter(({ seq }) => seq === 0);
    for (const { id: epochId } of this.#known.epochs) {
      const bindKey = hkdf({ salt: epochId, ikm: secret, info: 'sotto1/bind' });
      if (!binds.some((envelope) => this.#open(envelope, bindKey))) continue;
      for (const devSignPub of this.#known.devices) {
        for (let incarnation = 0; incarnation < limits.incarnationsMax; incarnation++) {
          this.#add([chainKey({ epochId, secret, devSignPub, incarnation })]);
        }
      }
    }
  }

  /** From any place of any log. */
  #tryAsChain(start: Uint8Array): void {
    const seqMax = Math.max(...this.#envelopes.map(({ seq }) => seq));
    for (let from = 1; from <= seqMax; from++) {
      let chain = start;
      for (let seq = from; seq <= seqMax; seq++) {
        const step = ratchet(chain, seq);
        const here = this.#envelopes.filter((envelope) => envelope.seq === seq);
        for (const envelope of here) this.#open(envelope, step.messageKey);
        chain = step.next;
      }
    }
  }

  #collectSeals(): void {
    const parts: WelcomePart[] = [];
    const seals: Seal[] = [];
    for (const bytes of this.#opened.values()) {
      const body = decodeBody(bytes);
      if (!body.ok) continue;
      const seal = decodeSeal(body.value.payload);
      if (seal.ok) seals.push(seal.value);
      const part = readAddressedPart(body.value.payload);
      if (part !== undefined) parts.push(part.part);
    }
    for (const bytes of joinWelcomes(parts)) {
      const welcome = decodeWelcome(bytes);
      if (welcome.ok) seals.push(...welcome.value.seals, ...welcome.value.olderSeals);
    }
    for (const seal of seals) {
      this.#seals.set(toHex(seal.epochId) + toHex(seal.ephemeralPub) + String(seal.first), seal);
    }
  }

  async #openBoxes(): Promise<void> {
    const prekeys = prekeysIn(this.#records);
    const inboxes = this.#records
      .flatMap(partsOf)
      .flatMap((part) => fieldOf(part, 'inboxSeed') ?? []);
    for (const { epochId, ephemeralPub, boxes } of this.#seals.values()) {
      const epoch = this.#known.epochs.find(({ id }) => equalBytes(id, epochId));
      if (epoch === undefined) continue;
      for (const box of boxes) {
        for (const inboxSeed of inboxes) {
          const { secretHash } = epoch;
          const input = { epochId, secretHash, ephemeralPub, box, prekeys, inboxSeed };
          const opened = await openSealBox(this.#backend, input);
          if (opened.ok) this.#add([opened.value]);
        }
      }
    }
  }
}
