import { describe, expect, test } from 'vitest';
import { readRange, streamResponse } from '../../../src/media/stream-range.ts';
import { limits } from '../../../src/protocol/limits.ts';

const { readBytesMax } = limits;

describe('[VS1] a question for bytes', () => {
  test.each([
    ['bytes=0-', { fromByte: 0, byteCount: readBytesMax }],
    ['bytes=0-1', { fromByte: 0, byteCount: 2 }],
    ['bytes=700-99999999', { fromByte: 700, byteCount: readBytesMax }],
  ])('%s is answered by as much as one answer holds', (header, range) => {
    expect(readRange(header)).toEqual(range);
  });

  test.each([
    null,
    '',
    'bytes=-5',
    'bytes=5-2',
    'bytes=0-1,4-5',
    'items=0-',
    `bytes=${'9'.repeat(20)}-`,
  ])('%s is none', (header) => {
    expect(readRange(header)).toBeUndefined();
  });
});

describe('[VS2] an answer', () => {
  const range = { fromByte: 5, byteCount: 3 };
  const film = { bytes: Uint8Array.of(1, 2, 3), sizeBytes: 9, mediaType: 'video/mp4' };

  test('says where its bytes are, and is kept by nobody', async () => {
    const response = streamResponse(range, film);
    expect(response.status).toBe(206);
    expect(response.headers.get('Content-Range')).toBe('bytes 5-7/9');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(film.bytes);
  });

  test('is none for what is not here, and for what could run', () => {
    expect(streamResponse(range, undefined).status).toBe(404);
    expect(streamResponse(range, { ...film, mediaType: 'text/html' }).status).toBe(404);
    expect(streamResponse(range, { ...film, mediaType: 'video/mp4; x' }).status).toBe(404);
  });

  test('beyond the end says how long it is', () => {
    const response = streamResponse(range, { ...film, bytes: new Uint8Array() });
    expect([response.status, response.headers.get('Content-Range')]).toEqual([416, 'bytes */9']);
  });
});
