/** Proof that a joiner holds an invite's link: a signature under the invite's own key (PROTOCOL §10). */
import { concatBytes, equalBytes, utf8ToBytes } from '../../base/bytes.ts';
import type { MaybePromise } from '../../base/result.ts';
import type { CryptoBackend, Signer } from '../../crypto/backend.ts';
import { hash } from '../../crypto/hash.ts';
import { verifySignature } from '../../crypto/signature.ts';

const joinLabel = utf8ToBytes('sotto1/join');

/** An invite is named by its public key; the name is also the id of its pseudo-epoch. */
export const inviteIdOf = (invPub: Uint8Array): Uint8Array => hash('sotto1/invite', invPub);

export interface JoinClaim {
  readonly inviteId: Uint8Array;
  readonly identityId: Uint8Array;
  readonly devSignPub: Uint8Array;
  /** 16 random bytes. */
  readonly nonce: Uint8Array;
}

const claimBytes = (claim: JoinClaim): Uint8Array =>
  concatBytes(joinLabel, claim.inviteId, claim.identityId, claim.devSignPub, claim.nonce);

/** 64 bytes. */
export const joinProof = (invSigner: Signer, claim: JoinClaim): MaybePromise<Uint8Array> =>
  invSigner.sign(claimBytes(claim));

export interface ProvedClaim extends JoinClaim {
  readonly invPub: Uint8Array;
  readonly proof: Uint8Array;
}

/** [IN1] Total. True iff the invite's key signed the claim and the claim names that invite. */
export const verifyJoinProof = (
  backend: CryptoBackend,
  { invPub, proof, ...claim }: ProvedClaim,
): MaybePromise<boolean> =>
  equalBytes(claim.inviteId, inviteIdOf(invPub)) &&
  verifySignature(backend, { publicKey: invPub, message: claimBytes(claim), signature: proof });
