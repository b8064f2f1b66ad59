/**
 * Keeps the app itself on the device, so that it opens with its history when the server or the whole
 * network is gone. A newer version is fetched in the background and waits until it is asked for.
 */
import type { TrustedUrls } from './trusted-urls.browser.ts';

export interface UpdateHandlers {
  /** A newer version lies ready. `apply` moves every open tab to it by reloading them. */
  onUpdateReady(apply: () => void): void;
}

/** Reloads when a newer version takes over; the first one takes over silently. */
const reloadOnTakeover = (container: ServiceWorkerContainer): void => {
  let isControlled = container.controller !== null;
  container.addEventListener('controllerchange', () => {
    if (isControlled) location.reload();
    isControlled = true;
  });
};

/**
 * Resolves when registered, or when the browser refuses (a private window, a plain-http host): the
 * app then works as before and needs its server to open.
 */
export const registerServiceWorker = async (
  trustedUrls: TrustedUrls,
  { onUpdateReady }: UpdateHandlers,
): Promise<'registered' | 'refused'> => {
  const { serviceWorker: container } = navigator as {
    readonly serviceWorker?: ServiceWorkerContainer; // missing on plain-http pages
  };
  if (container === undefined) return 'refused';
  reloadOnTakeover(container);

  const offer = (waiting: ServiceWorker): void => {
    onUpdateReady(() => {
      waiting.postMessage('skip-waiting'); // service-worker.ts listens for it
    });
  };
  try {
    const url = trustedUrls.script('./service-worker.js');
    const registration = await container.register(url);
    if (registration.waiting !== null) offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const { installing } = registration;
      installing?.addEventListener('statechange', () => {
        // With no controller this is the first installation, not an update.
        if (installing.state === 'installed' && container.controller !== null) offer(installing);
      });
    });
    return 'registered';
  } catch {
    return 'refused';
  }
};
