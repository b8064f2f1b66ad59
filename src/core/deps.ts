/** What a composition root hands the core: every effect it may have. */
import type { CryptoBackend } from '../crypto/backend.ts';
import type { Network } from '../network/port.ts';
import type { Clock, KeySlot, Random } from '../platform/port.ts';
import type { Storage } from '../storage/port.ts';

export interface CoreDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly backend: CryptoBackend;
  readonly keySlot: KeySlot;
  readonly storage: Storage;
  readonly network: Network;
  readonly config: CoreConfig;
}

export interface CoreConfig {
  /** The page's address without a fragment: invite links start with it. */
  readonly pageUrl: string;
  /** Relays of the page's own origin, as far as they are known at the start. */
  readonly ownRelays: ReadonlyArray<string>;
  /** Somebody has used this device before: an empty store was deleted. */
  readonly wasUsed?: boolean;
}
