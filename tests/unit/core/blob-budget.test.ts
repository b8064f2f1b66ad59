import { expect, test } from 'vitest';
import { chooseDue, isWanted } from '../../../src/core/blobs/blob-states.ts';
import type { BlobMode } from '../../../src/core/blobs/blob-file.ts';
import type { FetchRules } from '../../../src/core/api.ts';
import { usualFetching } from '../../../src/core/vault/fetch-rules.ts';
import { limits } from '../../../src/protocol/limits.ts';

type Kind = FetchRules['kinds'][number];

const { rules } = usualFetching;
const { autoFetchBytesMax, autoBytesPerConversationMax } = limits;

const file = (
  sizeBytes: number,
  {
    mode = 'auto',
    kind = 'file',
    doneBytes = 0,
  }: { mode?: BlobMode; kind?: Kind; doneBytes?: number } = {},
) => ({ mode, doneBytes, isDue: false, manifest: { sizeBytes, shape: { kind } } });

const filled = Array.from({ length: autoBytesPerConversationMax / autoFetchBytesMax }, () =>
  file(autoFetchBytesMax),
);

test('[FT1] what comes by itself is what the rules name, by kind and size', () => {
  const files = [file(9), file(11), file(9, { kind: 'video' }), file(9, { mode: 'paused' })];
  chooseDue(files, { ...rules, sizeBytesMax: 10, kinds: ['file'] });
  expect(files.map(isWanted)).toEqual([true, false, false, false]);
  chooseDue(files, { ...rules, sizeBytesMax: 11, kinds: ['video'] });
  expect(files.map(isWanted)).toEqual([false, false, true, false]);
});

test('[FT1] what was asked for comes whatever the rules say', () => {
  const asked = file(9, { mode: 'fetch' });
  chooseDue([asked], { ...rules, kinds: [] });
  expect(isWanted(asked)).toBe(true);
});

test('[FT17] what comes by itself has only so much room, and what was begun comes first', () => {
  const last = file(1);
  chooseDue([...filled, last], rules);
  expect(last.isDue).toBe(false);
  expect(filled.every(({ isDue }) => isDue)).toBe(true);

  const begun = file(1, { doneBytes: 1 });
  chooseDue([...filled, begun], rules);
  expect(begun.isDue).toBe(true);
  expect(filled.at(-1)?.isDue).toBe(false);
});

test('[FT17] what is asked for, or would not come by itself, takes none of it', () => {
  const asked = file(autoFetchBytesMax, { mode: 'fetch' });
  const large = file(autoFetchBytesMax + 1);
  chooseDue([asked, large, ...filled], rules);
  expect(filled.every(({ isDue }) => isDue)).toBe(true);
});
