/** A person's browser with a disk behind it: it can be closed, killed and opened again. */
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { chromiumArgs, findChromium, killBrowserOf, makeTempDir, removeDir } from './browsers.ts';

export interface Profile {
  /** The tab in use; a new one after `open`. */
  page(): Page;
  context(): BrowserContext;
  /** Opens the browser on the same profile again, after `close` or `kill`. */
  open(): Promise<Page>;
  /** As a person closes it. */
  close(): Promise<void>;
  /** As a power cut does. */
  kill(): Promise<void>;
  /** What its pages complained about: errors and refusals of the security policy. */
  complaints(): ReadonlyArray<string>;
  /** What is on the screen; undefined when the browser is closed. */
  picture(): Promise<Buffer | undefined>;
  /** Closes it and removes the profile. */
  dispose(): Promise<void>;
}

export interface ProfileOptions {
  /** Where the profile lies; a temporary folder unless the test brings one. */
  readonly dir?: string;
  readonly isPhone?: boolean;
  readonly args?: ReadonlyArray<string>;
  /** Instead of the Chromium of this machine. */
  readonly executablePath?: string;
}

/** Runs in the page before anything else: a refusal shows as an error on the console. */
const reportViolations = (): void => {
  document.addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber } = event;
    const place = `${sourceFile}:${String(lineNumber)}`;
    globalThis.console.error(`refused by policy: ${effectiveDirective} ${blockedURI} ${place}`);
  });
};

/** Errors a browser logs by itself when a server is away: what some tests bring about. */
const isAboutNetwork = (text: string): boolean =>
  /net::ERR_|WebSocket connection to|Failed to load resource/.test(text);

const watch = (page: Page, complaints: string[]): void => {
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() !== 'error' || isAboutNetwork(message.text())) return;
    complaints.push(message.text());
  });
};

export const openProfile = async (options: ProfileOptions = {}): Promise<Profile> => {
  const dir = options.dir ?? (await makeTempDir('profile'));
  const executablePath = options.executablePath ?? findChromium();
  if (executablePath === undefined) throw new Error('Chromium is not installed.');
  const complaints: string[] = [];
  let context: BrowserContext | undefined;
  let page: Page | undefined;

  const current = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('The browser of this profile is closed.');
    return value;
  };

  const open = async (): Promise<Page> => {
    context = await chromium.launchPersistentContext(dir, {
      executablePath,
      args: [...chromiumArgs, ...(options.args ?? [])],
      viewport:
        options.isPhone === true ? { width: 390, height: 844 } : { width: 1280, height: 800 },
      locale: 'en-US',
      reducedMotion: 'reduce',
    });
    await context.addInitScript(reportViolations);
    context.on('page', (opened) => {
      watch(opened, complaints);
    });
    page = context.pages()[0] ?? (await context.newPage());
    watch(page, complaints);
    return page;
  };

  const close = async (): Promise<void> => {
    await context?.close();
    context = undefined;
    page = undefined;
  };

  await open();
  return {
    page: () => current(page),
    context: () => current(context),
    open,
    close,
    kill: async () => {
      const ended = current(context);
      const closed = ended.waitForEvent('close');
      await killBrowserOf(dir);
      await closed;
      context = undefined;
      page = undefined;
    },
    complaints: () => complaints,
    picture: () => page?.screenshot().catch(() => undefined) ?? Promise.resolve(undefined),
    dispose: async () => {
      await close();
      if (options.dir === undefined) await removeDir(dir);
    },
  };
};
