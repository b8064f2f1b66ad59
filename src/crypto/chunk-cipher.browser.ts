/** WebCrypto where the page has it: only over a secure connection, or on this machine. */
import { createSubtleCipher, type ChunkCipher } from './chunk-cipher.ts';

export const createBrowserCipher = async (): Promise<ChunkCipher> => {
  // Older browsers have none in an insecure page, whatever the types say.
  const { subtle }: { readonly subtle?: SubtleCrypto } = crypto;
  if (subtle !== undefined) return createSubtleCipher(subtle);
  const { createNobleCipher } = await import('./chunk-cipher-noble.ts');
  return createNobleCipher();
};
