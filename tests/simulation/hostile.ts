/**
 * Scenes for bugs that no honest history meets: somebody in the middle, or a member, sends what no
 * program of ours sends. Each scene ends with what of the promises is broken: nothing, as long as
 * the check that it is about is there.
 */
import { concatBytes, toHex, utf8ToBytes } from '../../src/base/bytes.ts';
import type { Signer } from '../../src/crypto/backend.ts';
import { hash } from '../../src/crypto/hash.ts';
import { decodeEnvelope, type Envelope } from '../../src/protocol/envelope.ts';
import type { Peer } from './peer.ts';
import { History } from './run.ts';

const headerBytes = 132;
const prevAt = 58;
const calm = { messages: 0, isHarsh: false } as const;

export interface Scene {
  readonly history: History;
  readonly alice: Peer;
  readonly bob: Peer;
  readonly carol: Peer;
  /** Of every writer key that any device has used, by hex of its public key. */
  readonly signers: ReadonlyMap<string, Signer>;
  /** Signatures that devices looked at. */
  readonly counts: { verified: number };
}

/** Three people in a group over a network without faults, links between all of them direct. */
export const setupScene = async (seed = 1): Promise<Scene> => {
  const history = new History(seed, { ...calm, peers: 3 });
  const { backend } = history.world;
  const signers = new Map<string, Signer>();
  const counts = { verified: 0 };
  history.world.backend = {
    ...backend,
    verify: (publicKey, message, signature) => {
      counts.verified += 1;
      return backend.verify(publicKey, message, signature);
    },
    signerFromSeed: async (signerSeed) => {
      const signer = await backend.signerFromSeed(signerSeed);
      signers.set(toHex(signer.publicKey), signer);
      return signer;
    },
  };
  await history.meet();
  const [alice, bob, carol] = history.peers;
  if (!alice || !bob || !carol) throw new Error('three peers');
  return { history, alice, bob, carol, signers, counts };
};

/** Each of them writes so many messages, one after the other. */
export const talk = async (
  { history, alice, bob, carol }: Scene,
  rounds: number,
): Promise<void> => {
  for (let i = 0; i < rounds; i++) {
    for (const peer of [alice, bob, carol]) {
      history.say(peer, `${peer.name} ${String(i)}`);
      await history.world.run(300);
    }
  }
};

/** Everybody comes to rest; each sentence is a promise that was broken. */
export const outcome = async ({ history }: Scene): Promise<ReadonlyArray<string>> => {
  await history.healAll();
  return history.broken();
};

type Forge = (envelope: Envelope) => Uint8Array;

/** What alice gossips to bob arrives as somebody made it; links carry what was sent. */
const forgeGossip = ({ history }: Scene, forge: Forge): { count: number } => {
  const forged = { count: 0 };
  history.net.arriving = (frame, { from, to, by }) => {
    const envelope = decodeEnvelope(frame);
    if (by === 'link' || from !== 'alice' || to !== 'bob' || !envelope.ok) return frame.slice();
    forged.count += 1;
    return forge(envelope.value);
  };
  return forged;
};

const flip = (bytes: Uint8Array, at: number): void => {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
};

/** Somebody on the way changes one bit of what alice sealed. */
export const flipABit = (scene: Scene): { count: number } =>
  forgeGossip(scene, ({ bytes }) => {
    const forged = bytes.slice();
    flip(forged, headerBytes);
    return forged;
  });

/** Alice herself signs entries that follow none of those she sent before. */
export const breakTheChain = (scene: Scene): { count: number } =>
  forgeGossip(scene, ({ bytes, writerPub, ciphertext, signature }) => {
    const header = bytes.slice(0, headerBytes);
    flip(header, prevAt);
    const signed = concatBytes(
      utf8ToBytes('sotto1/envelope-sig'),
      header,
      hash('sotto1/ct', ciphertext),
    );
    const again = scene.signers.get(toHex(writerPub))?.sign(signed);
    if (!(again instanceof Uint8Array)) throw new Error('alice has a signer');
    return concatBytes(header, ciphertext, again.subarray(0, signature.length));
  });
