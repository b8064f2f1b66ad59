/** What a composition root hands the core: every effect it may have. */
import type { CryptoBackend } from '../crypto/backend.ts';
import type { Network } from '../network/port.ts';
import type { Clock, KeySlot, Random } from '../platform/port.ts';
import type { BlobStore } from '../storage/blobs/port.ts';
import type { Storage } from '../storage/port.ts';
import type { ChunkCipher } from '../crypto/chunk-cipher.ts';
import type * as blobCode from './blobs/code.ts';

export interface CoreDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly backend: CryptoBackend;
  readonly keySlot: KeySlot;
  readonly storage: Storage;
  readonly network: Network;
  readonly config: CoreConfig;
  /** Files beside messages: loaded apart, so that nothing waits for it. Undefined: it has none. */
  readonly loadBlobs?: () => Promise<BlobParts | undefined>;
}

type BlobCode = typeof blobCode;

export interface BlobParts extends BlobCode {
  readonly store: BlobStore;
  readonly cipher: ChunkCipher;
}

export interface CoreConfig {
  /** The page's address without a fragment: invite links start with it. */
  readonly pageUrl: string;
  /** Relays of the page's own origin, as far as they are known at the start. */
  readonly ownRelays: ReadonlyArray<string>;
  /** Somebody has used this device before: an empty store was deleted. */
  readonly wasUsed?: boolean;
}
