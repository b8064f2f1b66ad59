/** From a click on a conversation in the list until its timeline is painted. */
import type { Page } from '@playwright/test';

/** In the page. */
const clickThere = (name: string): Promise<number> => {
  const names = [...document.querySelectorAll('nav a b')];
  const link = names.find((one) => one.textContent === name)?.closest('a');
  if (!link) throw new Error(`${name} is not in the list`);
  const isShown = (): boolean => {
    const log = document.querySelector('[role=log]');
    const label = log?.getAttribute('aria-label') ?? '';
    return label.includes(name) && log?.querySelector('article, [data-notice], li, p') !== null;
  };
  return new Promise((resolve) => {
    const startedMs = performance.now();
    const look = (): void => {
      if (!isShown()) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          resolve(performance.now() - startedMs);
        };
        port2.postMessage(undefined);
      });
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true, attributes: true });
    link.click();
    look();
  });
};

export const switchTo = (page: Page, name: string): Promise<number> =>
  page.evaluate(clickThere, name);
