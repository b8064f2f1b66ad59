/** Devices with all that others need to seal to them, for the rows about groups. */
import { randomBytes } from 'node:crypto';
import { agreementKeyPair } from '../../../src/crypto/agreement.ts';
import type { Signer } from '../../../src/crypto/backend.ts';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import { createPrekey, type PrekeySecret } from '../../../src/protocol/epochs/prekey.ts';
import type { SealRecipient } from '../../../src/protocol/epochs/seal.ts';
import { cpuMs } from '../../support/cost.ts';

export const backend = createNodeBackend();
export const random = {
  bytes: (length: number): Uint8Array => new Uint8Array(randomBytes(length)),
};

export interface BenchDevice {
  readonly signer: Signer;
  readonly inboxSeed: Uint8Array;
  readonly prekey: { readonly secret: PrekeySecret; readonly bundle: Uint8Array };
  readonly recipient: SealRecipient;
}

const createDevice = async (): Promise<BenchDevice> => {
  const signer = await backend.signerFromSeed(random.bytes(32));
  const inboxSeed = random.bytes(32);
  const secret = { x25519Seed: random.bytes(32), kemSeed: random.bytes(64) };
  const bundle = await createPrekey({ secret, deviceSigner: signer, createdAtMs: 0 });
  const inboxPub = agreementKeyPair(inboxSeed).publicKey;
  return {
    signer,
    inboxSeed,
    prekey: { secret, bundle },
    recipient: { devSignPub: signer.publicKey, inboxPub, prekey: bundle },
  };
};

export const createDevices = (count: number): Promise<ReadonlyArray<BenchDevice>> =>
  Promise.all(Array.from({ length: count }, createDevice));

/** Processor time of this process for one piece of work, in milliseconds. */
export const spentMs = async (work: () => unknown): Promise<number> => {
  const startedMs = cpuMs();
  await work();
  return cpuMs() - startedMs;
};
