/** The relays this device keeps: of the page's own origin, added by the person, learnt from invites. */
import { ok, type Result } from '../../base/result.ts';
import type { NetworkEvent, RelayAddress, RelayState } from '../../network/port.ts';
import { arrayUpTo, recordOf, textUpTo } from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import type { StorageFailure } from '../../storage/port.ts';
import type { RelayView } from '../api.ts';
import { isRelayAddress } from '../checks.ts';
import type { CoreDeps } from '../deps.ts';
import type { Vault } from '../vault/vault.ts';

const addresses = arrayUpTo(limits.relaysMax, textUpTo(limits.relayAddressBytesMax));
const readRelays = recordOf({ added: addresses, learnt: addresses });

/** Its peer id: one relay may have several addresses. */
export const relayIdOf = (relay: RelayAddress): string => relay.slice(relay.lastIndexOf('/p2p/'));

interface Status {
  readonly state: RelayState;
  readonly retryMs: number | undefined;
}

export class Relays {
  readonly #deps: CoreDeps;
  #vault: Vault | undefined;
  #isApplied = false;
  #own: ReadonlyArray<string>;
  #added: ReadonlyArray<string> = [];
  #learnt: ReadonlyArray<string> = [];
  readonly #status = new Map<string, Status>();

  constructor(deps: CoreDeps) {
    this.#deps = deps;
    this.#own = deps.config.ownRelays;
  }

  async load(vault: Vault): Promise<void> {
    this.#vault = vault;
    const stored = await vault.read(['relays']);
    const relays = stored.ok ? readRelays(stored.value ?? null) : undefined;
    this.#added = relays?.added ?? [];
    this.#learnt = relays?.learnt ?? [];
    this.apply();
  }

  /** Own first, then added, then learnt; each once. */
  all(): ReadonlyArray<string> {
    return [...new Set([...this.#own, ...this.#added, ...this.#learnt])].slice(0, limits.relaysMax);
  }

  /**
   * [IV3] For a link or a welcome, which have room for few: those that answer before those that do
   * not, and one address of each relay before a second of any.
   */
  forOthers(): ReadonlyArray<string> {
    const all = this.all();
    const isUp = (relay: string): boolean => this.#status.get(relay)?.state === 'up';
    const byState = [...all.filter(isUp), ...all.filter((relay) => !isUp(relay))];
    const ids = byState.map(relayIdOf);
    const isFirst = (_relay: string, at: number): boolean => ids.indexOf(ids[at] ?? '') === at;
    const firsts = byState.filter(isFirst);
    const chosen = new Set([...firsts, ...byState].slice(0, limits.relaysPerInviteMax));
    return all.filter((relay) => chosen.has(relay));
  }

  apply(): void {
    this.#isApplied = true;
    this.#deps.network.setRelays(this.all());
  }

  setOwn(own: ReadonlyArray<string>): void {
    this.#own = own;
    if (this.#isApplied) this.apply();
  }

  /** What the person added, as a whole. */
  async setAdded(added: ReadonlyArray<string>): Promise<Result<undefined, StorageFailure>> {
    this.#added = added;
    return this.#save();
  }

  /** From an invite or a welcome: without them its people cannot be met. */
  async learn(relays: ReadonlyArray<string>): Promise<Result<undefined, StorageFailure>> {
    const known = new Set(this.all());
    // What does not fit in our own invites, or is no address, would only be in the way.
    const fresh = relays.filter((relay) => isRelayAddress(relay) && !known.has(relay));
    if (fresh.length === 0) return ok(undefined);
    this.#learnt = [...fresh, ...this.#learnt].slice(0, limits.relaysMax);
    return this.#save();
  }

  changed({ relay, state, retryMs }: Extract<NetworkEvent, { type: 'RelayChanged' }>): void {
    this.#status.set(relay, { state, retryMs });
  }

  views(): ReadonlyArray<RelayView> {
    return this.all().map((address) => {
      const status = this.#status.get(address);
      return {
        address,
        state: status?.state ?? 'connecting',
        retryMs: status?.retryMs,
        isOwn: this.#own.includes(address),
      };
    });
  }

  async #save(): Promise<Result<undefined, StorageFailure>> {
    this.apply();
    if (this.#vault === undefined) return ok(undefined);
    return this.#vault.commit([
      this.#vault.seal(['relays'], { added: this.#added, learnt: this.#learnt }),
    ]);
  }
}
