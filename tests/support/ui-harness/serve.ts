import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, preview } from 'vite';
import { emojiData } from '../../../src/app/emoji-data.vite.ts';

/** The policy the app itself is served under (LIBRARIES.md §3.2): what it refuses, the tests see. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types sotto svelte-trusted-html',
].join('; ');

export interface Harness {
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the harness page as the app is built and serves it on loopback. */
export const serveHarness = async (outDir: string): Promise<Harness> => {
  const root = import.meta.dirname;
  const config = { root, configFile: false as const, logLevel: 'warn' as const };
  await build({
    ...config,
    plugins: [svelte({ configFile: false }), emojiData()],
    build: { outDir, emptyOutDir: true, modulePreload: { polyfill: false } },
  });
  const server = await preview({
    ...config,
    build: { outDir },
    preview: {
      host: '127.0.0.1',
      port: 0,
      headers: { 'Content-Security-Policy': contentSecurityPolicy },
    },
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('the harness has no address');
  return { url, close: () => server.close() };
};
