/** WebCrypto where the page has it: only over a secure connection, or on this machine. */
import { createSubtleCipher, type ChunkCipher } from './chunk-cipher.ts';

export const createBrowserCipher = async (): Promise<ChunkCipher> => {
  // In an insecure page there is none, whatever the types say.
  if ('subtle' in crypto && isSecureContext) return createSubtleCipher(crypto.subtle);
  const { createNobleCipher } = await import('./chunk-cipher-noble.ts');
  return createNobleCipher();
};
