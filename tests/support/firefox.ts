/** Firefox ESR, driven over WebDriver BiDi: the other engine that Sotto talks to. */
import { launch, type Page } from 'puppeteer-core';
import { findFirefox, firefoxPrefs, makeTempDir, removeDir } from './browsers.ts';

export interface FirefoxPerson {
  readonly page: Page;
  close(): Promise<void>;
}

export const openFirefox = async (): Promise<FirefoxPerson> => {
  const executablePath = findFirefox();
  if (executablePath === undefined) throw new Error('Firefox is not installed.');
  const userDataDir = await makeTempDir('firefox');
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    userDataDir,
    headless: true,
    extraPrefsFirefox: { ...firefoxPrefs },
  });
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  return {
    page,
    close: async () => {
      await browser.close();
      await removeDir(userDataDir);
    },
  };
};
