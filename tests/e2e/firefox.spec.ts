import type { Page as FirefoxPage } from 'puppeteer-core';
import { test } from '../support/app.ts';
import { until } from '../support/browsers.ts';
import { openFirefox } from '../support/firefox.ts';
import {
  approve,
  begin,
  expect,
  inviteSomeone,
  openConversation,
  reachMs,
  see,
  untilDelivered,
  untilDirect,
  write,
} from '../support/people.ts';

const aria = (role: string, name: string): string => `::-p-aria([name="${name}"][role="${role}"])`;

/** What Firefox calls its messages, oldest first. */
const namesIn = (page: FirefoxPage): Promise<ReadonlyArray<string>> =>
  page.$$eval('[role=log] article', (articles) =>
    articles.map((article) => article.getAttribute('aria-label') ?? ''),
  );

const untilSeen = async (page: FirefoxPage, pattern: RegExp): Promise<void> => {
  let names: ReadonlyArray<string> = [];
  const look = async (): Promise<true | undefined> => {
    names = await namesIn(page);
    return names.some((name) => pattern.test(name)) ? true : undefined;
  };
  const said = (): string => `Firefox shows no ${String(pattern)}, only: ${names.join(' | ')}`;
  await until(look, { withinMs: reachMs, sentence: said });
};

test('[line 6] [line 15] Chromium and Firefox ESR meet through the relay and talk directly', async ({
  app,
  newProfile,
}) => {
  const alice = (await newProfile()).page();
  const firefox = await openFirefox();
  try {
    const bob = firefox.page;
    await begin(alice, app.url, 'Alice');
    const link = await inviteSomeone(alice);
    await bob.goto(link);
    await bob.locator(aria('textbox', 'Your name')).setTimeout(reachMs).fill('Bob');
    await bob.locator(aria('button', 'Join')).click();
    expect(bob.url()).not.toContain('#/i/');
    await approve(alice, 'Bob');
    await openConversation(alice, 'Bob');

    const message = bob.locator(aria('textbox', 'Message')).setTimeout(reachMs);
    await message.fill('hello from Firefox');
    await bob.keyboard.press('Enter');
    await see(alice, 'Bob', 'hello from Firefox');
    await write(alice, 'hello from Chromium');
    await untilSeen(bob, /^Alice, \d\d:\d\d, hello from Chromium$/);
    await untilDelivered(alice, 'hello from Chromium');
    await untilSeen(bob, /^You, \d\d:\d\d, hello from Firefox, Delivered$/);
    await untilDirect(alice);

    await app.kill(); // what goes on now goes from browser to browser
    await write(alice, 'the relay is gone');
    await untilSeen(bob, /the relay is gone/);
    await message.fill('so it is');
    await bob.keyboard.press('Enter');
    await see(alice, 'Bob', 'so it is');
  } finally {
    await firefox.close();
  }
});
