/** Certificates that let writers of an epoch into its mailbox: any member can give one to any writer. */
import type { CryptoBackend, Signer } from '../../crypto/backend.ts';
import { signWriterCert } from '../../protocol/mailbox.ts';
import type { WriterCert } from '../../protocol/mailbox-frames.ts';
import type { Epoch } from '../epochs/epoch.ts';

export class WriterCerts {
  readonly #backend: CryptoBackend;
  readonly #admitByEpoch = new WeakMap<Epoch, Signer>();

  constructor(backend: CryptoBackend) {
    this.#backend = backend;
  }

  async of(
    epoch: Epoch,
    writers: ReadonlyArray<{ readonly writerPub: Uint8Array }>,
  ): Promise<ReadonlyArray<WriterCert>> {
    if (writers.length === 0) return [];
    const admit = await this.#admit(epoch);
    const { mailboxId } = epoch.keys;
    return Promise.all(
      writers.map(async ({ writerPub }) => ({
        writerPub,
        cert: await signWriterCert(admit, { mailboxId, writerPub }),
      })),
    );
  }

  async #admit(epoch: Epoch): Promise<Signer> {
    const known = this.#admitByEpoch.get(epoch);
    if (known !== undefined) return known;
    const admit = await this.#backend.signerFromSeed(epoch.keys.admitSeed);
    this.#admitByEpoch.set(epoch, admit);
    return admit;
  }
}
