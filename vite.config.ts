import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import packageJson from './package.json' with { type: 'json' };
import { emojiData } from './src/app/emoji-data.vite.ts';
import { lateCrypto } from './src/crypto/late.vite.ts';
import { webrtcPatch } from './src/network/webrtc-patch.vite.ts';

const manifest = {
  id: './',
  name: 'Sotto',
  short_name: 'Sotto',
  description: 'Messages from browser to browser, end-to-end encrypted.',
  start_url: './',
  scope: './',
  display: 'standalone' as const,
  /** Taken by the service worker: src/service-worker/shares.ts. */
  share_target: {
    action: './share',
    method: 'POST' as const,
    enctype: 'multipart/form-data',
    params: {
      title: 'title',
      text: 'text',
      url: 'url',
      files: [{ name: 'files', accept: ['*/*'] }],
    },
  },
  launch_handler: { client_mode: 'focus-existing' as const },
  background_color: '#fafbfc',
  theme_color: '#fafbfc',
  categories: ['social', 'communication'],
  icons: [
    { src: 'icons/icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: 'icons/icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: 'icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    { src: 'icons/icon.svg', sizes: 'any', type: 'image/svg+xml' },
  ],
};

/** Nothing is painted before the script has set the chosen theme; Vite drops the attribute. */
const blockRender: Plugin = {
  name: 'sotto:block-render',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replace('<script type="module"', '$& blocking="render"'),
  },
};

export default defineConfig({
  base: './', // runs from any path of any host
  plugins: [
    svelte({ configFile: false }),
    webrtcPatch(),
    emojiData(),
    blockRender,
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'service-worker.ts',
      injectRegister: false, // by hand, through a Trusted Types policy: service-worker.browser.ts
      manifest,
      injectManifest: {
        rollupFormat: 'iife',
        globPatterns: ['**/*.{html,js,css,svg,webmanifest}'],
      },
    }),
  ],
  define: { __SOTTO_VERSION__: JSON.stringify(packageJson.version) },
  worker: { format: 'es', plugins: () => [lateCrypto()] },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the content security policy lets no script or style be inline
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000, // kB; .size-limit.js holds the real limits
    rolldownOptions: {
      checks: { bundlerTimings: false },
      output: {
        chunkFileNames: ({ facadeModuleId }) => {
          const language = /app\/text\/(\w+)\/index\.ts$/.exec(facadeModuleId ?? '')?.[1];
          const emoji = /app\/text\/(\w+)\/emoji\.ts$/.exec(facadeModuleId ?? '')?.[1];
          const ofLanguage = language === undefined ? '[name]' : `language-${language}`;
          const name = emoji === undefined ? ofLanguage : `emoji-names-${emoji}`;
          return `assets/${name}-[hash].js`;
        },
      },
    },
  },
});
