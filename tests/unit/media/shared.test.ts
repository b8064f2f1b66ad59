import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  dropShared,
  hasShared,
  keepShared,
  readShared,
} from '../../../src/media/shared.browser.ts';
import { limits } from '../../../src/protocol/limits.ts';

/** As much of the browser's as is used; `roomBytes` for each response. */
const createCaches = ({ roomBytes = Infinity } = {}) => {
  const caches = new Map<string, Map<string, Response>>();
  return {
    has: (name: string) => Promise.resolve(caches.has(name)),
    delete: (name: string) => Promise.resolve(caches.delete(name)),
    open: (name: string) => {
      const entries = caches.get(name) ?? new Map<string, Response>();
      caches.set(name, entries);
      return Promise.resolve({
        match: (key: string) => Promise.resolve(entries.get(key)?.clone()),
        put: async (key: string, response: Response) => {
          const { size } = await response.clone().blob();
          if (size > roomBytes) throw new DOMException('full', 'QuotaExceededError');
          entries.set(key, response);
        },
      });
    },
  };
};

const share = (words: Readonly<Record<string, string>>, files: ReadonlyArray<File> = []) => {
  const form = new FormData();
  for (const [name, word] of Object.entries(words)) form.set(name, word);
  for (const file of files) form.append('files', file);
  return keepShared(form);
};

const named = (files: ReadonlyArray<File>): ReadonlyArray<string> => files.map(({ name }) => name);

beforeEach(() => {
  vi.stubGlobal('caches', createCaches());
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('[SH1] what is shared one after the other is there together, until it is taken', async () => {
  expect(await hasShared()).toBe(false);
  await share({ title: 'Frost', text: 'Frost' }, [
    new File(['a'], 'ü.txt', { type: 'text/plain' }),
  ]);
  await share({ url: 'https://garden.example' }, [new File(['bc'], '2.bin')]);
  const { text, files, leftOutCount } = await readShared();
  expect(text).toBe('Frost\n\nhttps://garden.example');
  expect(named(files)).toEqual(['ü.txt', '2.bin']);
  expect(files[0]?.type).toBe('text/plain');
  expect([await files[1]?.text(), leftOutCount]).toEqual(['bc', 0]);
  await dropShared();
  expect(await hasShared()).toBe(false);
});

test('[SH1] files beyond the limit are left out, and counted', async () => {
  const many = Array.from(
    { length: limits.attachmentsMax + 2 },
    (_, at) => new File(['x'], `${at}`),
  );
  await share({}, many);
  const { files, leftOutCount } = await readShared();
  expect([files.length, leftOutCount]).toEqual([limits.attachmentsMax, 2]);
});

test('[SH1] for what there is no space is left out, and the rest is kept', async () => {
  vi.stubGlobal('caches', createCaches({ roomBytes: 10 }));
  await share({ text: 'short' }, [new File(['far too long'], 'a'), new File(['fits'], 'b')]);
  const { text, files, leftOutCount } = await readShared();
  expect([text, named(files), leftOutCount]).toEqual(['short', ['b'], 1]);
});
