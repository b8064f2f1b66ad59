/** What a person at a page feels: how long it was busy at a stretch, how late a key was heard. */
import type { Page } from '@playwright/test';
import { composer } from './people.ts';

interface Marks {
  longTasksMs: number[];
  inputDelaysMs: number[];
  framesMs: number[];
}

declare global {
  var strainMarks: Marks;
}

/** Runs in the page. */
const installMarks = (): void => {
  const marks: Marks = { longTasksMs: [], inputDelaysMs: [], framesMs: [] };
  globalThis.strainMarks = marks;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) marks.longTasksMs.push(duration);
  }).observe({ type: 'longtask' });
  document.addEventListener(
    'keydown',
    ({ timeStamp }) => marks.inputDelaysMs.push(performance.now() - timeStamp),
    { capture: true },
  );
  let lastMs = performance.now();
  const frame = (nowMs: number): void => {
    marks.framesMs.push(nowMs - lastMs);
    lastMs = nowMs;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
};

export const watchStrain = (page: Page): Promise<void> => page.evaluate(installMarks);

export interface Strain {
  /** 0: none was over 50 ms, which is where a browser begins to call a task long. */
  readonly longestTaskMs: number;
  readonly inputDelaysMs: ReadonlyArray<number>;
  readonly longestFrameMs: number;
}

/** Since the last time it was asked. */
export const strainOf = async (page: Page): Promise<Strain> => {
  const marks = await page.evaluate(() => {
    const { longTasksMs, inputDelaysMs, framesMs } = globalThis.strainMarks;
    const taken = { longTasksMs, inputDelaysMs, framesMs };
    Object.assign(globalThis.strainMarks, { longTasksMs: [], inputDelaysMs: [], framesMs: [] });
    return taken;
  });
  return {
    longestTaskMs: Math.max(0, ...marks.longTasksMs),
    inputDelaysMs: marks.inputDelaysMs,
    longestFrameMs: Math.max(0, ...marks.framesMs),
  };
};

/** Types as a person does, and takes it back. */
export const typeSomething = async (page: Page): Promise<void> => {
  await composer(page).focus();
  await page.keyboard.type('something that is never sent', { delay: 40 });
  await composer(page).fill('');
};
