/** What the first part of the app's worker shows by itself, and how the rest goes on from there. */
import { describe, expect, test } from 'vitest';
import { err } from '../../src/base/result.ts';
import type { CoreEvent, CoreState } from '../../src/core/api.ts';
import { createCore } from '../../src/core/core.ts';
import type { CoreDeps } from '../../src/core/deps.ts';
import { startCore, type GoOn, type RunningCore } from '../../src/core/start/starting-core.ts';
import { limits } from '../../src/protocol/limits.ts';
import type { MemoryDisk } from '../../src/storage/memory-disk.ts';
import { createMemoryStorage } from '../../src/storage/memory.ts';
import { silentNetwork } from '../support/core-parts.ts';
import { valueOf } from '../unit/protocol/fixtures.ts';
import { Internet, noFaults } from './network.ts';
import { Peer, plainKeySlot } from './peer.ts';
import { World } from './world.ts';

const minuteMs = 60_000;

interface Device {
  readonly world: World;
  readonly disk: MemoryDisk;
}

/** Somebody with a group and a draft, whose program has ended. */
const setupDevice = async (seed: number): Promise<Device & { readonly groupId: string }> => {
  const world = new World(seed);
  const bob = new Peer(new Internet(world, noFaults), 'bob');
  bob.start();
  await world.run(minuteMs, () => bob.state?.phase === 'first-run');
  await bob.do({ type: 'CreateIdentity', name: 'Bob' });
  const made = await bob.do({ type: 'CreateGroup', name: 'Walkers' });
  const { conversationId } = valueOf(made);
  await bob.do({ type: 'SendMessage', conversationId, text: 'where to?' });
  await bob.do({ type: 'SaveDraft', conversationId, text: 'half', replyTo: undefined });
  await world.run(5000); // it is kept as it is listed
  await bob.crash();
  return { world, disk: bob.disk, groupId: conversationId };
};

const keysOf = (disk: MemoryDisk, prefix: string): ReadonlyArray<string> =>
  [...disk.records().keys()].filter((key) => key.startsWith(prefix));

interface Started {
  readonly core: RunningCore;
  readonly states: CoreState[];
  /** The rest of the code arrives. */
  readonly arrive: () => void;
  /** It does not. */
  readonly fail: () => void;
  readonly begunCount: () => number;
  readonly isOpen: () => Promise<boolean>;
}

const startOn = ({ world, disk }: Device, wasUsed = true): Started => {
  const deps: CoreDeps = {
    clock: world.clock(() => 0),
    random: world.randomBytes(),
    backend: world.backend,
    keySlot: plainKeySlot,
    storage: createMemoryStorage({
      disk,
      schedule: (delayMs, task) => world.schedule(delayMs, task),
    }),
    network: silentNetwork,
    config: { pageUrl: 'https://sotto.example/', ownRelays: [], wasUsed },
  };
  let begunCount = 0;
  const goOn: GoOn = (begun) => {
    begunCount += 1;
    return createCore(deps, begun);
  };
  let arrive: () => void = () => undefined;
  let fail: () => void = () => undefined;
  const rest = new Promise<GoOn>((resolve, reject) => {
    arrive = () => {
      resolve(goOn);
    };
    fail = () => {
      reject(new Error('out of reach'));
    };
  });
  const core = startCore({ ...deps, loadRest: () => rest });
  const states: CoreState[] = [];
  core.subscribe((event: CoreEvent) => {
    if (event.type === 'StateChanged') states.push(event.state);
  });
  const isOpen = async (): Promise<boolean> => (await deps.storage.get('slot')).ok;
  return { core, states, arrive, fail, begunCount: () => begunCount, isOpen };
};

const newDevice = (seed: number): Device => {
  const world = new World(seed);
  return { world, disk: new Peer(new Internet(world, noFaults), 'new').disk };
};

