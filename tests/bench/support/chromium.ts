/** One Chromium for a row, closed with it. */
import { chromium, type Browser } from '@playwright/test';
import { chromiumArgs, findChromium } from '../../support/browsers.ts';

export const withChromium = async <T>(
  run: (browser: Browser) => Promise<T>,
  executablePath = findChromium(),
): Promise<T> => {
  if (executablePath === undefined) throw new Error('Chromium is not installed.');
  const browser = await chromium.launch({ executablePath, args: [...chromiumArgs] });
  try {
    return await run(browser);
  } finally {
    await browser.close();
  }
};
