import { expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import { Epoch, type OpenedEntry } from '../../../src/core/epochs/epoch.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { setupCore, setupLogs } from '../../support/core-parts.ts';
import { fixedBytes, valueOf } from '../protocol/fixtures.ts';

const count = limits.timelineWindow + 2 * limits.foldBatchMax + 7;

/** A device with one long log on its disk, started anew; and what is told of the entries there. */
const setup = async () => {
  const device = await setupCore();
  const segment = valueOf(await device.deps.segments.assign('group'));
  const place = { epochId: fixedBytes('epoch'), base: 0, segment, order: 0 };
  const seed = { ...place, secret: fixedBytes('secret') };
  const { logs } = setupLogs(device);
  const epoch = new Epoch(seed);
  valueOf(await logs.open(epoch));
  const contents = Array.from({ length: count }, (_, i) => ({
    type: 'text',
    mid: fixedBytes(String(i), 16),
    sentAt: 0,
    payload: { text: String(i) },
  }));
  const [first] = valueOf(await logs.append(epoch, contents));
  const writerPub = first?.writerPub ?? new Uint8Array();
  const restarted = await device.restart();
  const open = () => {
    const told: OpenedEntry[] = [];
    const host = { onEntry: (entry: OpenedEntry) => told.push(entry) };
    return { epoch: new Epoch(seed), ...setupLogs(restarted, host), told };
  };
  return { writerPub, open };
};

const nameOf = ({ place, hash, body }: OpenedEntry): string =>
  [place.seq, hash, body.lamport, toHex(body.mid)].join('/');

test('[LZ3] the newest entries come first, and with the others all of them as in order', async () => {
  const { writerPub, open } = await setup();
  const inOrder = open();
  valueOf(await inOrder.logs.open(inOrder.epoch));
  const inParts = open();
  const { logs, epoch, told } = inParts;
  const floor = valueOf(await logs.openNewest(epoch));
  expect(told.map(({ place }) => place.seq)).toEqual(
    Array.from({ length: limits.timelineWindow }, (_, i) => count - limits.timelineWindow + 1 + i),
  );
  expect(floor).toBe(told[0]?.body.lamport);

  let pauses = 0;
  const isSame = await logs.openRest(epoch, () => {
    pauses += 1;
    return Promise.resolve();
  });
  expect(valueOf(isSame)).toBe(true);
  expect(pauses).toBe(2);
  const sorted = told.toSorted((a, b) => a.place.seq - b.place.seq);
  expect(sorted.map(nameOf)).toEqual(inOrder.told.map(nameOf));
  expect(inOrder.told).toHaveLength(count);
  expect(epoch.position(writerPub)).toEqual(inOrder.epoch.position(writerPub));
});

test('[LZ3] what an older entry makes invalid after the fact is noticed', async () => {
  const { writerPub, open } = await setup();
  const { logs, epoch } = open();
  valueOf(await logs.openNewest(epoch));
  const next = epoch.skip(writerPub, count + 1);
  expect(next).toBeDefined();
  if (next === undefined) return;
  expect(epoch.rejoin(writerPub, { ...next, lamport: 1 })).toBe(true);
  expect(epoch.rejoin(writerPub, { ...next, lamport: 1_000_000 })).toBe(false);
});
