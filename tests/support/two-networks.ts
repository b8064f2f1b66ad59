/** Two people, each with a real browser in a network of its own, and the real server in a third. */
import type { Page } from '@playwright/test';
import { test as base, type App } from './app.ts';
import {
  namespaceObstacle,
  openNetworks,
  portsOf,
  type LinkFaults,
  type Networks,
} from './namespaces.ts';
import { befriend, see, untilDirect, write } from './people.ts';

export const delayMs = 50;
export const calm: LinkFaults = { delayMs, loss: 0 };

/** Why nothing of this can run here; printed once, and the reason each test is skipped for. */
export const obstacle = namespaceObstacle();
if (obstacle !== undefined) process.stdout.write(`No tests over a faulty link: ${obstacle}.\n`);

interface Options {
  /** Every frame that passes is kept for later. */
  readonly isRecorded: boolean;
}

interface Fixtures {
  readonly networks: Networks;
  /** Alice's and Bob's windows, each in a network of its own. */
  readonly people: readonly [Page, Page];
}

export const test = base.extend<Fixtures & Options>({
  isRecorded: [false, { option: true }],
  networks: async ({ app, isRecorded }, use) => {
    const networks = await openNetworks(await portsOf(app.url), { isRecorded });
    await networks.set(calm);
    await use(networks);
    await networks.dispose();
  },
  people: async ({ networks, newProfile }, use) => {
    const [alices, bobs] = networks.chromiums;
    const alice = (await newProfile({ executablePath: alices })).page();
    const bob = (await newProfile({ executablePath: bobs })).page();
    await use([alice, bob]);
  },
});

/** Two friends with a direct path between them. */
export const meet = async (app: App, [alice, bob]: readonly [Page, Page]): Promise<void> => {
  await befriend(app.url, [
    { name: 'Alice', page: alice },
    { name: 'Bob', page: bob },
  ]);
  await write(alice, 'hello');
  await see(bob, 'Alice', 'hello');
  await untilDirect(alice);
  await untilDirect(bob);
};
