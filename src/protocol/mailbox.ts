/**
 * What names a mailbox and who may write in it (PROTOCOL §7): an epoch's `admit` key names the
 * mailbox by its hash and signs for each writer. Whoever keeps a mailbox checks both without any
 * secret of the epoch, so strangers cannot fill it.
 */
import { concatBytes, equalBytes, utf8ToBytes } from '../base/bytes.ts';
import type { MaybePromise } from '../base/result.ts';
import type { CryptoBackend, Signer } from '../crypto/backend.ts';
import { hash } from '../crypto/hash.ts';
import { verifySignature } from '../crypto/signature.ts';

const certLabel = utf8ToBytes('sotto1/wcert');

/** [EK2] A mailbox checks admitPub against its own id with this; it needs no secret for it. */
export const mailboxIdOf = (admitPub: Uint8Array): Uint8Array => hash('sotto1/mailbox', admitPub);

export interface WriterClaim {
  readonly mailboxId: Uint8Array;
  readonly writerPub: Uint8Array;
}

const certified = ({ mailboxId, writerPub }: WriterClaim): Uint8Array =>
  concatBytes(certLabel, writerPub, mailboxId);

/** [MB1] `Ed25519(admit, "sotto1/wcert" ‖ writerPub ‖ mailboxId)`: this writer may write here. */
export const signWriterCert = (admit: Signer, claim: WriterClaim): MaybePromise<Uint8Array> =>
  admit.sign(certified(claim));

/** [MB1] Total. The key that signed is the one the mailbox is named after. */
export const verifyWriterCert = (
  backend: CryptoBackend,
  claim: WriterClaim,
  { admitPub, cert }: { readonly admitPub: Uint8Array; readonly cert: Uint8Array },
): MaybePromise<boolean> =>
  equalBytes(mailboxIdOf(admitPub), claim.mailboxId) &&
  verifySignature(backend, { publicKey: admitPub, message: certified(claim), signature: cert });
