/** Takes what other programs share with the installed app, and opens the app. */
import { keepShared, sharePath } from '../media/shared.browser.ts';

declare const self: ServiceWorkerGlobalScope;

const keep = async (request: Request): Promise<Response> => {
  await keepShared(await request.formData());
  return Response.redirect(self.registration.scope, 303);
};

export const serveShares = (): void => {
  const action = new URL(sharePath, self.registration.scope).href;
  self.addEventListener('fetch', (event) => {
    const { method, url } = event.request;
    if (method === 'POST' && url === action) event.respondWith(keep(event.request));
  });
};
