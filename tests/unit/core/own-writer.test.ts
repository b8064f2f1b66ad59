import * as Y from 'yjs';
import { expect, test, vi } from 'vitest';
import { Epoch } from '../../../src/core/epochs/epoch.ts';
import { openWriter, writerWrite } from '../../../src/core/epochs/own-writer.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { createEntryLog, type EntryLog } from '../../../src/replication/log.ts';
import { setupCore, setupLogs, type TestCore } from '../../support/core-parts.ts';
import { fixedBytes, valueOf } from '../protocol/fixtures.ts';

const emptyLog = (): EntryLog =>
  createEntryLog([new Y.Doc()], { openDocument: () => Promise.resolve(undefined), found: [] });

/** A device that has written three messages (and its bind) in one epoch. */
const setup = async () => {
  const device = await setupCore();
  const segment = valueOf(await device.deps.segments.assign('group'));
  const seed = {
    epochId: fixedBytes('epoch'),
    secret: fixedBytes('secret'),
    base: 0,
    segment,
    order: 0,
  };
  const { logs } = setupLogs(device);
  const epoch = new Epoch(seed);
  valueOf(await logs.open(epoch));
  const contents = ['a', 'b', 'c'].map((text) => ({
    type: 'text',
    mid: fixedBytes(text, 16),
    sentAt: 0,
    payload: { text },
  }));
  const appended = valueOf(await logs.append(epoch, contents));
  return { device, epoch, seed, writerPub: appended[0]?.writerPub };
};

const reopened = async (device: TestCore, segment: string): Promise<EntryLog> =>
  valueOf(await device.deps.segments.log(segment));

test('[OW1] a log that holds all that was written is written on', async () => {
  const { device, epoch, seed, writerPub } = await setup();
  const restarted = await device.restart();
  const log = await reopened(restarted, seed.segment);
  const writer = valueOf(await openWriter(restarted.deps, epoch, log));
  expect(writer.incarnation).toBe(0);
  expect(writer.writerPub).toEqual(writerPub);
  expect(log.held({ mailbox: epoch.mailbox, writerPub: writer.writerPub }).nextSeq).toBe(4);
});

test('[OW1] a log that lost its tail is left alone: the device goes on under a new name', async () => {
  const { device, epoch, writerPub } = await setup();
  const writer = valueOf(await openWriter(device.deps, epoch, emptyLog()));
  expect(writer.incarnation).toBe(1);
  expect(writer.writerPub).not.toEqual(writerPub);
});

test('[OW1] a record that is damaged remembers nothing: the device takes its last name', async () => {
  const { device, epoch, seed } = await setup();
  const { key } = writerWrite(device.self.vault, epoch, { incarnation: 0, nextSeq: 4 });
  device.disk.damageRecord(key, (bytes) => bytes.slice(0, bytes.length - 1));
  const restarted = await device.restart();
  for (const log of [await reopened(restarted, seed.segment), emptyLog()]) {
    const writer = valueOf(await openWriter(restarted.deps, epoch, log));
    expect(writer.incarnation).toBe(limits.incarnationsMax - 1);
  }
});

test('[OW3] a commit that failed and was done all the same leaves one entry in each place', async () => {
  const { device, epoch, seed, writerPub } = await setup();
  const { storage } = device.core;
  const commit = storage.commit.bind(storage);
  let isLost = true;
  storage.commit = async (writes) => {
    const outcome = await commit(writes);
    return isLost ? { ok: false, error: 'failed' } : outcome;
  };
  const content = (text: string) => ({
    type: 'text',
    mid: fixedBytes(text, 16),
    sentAt: 0,
    payload: { text },
  });
  const { logs } = setupLogs(device);
  const again = new Epoch(seed);
  valueOf(await logs.open(again));
  const refused = await logs.append(again, [content('lost'), content('lost too')]);
  expect(refused).toEqual({ ok: false, error: 'failed' });
  isLost = false;
  const [kept] = valueOf(await logs.append(again, [content('kept')]));
  const restarted = await device.restart();
  const log = await reopened(restarted, seed.segment);
  const held = log.held({ mailbox: epoch.mailbox, writerPub: writerPub ?? new Uint8Array() });
  expect(held.nextSeq).toBe(5);
  expect(held.entries(4, 5).map(({ bytes }) => bytes)).toEqual([kept?.envelope.bytes]);
});

test('[OW2] after the last name nothing more is written in the epoch', async () => {
  const { device, epoch } = await setup();
  const last = { incarnation: limits.incarnationsMax - 1, nextSeq: 9 };
  await device.self.vault.commit([writerWrite(device.self.vault, epoch, last)]);
  expect(await openWriter(device.deps, epoch, emptyLog())).toEqual({
    ok: false,
    error: 'damaged-log',
  });
});

test('[OW2] a disk that cannot be read decides nothing', async () => {
  const { device, epoch } = await setup();
  device.disk.faults.isFailing = true;
  expect(await openWriter(device.deps, epoch, emptyLog())).toEqual({ ok: false, error: 'failed' });
});

test('[OW4] a log begins with one commit, and a failed one leaves it as it was', async () => {
  const device = await setupCore();
  const segment = valueOf(await device.deps.segments.assign('group'));
  const { logs, prekeys } = setupLogs(device);
  valueOf(await prekeys.current()); // what is promised is stored before that
  const ids = { epochId: fixedBytes('epoch'), secret: fixedBytes('secret') };
  const epoch = new Epoch({ ...ids, base: 0, segment, order: 0 });
  valueOf(await logs.open(epoch));
  const contents = [
    { type: 'text', mid: fixedBytes('mid', 16), sentAt: 0, payload: { text: 'first' } },
  ];
  const committing = vi.spyOn(device.core.storage, 'commit');
  committing.mockResolvedValueOnce({ ok: false, error: 'disk-full' });
  expect(await logs.append(epoch, contents)).toEqual({ ok: false, error: 'disk-full' });
  expect(logs.rows(epoch)).toEqual([]);
  committing.mockClear();
  const [first] = valueOf(await logs.append(epoch, contents));
  expect(first?.seq).toBe(1);
  expect(committing).toHaveBeenCalledTimes(1);
  expect(logs.rows(epoch).map(({ nextSeq }) => nextSeq)).toEqual([2]);
});
