/**
 * The welcome of somebody who was let in by a yes: in the invite's room, where everybody who has the
 * link reads, sealed to the prekeys of their request (PROTOCOL §4). A secret of its own goes into one
 * box for each of their devices, the parts are sealed under it.
 */
import { equalBytes } from '../../base/bytes.ts';
import { bytesOf, bytesUpTo, recordOf, type CborValue } from '../../protocol/cbor.ts';
import { secretHash } from '../../protocol/epochs/epoch-keys.ts';
import {
  encodeSeal,
  openSealBox,
  readSeal,
  sealSecret,
  type SealRecipient,
} from '../../protocol/epochs/seal.ts';
import { openPart, partBoxBytesMax, sealPart } from '../../protocol/invites/sealed-part.ts';
import type { WelcomePart } from '../../protocol/invites/welcome.ts';
import { limits } from '../../protocol/limits.ts';
import type { LogDeps } from '../epochs/epoch-logs.ts';
import type { OwnPrekeys } from '../epochs/prekeys.ts';

export const sealedWelcomeEntry = { key: 'welcome-key', part: 'welcome-part' } as const;

const use = 'sotto1/inv-welcome';

/** [WE6] Total, both; `to` is the device that asked. */
export const readWelcomeKey = recordOf({
  to: bytesOf(32),
  secretHash: bytesOf(32),
  seal: readSeal,
});
type WelcomeKey = NonNullable<ReturnType<typeof readWelcomeKey>>;

const readBox = recordOf({ to: bytesOf(32), box: bytesUpTo(partBoxBytesMax) });

interface SealedWelcomeInput {
  readonly inviteId: Uint8Array;
  /** Each by the device that asked, with all of theirs. */
  readonly to: ReadonlyArray<{
    readonly device: Uint8Array;
    readonly recipients: ReadonlyArray<SealRecipient>;
  }>;
  readonly parts: ReadonlyArray<WelcomePart>;
}

/** The entries for the room. [WE7] Parts for several name the hash of their secret, as the keys do. */
export const sealWelcome = async (
  { backend, random }: LogDeps['core'],
  { inviteId: id, to: addressees, parts }: SealedWelcomeInput,
): Promise<ReadonlyArray<{ readonly type: string; readonly payload: CborValue }>> => {
  const secret = random.bytes(32);
  const promised = secretHash(secret);
  const keys: { readonly type: string; readonly payload: CborValue }[] = [];
  for (const { device, recipients } of addressees) {
    const input = { epochId: id, secret, recipients, isHybrid: true };
    for (const seal of await sealSecret(backend, random, input)) {
      const payload = { to: device, secretHash: promised, seal: encodeSeal(seal) };
      keys.push({ type: sealedWelcomeEntry.key, payload });
    }
  }
  const [first, ...others] = addressees;
  const to = first !== undefined && others.length === 0 ? first.device : promised;
  return [
    ...keys,
    ...parts.map((part) => ({
      type: sealedWelcomeEntry.part,
      payload: { to, box: sealPart({ id, secret, use }, random.bytes(24), part) },
    })),
  ];
};

/** Collects what is for this device; bounded, since anybody with the link can write there. */
export class SealedWelcomes {
  readonly #deps: LogDeps;
  readonly #inviteId: Uint8Array;
  readonly #prekeys: OwnPrekeys;
  readonly #keys: WelcomeKey[] = [];
  readonly #boxes: Uint8Array[] = [];

  constructor(deps: LogDeps, inviteId: Uint8Array, prekeys: OwnPrekeys) {
    this.#deps = deps;
    this.#inviteId = inviteId;
    this.#prekeys = prekeys;
  }

  noteKey(payload: CborValue): void {
    const key = readWelcomeKey(payload);
    const isForUs = key && equalBytes(key.to, this.#deps.me.device.publicKey);
    if (isForUs && this.#keys.length < limits.sealsPerEpochMax) this.#keys.push(key);
  }

  notePart(payload: CborValue): void {
    const part = readBox(payload);
    if (part === undefined) return;
    // Keys come before the parts: they lie in one log.
    const names = [this.#deps.me.device.publicKey, ...this.#keys.map((key) => key.secretHash)];
    const isForUs = names.some((name) => equalBytes(part.to, name));
    if (isForUs && this.#boxes.length < limits.welcomePartsKeptMax) this.#boxes.push(part.box);
  }

  /** The parts of all that came, as far as they open. */
  async parts(): Promise<ReadonlyArray<WelcomePart>> {
    const parts: WelcomePart[] = [];
    for (const key of this.#keys) {
      const secret = await this.#open(key);
      if (secret === undefined) continue;
      const of = { id: this.#inviteId, secret, use } as const;
      parts.push(...this.#boxes.flatMap((box) => openPart(of, box) ?? []));
    }
    return parts;
  }

  async #open({ seal, secretHash: promised }: WelcomeKey) {
    for (const box of seal.boxes) {
      const opened = await openSealBox(this.#deps.core.backend, {
        epochId: this.#inviteId,
        secretHash: promised,
        ephemeralPub: seal.ephemeralPub,
        box,
        prekeys: this.#prekeys.all(),
        inboxSeed: this.#deps.me.inboxSeed,
      });
      if (opened.ok) return opened.value;
    }
    return undefined;
  }
}
