/**
 * What differs between platforms: signatures and key agreement. WebCrypto in browsers, synchronous
 * node:crypto in Node and in the simulation (so that a seed replays), noble where neither is there.
 * All of them stand behind the same strict checks (signature.ts, agreement.ts); nothing else calls
 * a backend's `verify` or `agree`.
 */
import type { MaybePromise } from '../base/result.ts';

export interface Signer {
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array;
  /**
   * 64 bytes over exactly these bytes; the caller puts the label in front. Some platforms randomise
   * signatures, so signing the same bytes twice may give two: sign once and keep the result.
   */
  sign(message: Uint8Array): MaybePromise<Uint8Array>;
}

/** A key the platform keeps for us: a non-extractable CryptoKey in browsers, seed bytes elsewhere. */
export interface KeyHandle {
  readonly keyHandle: unknown;
}

export interface CryptoBackend {
  readonly name: 'webcrypto' | 'node' | 'noble';
  /** Raw Ed25519 verification; only signature.ts calls it, after the strict checks. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): MaybePromise<boolean>;
  /** A signer over a 32-byte seed. */
  signerFromSeed(seed: Uint8Array): MaybePromise<Signer>;
  /** Makes a device key; where the platform can, its secret part never becomes readable bytes. */
  createDeviceKey(
    seed: Uint8Array,
  ): MaybePromise<{ readonly handle: KeyHandle; readonly signer: Signer }>;
  /** The signer of a stored device key. */
  deviceSigner(handle: KeyHandle, publicKey: Uint8Array): MaybePromise<Signer>;
  /** Raw X25519; only agreement.ts calls it. */
  agree(secretKey: Uint8Array, publicKey: Uint8Array): MaybePromise<Uint8Array>;
}
