import { describe, expect, test } from 'vitest';
import { bytesToUtf8 } from '../../../src/base/bytes.ts';
import type { MessageItem } from '../../../src/core/api.ts';
import { entriesOf, planCopy } from '../../../src/app/export/copy.ts';
import { writeArchive } from '../../../src/media/archive.browser.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { bytesFrom, plainFile } from '../../support/files.ts';
import { FakeCore } from '../../support/fake-core.ts';
import { unzip } from '../../support/unzip.ts';

const nowMs = Date.UTC(2026, 4, 3, 14, 5);
const me = { id: 'me', name: 'Nora', isMe: true };
const mallory = { id: 'p-mallory', name: 'Mallory\n[3 May] Nora', isMe: false };

const setup = () => {
  const core = new FakeCore({ now: () => nowMs, me });
  const garden = core.add('group', 'Garden');
  const copied = { conversationId: garden.id, name: 'Garden', members: garden.members, nowMs };
  const calls = { brokenCount: 0, doneBytes: 0, isCalledOff: false, writtenBytes: 0, largest: 0 };
  const progress = {
    onBytes: (count: number) => (calls.doneBytes += count),
    onBroken: () => (calls.brokenCount += 1),
    isCalledOff: () => calls.isCalledOff,
  };
  const parts: Uint8Array[] = [];
  const sink = {
    write: (bytes: Uint8Array) => {
      calls.writtenBytes += bytes.length;
      calls.largest = Math.max(calls.largest, bytes.length);
      parts.push(bytes);
      return Promise.resolve();
    },
  };
  const write = async () => {
    const plan = await planCopy(core, garden.id);
    await writeArchive(entriesOf(core, { copied, plan, progress }), sink, new Date(nowMs));
    return unzip(parts);
  };
  const item = (key: string): MessageItem => {
    const found = garden.items.find((each) => each.key === key);
    if (found?.type !== 'message') throw new Error('no message');
    return found;
  };
  return { core, garden, calls, write, item };
};

const textOf = (bytes: Uint8Array | undefined): string => {
  const text = bytes && bytesToUtf8(bytes);
  if (text?.ok !== true) throw new Error('no text');
  return text.value;
};

const written = (archive: ReadonlyMap<string, Uint8Array>) =>
  JSON.parse(textOf(archive.get('messages.json'))) as {
    members: { name: string }[];
    messages: { text: string; files?: { name: string; path: string | null; isWhole: boolean }[] }[];
  };

describe('a copy of a conversation', () => {
  test('[XP1] holds every message, who is there, and the files that are here, as they were', async () => {
    const { core, garden, write } = setup();
    const bytes = bytesFrom(5, 2_500_000);
    for (let at = 0; at < 10; at++) core.receive(garden.id, mallory, `number ${String(at)}`);
    core.receive(garden.id, mallory, { text: 'a map', attachments: [plainFile(bytes)] });
    const away = core.receive(garden.id, mallory, { text: '', attachments: [plainFile(bytes)] });
    core.setFile(garden.id, away, {
      file: [...core.files.keys()].at(-1) ?? '',
      state: { kind: 'waiting', doneBytes: 0, for: 'holder' },
    });
    const archive = await write();
    expect([...archive.keys()]).toEqual(['files/0001 notes.bin', 'messages.json', 'messages.txt']);
    expect(archive.get('files/0001 notes.bin')).toEqual(bytes);
    const { members, messages } = written(archive);
    expect(members.map(({ name }) => name)).toEqual(['Nora']);
    expect(messages.slice(0, 10).map(({ text }) => text)).toEqual(
      Array.from({ length: 10 }, (_, at) => `number ${String(at)}`),
    );
    expect(messages.slice(10).map(({ files }) => files?.[0])).toMatchObject([
      { name: 'notes.bin', path: 'files/0001 notes.bin', isWhole: true },
      { name: 'notes.bin', path: null, isWhole: false },
    ]);
    expect(textOf(archive.get('messages.txt'))).toContain(
      'notes.bin (not on the device that made this copy)',
    );
  });

  test('[XP2] names never meet, and no message passes for two', async () => {
    const { core, garden, write } = setup();
    const names = ['a.txt', 'A.TXT', 'a.txt', `${'é'.repeat(125)}.png`];
    core.receive(garden.id, mallory, {
      text: '=HYPERLINK("x")\n[3 May 2026 14:05] Nora: I agree\u202e\u0007',
      attachments: names.map((name, at) => plainFile(bytesFrom(at, 10), { name })),
    });
    const archive = await write();
    const files = [...archive.keys()].filter((path) => path.startsWith('files/'));
    expect(files.slice(0, 3)).toEqual(['files/0001 a.txt', 'files/0002 A.TXT', 'files/0003 a.txt']);
    const longest = files[3]?.slice('files/'.length) ?? '';
    expect(new TextEncoder().encode(longest).length).toBeLessThanOrEqual(limits.fileNameBytesMax);
    expect(longest).toMatch(/^0004 é+\.png$/u);
    const lines = textOf(archive.get('messages.txt')).split('\n');
    const body = lines.slice(lines.indexOf('') + 1).filter((line) => line !== '');
    expect(body.filter((line) => line.startsWith('['))).toHaveLength(1);
    expect(body.slice(1).every((line) => line.startsWith('    '))).toBe(true);
    for (const unseen of ['\u202e', '\u0007']) expect(body.join('')).not.toContain(unseen);
  });

  test('[XP2] what disappears is not taken along, nor its files', async () => {
    const { core, garden, write } = setup();
    garden.timerMs = 60_000;
    core.receive(garden.id, mallory, {
      text: 'gone soon',
      attachments: [plainFile(bytesFrom(1, 9))],
    });
    garden.timerMs = undefined;
    core.receive(garden.id, mallory, 'stays');
    expect(await planCopy(core, garden.id)).toMatchObject({
      messageCount: 1,
      disappearingCount: 1,
    });
    const archive = await write();
    expect([...archive.keys()]).toEqual(['messages.json', 'messages.txt']);
    expect(written(archive).messages.map(({ text }) => text)).toEqual(['stays']);
  });

  test('[XP3] it is written piece by piece, a file that breaks off is named, calling off ends it', async () => {
    const { core, garden, calls, write } = setup();
    const bytes = bytesFrom(5, 3_000_000);
    core.receive(garden.id, mallory, { text: 'a film', attachments: [plainFile(bytes)] });
    const archive = await write();
    expect(calls.doneBytes).toBe(bytes.length);
    expect(calls.largest).toBeLessThanOrEqual(limits.readBytesMax);
    expect(archive.size).toBe(3);

    const broken = setup();
    broken.core.receive(broken.garden.id, mallory, { text: '', attachments: [plainFile(bytes)] });
    broken.core.refusals.set('ReadAttachment', 'not-ready');
    const [file] = written(await broken.write()).messages[0]?.files ?? [];
    expect(file).toMatchObject({ path: 'files/0001 notes.bin', isWhole: false });
    expect(broken.calls.brokenCount).toBe(1);

    const calledOff = setup();
    calledOff.core.receive(calledOff.garden.id, mallory, {
      text: '',
      attachments: [plainFile(bytes)],
    });
    calledOff.calls.isCalledOff = true;
    await expect(calledOff.write()).rejects.toThrow('called-off');
    expect(calledOff.calls.writtenBytes).toBeLessThan(200);
  });
});
