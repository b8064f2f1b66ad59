/** Whether everything on a screen has the room it needs, and can be got at. */
import type { Page } from '@playwright/test';

/** Pixels by which the page is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Words that do not fit their box and are not shortened with a sign: a part of them is not seen. */
export const clippedIn = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate(() =>
    [...document.body.querySelectorAll<HTMLElement>('button, a, label, h1, h2, h3, p, dt, dd, li')]
      .filter((element) => element.checkVisibility() && element.clientWidth > 1)
      .filter((element) => {
        const { textOverflow, clipPath, overflowY } = getComputedStyle(element);
        const isTooWide = element.scrollWidth > element.clientWidth + 1;
        const isTooHigh = overflowY === 'hidden' && element.scrollHeight > element.clientHeight + 1;
        return (isTooWide || isTooHigh) && textOverflow !== 'ellipsis' && clipPath === 'none';
      })
      .map((element) => element.outerHTML.slice(0, 160)),
  );

/** What can be pressed but cannot be brought on screen, or lies under something else there. */
export const unreachableIn = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate(() => {
    const layers = [...document.querySelectorAll('[role=dialog], [role=menu], [role=listbox]')];
    const top =
      layers.findLast((layer) => layer.parentElement?.closest('[role=dialog]') === null) ??
      document.body;
    return [...top.querySelectorAll<HTMLElement>('button, a[href], input, select, textarea')]
      .filter((element) => element.checkVisibility({ checkOpacity: true }))
      .filter((element) => getComputedStyle(element).pointerEvents !== 'none')
      .filter((element) => element.closest('.skip, .visually-hidden, [inert]') === null)
      .filter((element) => {
        // A field that is only drawn by its label is reached by that.
        const shown = element.closest('label') ?? element;
        shown.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
        const { left, top: upper, width, height } = shown.getBoundingClientRect();
        const [x, y] = [left + width / 2, upper + height / 2];
        if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return true;
        const hit = document.elementFromPoint(x, y);
        return hit === null || !(shown.contains(hit) || hit.contains(shown));
      })
      .map((element) => element.outerHTML.slice(0, 160));
  });
