/**
 * Files whose names say what is in them come straight from the cache, without this program, where the
 * browser can do that: a start asks for some thirty of them.
 */
declare const self: ServiceWorkerGlobalScope;

/** What the DOM types do not know yet. */
interface Routing {
  addRoutes?(rule: {
    readonly condition: { readonly urlPattern: string; readonly requestMethod: string };
    readonly source: 'cache';
  }): Promise<void>;
}

export const routeFiles = (): void => {
  self.addEventListener('install', (event: ExtendableEvent & Routing) => {
    const urlPattern = new URL('assets/*', self.registration.scope).href;
    const condition = { urlPattern, requestMethod: 'GET' };
    // What is in no cache is fetched; a browser that refuses asks this program as before.
    event.addRoutes?.({ condition, source: 'cache' }).catch(() => undefined);
  });
};
