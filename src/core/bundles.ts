/** The newest prekey of each device of a conversation, from binds and operations (PROTOCOL §2). */
import { toHex } from '../base/bytes.ts';
import type { CryptoBackend } from '../crypto/backend.ts';
import { decodePrekey, verifyPrekey } from '../protocol/prekey.ts';
import type { MembershipState } from './membership-state.ts';

export class Bundles {
  readonly #membership: MembershipState;
  readonly #newest = new Map<
    string,
    { readonly bundle: Uint8Array; readonly createdAtMs: number }
  >();

  constructor(membership: MembershipState) {
    this.#membership = membership;
  }

  note(devSignPub: Uint8Array, bundle: Uint8Array): void {
    const prekey = decodePrekey(bundle);
    if (!prekey.ok) return;
    const deviceHex = toHex(devSignPub);
    const { createdAtMs } = prekey.value;
    const known = this.#newest.get(deviceHex);
    if (known === undefined || known.createdAtMs < createdAtMs) {
      this.#newest.set(deviceHex, { bundle, createdAtMs });
    }
  }

  /** As published; its signature is checked where it is used. */
  of(devSignPub: Uint8Array): Uint8Array | undefined {
    const deviceHex = toHex(devSignPub);
    const fromOps = this.#membership.view.bundles.get(deviceHex);
    if (fromOps !== undefined) this.note(devSignPub, fromOps);
    return this.#newest.get(deviceHex)?.bundle;
  }

  /** The same, if its signature holds. */
  async verified(backend: CryptoBackend, devSignPub: Uint8Array): Promise<Uint8Array | undefined> {
    const bundle = this.of(devSignPub);
    const prekey = bundle && decodePrekey(bundle);
    if (!prekey?.ok) return undefined;
    return (await verifyPrekey(backend, prekey.value, devSignPub)) ? bundle : undefined;
  }
}
