/** A start of the app as a person sees it: when they can type, and when the conversation is painted. */
import type { Page } from '@playwright/test';
import { composer } from '../../support/people.ts';
import type { Profile } from '../../support/profile.ts';

export interface Started {
  readonly typedMs: number;
  readonly paintedMs: number;
}

declare global {
  var benchStarted: Promise<Started>;
}

/**
 * Runs in the page before anything else. `hasMessages`: painted means that a message is there; without
 * any, that the log is.
 */
const noteStart = (hasMessages: boolean): void => {
  const selector = hasMessages ? '[role=log] article' : '[role=log]';
  const afterPaint = (): Promise<number> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          resolve(performance.now());
        };
        port2.postMessage(undefined);
      });
    });
  const whenThere = (find: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!find()) return;
        observer.disconnect();
        resolve();
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { childList: true, subtree: true, attributes: true });
      look();
    });
  const field = (): HTMLTextAreaElement | null => document.querySelector('textarea:enabled');
  const typed = async (): Promise<number> => {
    await whenThere(() => field() !== null);
    field()?.focus();
    const area = field();
    area?.setRangeText('x', 0, 0, 'end');
    area?.dispatchEvent(new InputEvent('input', { bubbles: true, data: 'x' }));
    const ms = await afterPaint();
    if (field()?.value !== 'x') throw new Error('the typed character did not stay');
    return ms;
  };
  const painted = async (): Promise<number> => {
    await whenThere(() => document.querySelector(selector) !== null);
    return afterPaint();
  };
  globalThis.benchStarted = Promise.all([typed(), painted()]).then(([typedMs, paintedMs]) => ({
    typedMs,
    paintedMs,
  }));
};

/** A new browser on the same profile, from the start of the navigation. */
export const startOnce = async (
  profile: Profile,
  url: string,
  stored: number,
): Promise<Started> => {
  await profile.close();
  const page: Page = await profile.open();
  await page.addInitScript(noteStart, stored > 0);
  await page.goto(url);
  const started = await page.evaluate(() => globalThis.benchStarted);
  // As a person leaves it: the draft is gone when the next round begins.
  await composer(page).fill('');
  await page.waitForTimeout(1500);
  return started;
};
