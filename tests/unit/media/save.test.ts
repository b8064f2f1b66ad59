import { afterEach, expect, test, vi } from 'vitest';
import { openSink } from '../../../src/media/save.browser.ts';
import { limits } from '../../../src/protocol/limits.ts';

const small = { name: 'plan.pdf', sizeBytes: 9 };
const large = { name: 'film.mp4', sizeBytes: limits.downloadBytesMax + 1 };

/** A browser that asks for a place; undefined: one that does not. */
const setup = (pick?: (options: { readonly suggestedName: string }) => Promise<unknown>) => {
  vi.stubGlobal('window', { showSaveFilePicker: pick });
};

const refuse = (name: string) => () => Promise.reject(new DOMException('no', name));

afterEach(() => {
  vi.unstubAllGlobals();
});

test('[MF7] where a place can be chosen, any size is written there piece by piece', async () => {
  const sink = { write: () => Promise.resolve() };
  const asked: string[] = [];
  setup(({ suggestedName }) => {
    asked.push(suggestedName);
    return Promise.resolve({ createWritable: () => Promise.resolve(sink) });
  });
  expect(await openSink(large)).toBe(sink);
  expect(asked).toEqual(['film.mp4']);
});

test('[MF7] who thinks better of it saves nothing', async () => {
  setup(refuse('AbortError'));
  expect(await openSink(small)).toBeUndefined();
});

test('[MF7] where choosing is refused, or cannot be, it is a download of at most so much', async () => {
  setup(refuse('SecurityError'));
  expect(await openSink(small)).toMatchObject({ write: expect.any(Function) as unknown });
  expect(await openSink(large)).toBe('too-large');
  setup();
  expect(await openSink(small)).toMatchObject({ write: expect.any(Function) as unknown });
  expect(await openSink(large)).toBe('too-large');
});
