import { expect, test } from 'vitest';
import { ok } from '../../../src/base/result.ts';
import { ContainedQueue } from '../../../src/core/contained-queue.ts';
import { Epoch } from '../../../src/core/epochs/epoch.ts';
import type { Admittance } from '../../../src/core/epochs/epoch-logs.ts';
import type { Parcel } from '../../../src/core/scope.ts';
import { Arrivals } from '../../../src/core/sync/arrivals.ts';
import { Forwarding } from '../../../src/core/sync/forwarding.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { runOf, type Run } from '../../../src/replication/runs.ts';
import { setupCore, setupLogs } from '../../support/core-parts.ts';
import { fixedBytes, valueOf } from '../protocol/fixtures.ts';
import { World } from '../../simulation/world.ts';

const epoch = Object.create(Epoch.prototype) as Epoch;
const coming = { arrival: 'live', path: 'link', from: 'bob' } as const;

const parcelOf = (count: number): Parcel => {
  const envelopes = Array.from({ length: count });
  const run = { writerPub: new Uint8Array(32), fromSeq: 0, envelopes } as unknown as Run;
  return { epoch, runs: [run], coming };
};

/** A scope that takes what it is told to in its own time. */
const setup = () => {
  const queue = new ContainedQueue(() => undefined);
  const taken: (readonly Parcel[])[] = [];
  let release: (() => void)[] = [];
  const scope = {
    run: <T>(task: () => Promise<T>) => queue.run(task),
    receive: async (parcels: readonly Parcel[]): Promise<ReadonlyArray<Admittance>> => {
      taken.push(parcels);
      await new Promise<void>((resolve) => release.push(resolve));
      if (parcels.some(({ runs }) => runs.length === 0)) throw new Error('broken');
      return parcels.map(({ runs }) =>
        ok({ freshCount: runs[0]?.envelopes.length ?? 0, fault: undefined }),
      );
    },
  };
  const forwarding = new Forwarding({
    clock: new World(1).clock(() => 0),
    logs: { heldCount: () => 0 },
    deviceCount: () => 2,
    onDue: () => undefined,
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
    for (const one of release) one();
    release = [];
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  return { arrivals: new Arrivals(scope, forwarding), taken, settle };
};

test('[FW3] what comes while earlier entries are written is taken up together', async () => {
  const { arrivals, taken, settle } = setup();
  const answers = Promise.all([1, 2, 3, 4].map((count) => arrivals.take(parcelOf(count))));
  await settle();
  await settle();
  expect(taken.map(({ length }) => length)).toEqual([4]);
  const counts = (await answers).map((one) => valueOf(valueOf(one)).freshCount);
  expect(counts).toEqual([1, 2, 3, 4]);
  const late = arrivals.take(parcelOf(5));
  await settle();
  expect(valueOf(valueOf(await late)).freshCount).toBe(5);
});

test('[FW3] so much that others would wait for long is taken up by itself', async () => {
  const { arrivals, taken, settle } = setup();
  const many = limits.arrivalsTogetherMax;
  const answers = [many * 2, 1, many - 1, 1].map((count) => arrivals.take(parcelOf(count)));
  for (let i = 0; i < answers.length; i++) await settle();
  expect(taken.map(({ length }) => length)).toEqual([1, 2, 1]);
  for (const one of answers) valueOf(await one);
});

test('[FW3] where the scope stops, everybody who waits hears so', async () => {
  const { arrivals, settle } = setup();
  const answers = [parcelOf(1), { epoch, runs: [], coming }, parcelOf(1)].map((parcel) =>
    arrivals.take(parcel),
  );
  for (let i = 0; i < answers.length; i++) await settle();
  expect((await Promise.all(answers)).map(({ ok: ran }) => ran)).toEqual([false, false, false]);
});

const contentOf = (text: string) => ({
  type: 'text',
  mid: fixedBytes(text, 16),
  sentAt: 0,
  payload: { text },
});

/** An epoch in which two have written, and the logs of somebody else who holds none of it. */
const setupEpoch = async () => {
  const seed = { epochId: fixedBytes('epoch'), secret: fixedBytes('secret'), base: 0, order: 0 };
  const open = async (number: number) => {
    const device = await setupCore({ seed: number });
    const heard: string[] = [];
    const { logs } = setupLogs(device, {
      onEntry: ({ body }) => heard.push(JSON.stringify(body.payload)),
    });
    const segment = valueOf(await device.deps.segments.assign('group'));
    const opened = new Epoch({ ...seed, segment });
    valueOf(await logs.open(opened));
    return { device, logs, heard, opened };
  };
  const written = async (number: number): Promise<ReadonlyArray<Run>> => {
    const { logs, opened } = await open(number);
    const [first, ...more] = valueOf(await logs.append(opened, ['a', 'b'].map(contentOf)));
    const bind = first && logs.entryAt(opened, first.writerPub, 0);
    if (first === undefined || bind === undefined) throw new Error('a log begins with a bind');
    return [bind, first.envelope, ...more.map(({ envelope }) => envelope)].map((one) =>
      valueOf(runOf([one])),
    );
  };
  const runs = { alice: await written(1), carol: await written(3) };
  const bob = await open(2);
  const admit = (arrived: ReadonlyArray<Run>) =>
    bob.logs.admit(arrived.map((run) => ({ epoch: bob.opened, runs: [run], arrival: 'live' })));
  return { runs, admit, heard: bob.heard, storage: bob.device.core.storage };
};

test('[FW3] entries of one log that come one by one, some twice, are all taken, in order', async () => {
  const { runs, admit, heard } = await setupEpoch();
  const admitted = (await admit(runs.alice.flatMap((run) => [run, run]))).map(valueOf);
  expect(admitted.map(({ freshCount }) => freshCount)).toEqual([1, 0, 1, 0, 1, 0]);
  expect(admitted.every(({ fault }) => fault === undefined)).toBe(true);
  expect(heard).toEqual(['a', 'b'].map((text) => JSON.stringify({ text })));
});

test('[FW3] what two devices wrote shares a write; where that fails neither is there', async () => {
  const { runs, admit, heard, storage } = await setupEpoch();
  const commit = storage.commit.bind(storage);
  let commitCount = 0;
  let isFull = true;
  storage.commit = (writes) => {
    commitCount += 1;
    return isFull ? Promise.resolve({ ok: false, error: 'disk-full' }) : commit(writes);
  };
  const binds = [runs.alice.slice(0, 1), runs.carol.slice(0, 1)].flat();
  const refused = { ok: false, error: 'disk-full' };
  expect(await admit([...binds, ...binds])).toEqual([refused, refused, refused, refused]);
  expect(commitCount).toBe(1);
  isFull = false;
  expect((await admit(binds)).map((one) => valueOf(one).freshCount)).toEqual([1, 1]);
  expect(commitCount).toBe(2);
  expect((await admit(runs.carol.slice(1))).every(({ ok: isIn }) => isIn)).toBe(true);
  expect(heard).toHaveLength(2);
});