describe('before the rest of the core has come', () => {
  test('[FP2] the list is told, and it is what the rest tells first', async () => {
    const device = await setupDevice(901);
    const { states, arrive, begunCount } = startOn(device);
    await device.world.run(minuteMs);
    expect(states).toHaveLength(1);
    const [look] = states;
    expect(look).toMatchObject({
      phase: 'ready',
      isPartial: true,
      me: { name: 'Bob', isMe: true },
    });
    const group = look?.conversations.find(({ id }) => id === device.groupId);
    expect(group).toMatchObject({
      name: 'Walkers',
      draft: 'half',
      lastLine: { text: 'where to?' },
    });
    expect(begunCount()).toBe(0);

    arrive();
    await device.world.run(minuteMs, () => states.at(-1)?.isPartial !== true);
    const whole = states.find(({ isPartial }) => isPartial !== true);
    const { isPartial, conversations = [], ...shown } = look ?? {};
    expect(isPartial).toBe(true);
    expect(whole).toMatchObject(shown);
    const truth = expect.anything() as unknown; // it is only known of what is open
    expect(whole?.conversations).toEqual(conversations.map((each) => ({ ...each, truth })));
    // Meanwhile nothing else was on the screen.
    const before = states.slice(
      0,
      states.findIndex((state) => state === whole),
    );
    for (const state of before) expect(state).toEqual(look);
  });

  test('[FP2] a command waits for it, and is answered as ever', async () => {
    const device = await setupDevice(902);
    const { core, arrive } = startOn(device);
    const text = 'to the lake';
    const sent = core.execute({ type: 'SendMessage', conversationId: device.groupId, text });
    let isAnswered = false;
    void sent.then(() => {
      isAnswered = true;
    });
    await device.world.run(minuteMs);
    expect(isAnswered).toBe(false);
    arrive();
    await device.world.run(minuteMs, () => isAnswered);
    expect((await sent).ok).toBe(true);
  });

  test('[FP2] so many wait and no more', async () => {
    const device = await setupDevice(903);
    const { core, fail } = startOn(device);
    const waiting = Array.from({ length: limits.commandsWaitingMax }, () =>
      core.execute({ type: 'CloseTimeline' }),
    );
    expect(await core.execute({ type: 'CloseTimeline' })).toEqual(err('busy'));
    fail();
    await device.world.run(minuteMs);
    expect(new Set((await Promise.all(waiting)).map(({ ok }) => ok))).toEqual(new Set([false]));
    expect(await core.execute({ type: 'CloseTimeline' })).toEqual(err('not-ready'));
  });

  test('[FP2] a newcomer is told so, and whether something was here', async () => {
    for (const wasUsed of [false, true]) {
      const device = newDevice(904);
      const { core, states, arrive } = startOn(device, wasUsed);
      await device.world.run(minuteMs);
      const troubles = wasUsed ? ['storage-lost'] : [];
      expect(states).toMatchObject([{ phase: 'first-run', isPartial: true, troubles }]);
      arrive();
      const made = core.execute({ type: 'CreateIdentity', name: 'Ada' });
      await device.world.run(minuteMs, () => states.at(-1)?.phase === 'ready');
      expect((await made).ok).toBe(true);
      expect(states.at(-1)?.isPartial).toBeUndefined();
    }
  });

  test('[FP2] closing lets go of the store, and what comes later is not begun', async () => {
    const device = await setupDevice(905);
    const { core, arrive, begunCount, isOpen } = startOn(device);
    await device.world.run(1000);
    expect(await isOpen()).toBe(true);
    await core.close();
    expect(await isOpen()).toBe(false);
    arrive();
    await device.world.run(minuteMs);
    expect(begunCount()).toBe(0);
  });
});

describe('where the rest of the core does not come', () => {
  test('[FP2] what is shown stays, with what is missing; commands are refused', async () => {
    const device = await setupDevice(906);
    const { core, states, fail } = startOn(device);
    const waiting = core.execute({ type: 'CreateGroup', name: 'later' });
    fail();
    await device.world.run(minuteMs);
    expect(states).toMatchObject([
      { phase: 'ready', troubles: [] },
      { phase: 'ready', troubles: ['core-failed'] },
    ]);
    expect(states[1]?.conversations).toEqual(states[0]?.conversations);
    expect(await waiting).toEqual(err('not-ready'));
  });

  test('[FP2] [UI13] a newcomer cannot begin', async () => {
    const device = newDevice(907);
    const { states, fail } = startOn(device, false);
    fail();
    await device.world.run(minuteMs);
    expect(states.at(-1)).toMatchObject({ phase: 'unusable', troubles: ['core-failed'] });
  });
});

describe('what has to be opened first', () => {
  const firstTold = async (device: Device): Promise<CoreState | undefined> => {
    const { states, arrive } = startOn(device);
    await device.world.run(minuteMs);
    expect(states).toEqual([]);
    arrive();
    await device.world.run(minuteMs, () => states.at(-1)?.phase === 'ready');
    return states.find(({ phase }) => phase === 'ready');
  };

  test('[FP2] nothing is shown early of a list with a conversation of which nothing is known', async () => {
    const device = await setupDevice(908);
    const kept = keysOf(device.disk, 's/');
    expect(kept).toHaveLength(2);
    const writes = kept.map((key) => ({ key, value: undefined }));
    device.disk.write({ type: 'Records', writes });
    device.disk.flush(() => true);
    expect((await firstTold(device))?.conversations).toHaveLength(2);
  });

  test('[FP2] [FG1] nor where one is still to be taken off', async () => {
    const device = await setupDevice(909);
    const bob = startOn(device);
    bob.arrive();
    const gone = bob.core.execute({ type: 'DeleteConversation', conversationId: device.groupId });
    await device.world.run(minuteMs, () => keysOf(device.disk, 'x/').length > 0);
    void gone;
    await bob.core.close();
    expect((await firstTold(device))?.conversations.map(({ kind }) => kind)).toEqual(['self']);
  });
});
