import type { Page } from '@playwright/test';
import { test } from '../support/app.ts';
import {
  addFlooders,
  startFlooder,
  type Flood,
  type FloodKind,
} from '../support/flooder/remote.ts';
import { befriend, expect, see, untilDirect, write } from '../support/people.ts';
import { strainOf, typeSomething, watchStrain, type Strain } from '../support/strain.ts';

const kinds: ReadonlyArray<FloodKind> = [
  'spoilt-gossip',
  'late-gossip',
  'noise-on-sync',
  'stray-on-sync',
];
const floodMs = 6000;
/** Only against a page that hangs: how long it took is in the annotations, and in the bench. */
const hangMs = 5000;

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const told = (strain: Strain, flood?: Flood): string => {
  const { longestTaskMs, inputDelaysMs, longestFrameMs } = strain;
  const rate = flood && (1000 * flood.taken) / flood.lastedMs;
  return [
    ...(flood && rate !== undefined
      ? [`${flood.taken} in ${flood.lastedMs.toFixed(0)} ms (${rate.toFixed(0)} a second)`]
      : []),
    `longest task ${longestTaskMs.toFixed(0)} ms`,
    `input delay ${median(inputDelaysMs).toFixed(1)} ms, at most ${Math.max(0, ...inputDelaysMs).toFixed(0)}`,
    `longest frame ${longestFrameMs.toFixed(0)} ms`,
  ].join(', ');
};

/** What honest people do meanwhile: each writes, the other sees it, one types. */
const live = async (alice: Page, bob: Page, label: string): Promise<void> => {
  await write(bob, `from Bob, ${label}`);
  await typeSomething(alice);
  await see(alice, 'Bob', `from Bob, ${label}`);
  await write(alice, `from Alice, ${label}`);
  await see(bob, 'Alice', `from Alice, ${label}`);
};

test('[SY6] [attack 25] [line 14] ten thousand junk envelopes a second leave the page usable, and honest messages arriving', async ({
  app,
  newProfile,
}, info) => {
  const flooders = await Promise.all(kinds.map(startFlooder));
  try {
    const profiles = [await newProfile(), await newProfile()] as const;
    await addFlooders(app.url, profiles[0].context(), flooders);
    const [alice, bob] = [profiles[0].page(), profiles[1].page()];
    await befriend(app.url, [
      { name: 'Alice', page: alice },
      { name: 'Bob', page: bob },
    ]);
    await untilDirect(alice);
    const note = (description: string): void => {
      info.annotations.push({ type: 'flood', description });
      process.stdout.write(`  ${description}\n`);
    };
    await watchStrain(alice);
    await live(alice, bob, 'before');
    note(`before: ${told(await strainOf(alice))}`);

    for (const [at, kind] of kinds.entries()) {
      const flooder = flooders[at];
      if (flooder === undefined) throw new Error('one for each kind');
      await test.step(kind, async () => {
        await flooder.untilHeard();
        await strainOf(alice);
        const flooding = flooder.flood(kind, floodMs);
        await live(alice, bob, kind);
        const flood = await flooding;
        const strain = await strainOf(alice);
        note(`${kind}: ${told(strain, flood)}, ${flood.isHungUp ? 'hung up on' : 'still there'}`);
        expect(flood.taken).toBeGreaterThan(0);
        expect(flood.isHungUp, `${kind}: the page hangs up`).toBe(true);
        expect(strain.longestTaskMs).toBeLessThan(hangMs);
        expect(Math.max(...strain.inputDelaysMs)).toBeLessThan(hangMs);
      });
    }
  } finally {
    await Promise.all(flooders.map((flooder) => flooder.stop()));
  }
});
