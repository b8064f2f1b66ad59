/**
 * Serves the app from the device. What it keeps is the files of one build, and what another program
 * shared until a window takes it: no message, no key, and no answer of the relay ever passes through it.
 */
import { cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { routeFiles } from './service-worker/routes.ts';
import { serveShares } from './service-worker/shares.ts';
import { serveStreams } from './service-worker/streams.ts';

declare const self: ServiceWorkerGlobalScope & {
  /** Filled in by the build: every file of the app with its revision. */
  readonly __WB_MANIFEST: ReadonlyArray<PrecacheEntry>;
};

routeFiles();
serveStreams();
serveShares();
precacheAndRoute([...self.__WB_MANIFEST]);
cleanupOutdatedCaches();

// A newer version takes over when the person says so (see platform/service-worker.browser.ts).
self.addEventListener('message', (event) => {
  if (event.data === 'skip-waiting') void self.skipWaiting();
});

// The very first one serves the page that registered it, so that it opens offline from then on.
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});
