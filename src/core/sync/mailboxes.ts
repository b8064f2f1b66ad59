/**
 * The mailboxes of every relay at hand (PROTOCOL §7): what members left there while we were away is
 * fetched, and what this device holds and they lack is left there for who is away now. A scope hears
 * whether one of them has told all it knows, and what is parked.
 */
import type { NetworkEvent, RelayAddress } from '../../network/port.ts';
import type { CoreDeps } from '../deps.ts';
import type { Epoch } from '../epochs/epoch.ts';
import type { Scope } from '../scope.ts';
import { relayIdOf } from './relays.ts';
import { RelayMailboxes } from './relay-mailboxes.ts';

interface Reached {
  readonly relay: RelayAddress;
  readonly mailboxes: RelayMailboxes;
}

export class Mailboxes {
  readonly #deps: CoreDeps;
  readonly #scopes: () => ReadonlyArray<Scope>;
  readonly #ownDevice: Uint8Array;
  readonly #reachedById = new Map<string, Reached>();

  constructor(deps: CoreDeps, scopes: () => ReadonlyArray<Scope>, ownDevice: Uint8Array) {
    this.#deps = deps;
    this.#scopes = scopes;
    this.#ownDevice = ownDevice;
  }

  /** At hand. */
  get relays(): ReadonlyArray<RelayAddress> {
    return [...this.#reachedById.values()].map(({ relay }) => relay);
  }

  relayChanged({ relay, state }: Extract<NetworkEvent, { type: 'RelayChanged' }>): void {
    const id = relayIdOf(relay); // two addresses of one relay lead to the same mailboxes
    const reached = this.#reachedById.get(id);
    if (state === 'up' && reached === undefined) {
      const mailboxes = new RelayMailboxes(this.#deps, {
        relay,
        ownDevice: this.#ownDevice,
        scopes: this.#scopes,
        onProgress: (scope) => {
          this.#tell([scope]);
        },
      });
      this.#reachedById.set(id, { relay, mailboxes });
    }
    if (state === 'up' || reached?.relay !== relay) return;
    reached.mailboxes.close();
    this.#reachedById.delete(id);
    this.#tell();
  }

  /** Something was added to an epoch here. What others wrote they leave there themselves, mostly. */
  changed(epoch: Epoch, cause: 'own' | 'received'): void {
    for (const { mailboxes } of this.#reachedById.values()) mailboxes.changed(epoch, cause);
  }

  /** Epochs or scopes came or went. */
  offersChanged(): void {
    this.#tell();
    for (const { mailboxes } of this.#reachedById.values()) mailboxes.pollSoon();
  }

  close(): void {
    for (const { mailboxes } of this.#reachedById.values()) mailboxes.close();
    this.#reachedById.clear();
  }

  #tell(scopes: ReadonlyArray<Scope> = this.#scopes()): void {
    const all = [...this.#reachedById.values()];
    for (const scope of scopes) {
      scope.onMailbox(all.some(({ mailboxes }) => mailboxes.isCaughtUp(scope)));
    }
  }
}
