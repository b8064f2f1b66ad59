/**
 * One clock for two pages of one machine: `performance.timeOrigin + performance.now()`. In the
 * sending page it reads when Enter was pressed, in the receiving one when the text was painted.
 */
import type { Page } from '@playwright/test';

interface PageMarks {
  /** When Enter was last pressed. */
  enteredMs: number;
  /** Resolves when this text has been painted as a message. */
  painted(text: string): Promise<number>;
}

declare global {
  var benchMarks: PageMarks;
}

/**
 * Runs in the page. `selector` names what holds a text; a text counts as painted in the first task
 * after the animation frame that follows its arrival in the document.
 */
const installMarks = (selector: string): void => {
  const paintedMs = new Map<string, number>();
  const waiting = new Map<string, (ms: number) => void>();
  const seen = new Set<string>();
  const nowMs = (): number => performance.timeOrigin + performance.now();

  const afterPaint = (run: () => void): void => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = run;
      port2.postMessage(undefined);
    });
  };
  const look = (): void => {
    const holders = [...document.querySelectorAll(selector)].slice(-8);
    for (const text of holders.map(({ textContent }) => textContent.trim())) {
      if (seen.has(text)) continue;
      seen.add(text);
      afterPaint(() => {
        const ms = nowMs();
        paintedMs.set(text, ms);
        waiting.get(text)?.(ms);
      });
    }
  };
  new MutationObserver(look).observe(document, {
    childList: true,
    characterData: true,
    subtree: true,
  });
  globalThis.benchMarks = {
    enteredMs: 0,
    painted: (text) =>
      new Promise((resolve) => {
        const ms = paintedMs.get(text);
        if (ms === undefined) waiting.set(text, resolve);
        else resolve(ms);
      }),
  };
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Enter') {
        globalThis.benchMarks.enteredMs = performance.timeOrigin + event.timeStamp;
      }
    },
    { capture: true },
  );
};

export const watchPage = (page: Page, selector: string): Promise<void> =>
  page.evaluate(installMarks, selector);

/** Presses Enter in one page; milliseconds until the text is painted in the other. */
export const pressAndSee = async (
  { from, to, within }: { readonly from: Page; readonly to: Page; readonly within: number },
  text: string,
): Promise<number> => {
  const painted = to.evaluate(
    ([wanted, ms]) =>
      Promise.race([
        globalThis.benchMarks.painted(wanted),
        new Promise<undefined>((resolve) => {
          setTimeout(() => {
            resolve(undefined);
          }, ms);
        }),
      ]),
    [text, within] as const,
  );
  await from.keyboard.press('Enter');
  const paintedMs = await painted;
  if (paintedMs === undefined) throw new Error(`"${text}" did not come within ${within} ms`);
  return paintedMs - (await from.evaluate(() => globalThis.benchMarks.enteredMs));
};
