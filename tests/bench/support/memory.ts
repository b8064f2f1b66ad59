/** What a tab and its worker hold in memory, as the kernel counts it. Linux only. */
import { readFile } from 'node:fs/promises';
import type { BrowserContext } from '@playwright/test';

/** Proportional: what processes share is counted in parts. */
const memoryOf = async (pid: number): Promise<number> => {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => ''); // it ended
  return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
};

/** Of the largest renderer: the one with the app in it, worker included. */
export const tabBytes = async (context: BrowserContext): Promise<number> => {
  const browser = context.browser();
  if (browser === null) throw new Error('a context without a browser');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  return Math.max(0, ...(await Promise.all(renderers.map(({ id }) => memoryOf(id)))));
};
