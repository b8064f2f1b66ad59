/** The newest prekey of each device of a conversation, from binds and operations (PROTOCOL §2). */
import { toHex } from '../../base/bytes.ts';
import type { CryptoBackend } from '../../crypto/backend.ts';
import { decodePrekey, verifyPrekey } from '../../protocol/epochs/prekey.ts';
import type { MembershipState } from '../conversation/membership/membership-state.ts';

export class Bundles {
  readonly #membership: MembershipState;
  readonly #newest = new Map<
    string,
    { readonly bundle: Uint8Array; readonly createdAtMs: number }
  >();

  constructor(membership: MembershipState) {
    this.#membership = membership;
  }

  /** As the device itself published it: in a bind, which it signed. */
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

  /** As somebody else says: taken only with the device's signature, so that nobody can spoil it. */
  async hear(backend: CryptoBackend, devSignPub: Uint8Array, bundle: Uint8Array): Promise<void> {
    if (await isSigned(backend, devSignPub, bundle)) this.note(devSignPub, bundle);
  }

  /** The newest one whose signature holds. */
  async verified(backend: CryptoBackend, devSignPub: Uint8Array): Promise<Uint8Array | undefined> {
    const deviceHex = toHex(devSignPub);
    const fromOps = this.#membership.view.bundles.get(deviceHex);
    if (fromOps !== undefined) await this.hear(backend, devSignPub, fromOps);
    const bundle = this.#newest.get(deviceHex)?.bundle;
    return bundle && (await isSigned(backend, devSignPub, bundle)) ? bundle : undefined;
  }
}

const isSigned = async (
  backend: CryptoBackend,
  devSignPub: Uint8Array,
  bundle: Uint8Array,
): Promise<boolean> => {
  const prekey = decodePrekey(bundle);
  return prekey.ok && (await verifyPrekey(backend, prekey.value, devSignPub));
};
