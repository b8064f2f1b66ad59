/** In the app, late.browser.ts stands in the place of late.ts: the same promise, kept later. */
import type { Plugin } from 'vite';

const suffix = '/src/crypto/late.ts';

export const lateCrypto = (): Plugin => ({
  name: 'sotto:late-crypto',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!source.endsWith('/late.ts') || importer?.endsWith('/late.browser.ts') === true)
      return null;
    const found = await this.resolve(source, importer, { skipSelf: true });
    if (found?.id.endsWith(suffix) !== true) return null;
    return found.id.replace(/late\.ts$/u, 'late.browser.ts');
  },
});
