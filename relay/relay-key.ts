/**
 * The relay's key, in a file of its own. Invites carry the relay's peer id, so the key is made once
 * and then kept; nobody but the relay's account may read it.
 */
import { randomBytes } from 'node:crypto';
import { chmod, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys';
import type { PrivateKey } from '@libp2p/interface';

const fileName = 'relay.key';

const readKey = async (path: string): Promise<PrivateKey | undefined> => {
  try {
    const bytes = await readFile(path);
    await chmod(path, 0o600);
    return privateKeyFromProtobuf(bytes);
  } catch (error) {
    // Only "not there yet" may make a new key: a damaged file is for the operator to look at.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`the relay's key in ${path} cannot be read`, { cause: error });
  }
};

/** Whole or not at all: written beside, flushed, then renamed. */
const writeKey = async (path: string, key: PrivateKey): Promise<void> => {
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.writeFile(privateKeyToProtobuf(key));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
};

/** The key kept in this folder; made and kept there when there is none. */
export const loadRelayKey = async (dataDir: string): Promise<PrivateKey> => {
  const path = join(dataDir, fileName);
  const kept = await readKey(path);
  if (kept !== undefined) return kept;
  const made = await generateKeyPair('Ed25519');
  await writeKey(path, made);
  return made;
};
