/**
 * What this device can open an epoch with: its secret, or, once something in it was erased, what is
 * left without it (PROTOCOL §9): the keys that were derived from it, the chain key of every log that
 * may still begin or go on, and the keys of single entries.
 */
import { toHex } from '../../base/bytes.ts';
import { chainKey, deriveEpochKeys, type EpochKeys } from '../../protocol/epochs/epoch-keys.ts';
import { limits } from '../../protocol/limits.ts';
import { chainId, wholeChain, type Chain, type ChainOwner, type OwnedChain } from './chain.ts';

/** Everything that is left of an epoch in which something was erased. */
export interface PuncturedKeys {
  readonly keys: EpochKeys;
  /** Of every device that may write here, and every incarnation it may have. */
  readonly chains: ReadonlyArray<OwnedChain>;
}

type KeySeed =
  | {
      readonly epochId: Uint8Array;
      readonly secret: Uint8Array;
      readonly admitPub?: Uint8Array | undefined;
    }
  | { readonly epochId: Uint8Array; readonly left: PuncturedKeys };

const nameOf = (owner: ChainOwner): string => toHex(chainId(owner));

const byName = ({ chains }: PuncturedKeys): ReadonlyMap<string, Chain> =>
  new Map(chains.map((owned) => [nameOf(owned), owned.chain]));

export class Keyring {
  readonly keys: EpochKeys;
  readonly #epochId: Uint8Array;
  #secret: Uint8Array | undefined;
  #chains: ReadonlyMap<string, Chain> = new Map();

  constructor(seed: KeySeed) {
    this.#epochId = seed.epochId;
    if ('secret' in seed) {
      this.#secret = seed.secret;
      this.keys = deriveEpochKeys(seed.epochId, seed.secret, seed.admitPub);
    } else {
      this.keys = seed.left.keys;
      this.#chains = byName(seed.left);
    }
  }

  /** Undefined once something was erased. */
  get secret(): Uint8Array | undefined {
    return this.#secret;
  }

  /** Undefined: of a device that has no log here, or lost with its record. */
  chainOf(owner: ChainOwner): Chain | undefined {
    if (this.#secret === undefined) return this.#chains.get(nameOf(owner));
    return wholeChain(chainKey({ epochId: this.#epochId, secret: this.#secret, ...owner }));
  }

  /** [ER2] Everything but the secret, for these devices, with these chains in the place of their own. */
  without(devices: ReadonlyArray<Uint8Array>, changed: ReadonlyArray<OwnedChain>): PuncturedKeys {
    const replaced = new Map(changed.map((owned) => [nameOf(owned), owned.chain]));
    const chains = devices.flatMap((devSignPub) =>
      Array.from({ length: limits.incarnationsMax }, (_, incarnation) => {
        const owner = { devSignPub, incarnation };
        const chain = replaced.get(nameOf(owner)) ?? this.chainOf(owner);
        return chain === undefined ? [] : [{ ...owner, chain }];
      }).flat(),
    );
    return { keys: this.keys, chains };
  }

  /** Forgets the secret. */
  replace(left: PuncturedKeys): void {
    this.#secret?.fill(0);
    this.#secret = undefined;
    this.#chains = byName(left);
  }
}
