import { afterEach, expect, test, vi } from 'vitest';
import { answerStreams, openStream } from '../../../src/media/stream.browser.ts';
import type { StreamAnswer } from '../../../src/media/stream-range.ts';

const setup = (controller: object | null) => {
  const container = Object.assign(new EventTarget(), { controller });
  vi.stubGlobal('navigator', { serviceWorker: container });
  vi.stubGlobal('document', { baseURI: 'https://sotto.example/app/' });
  answerStreams();
  /** As the service worker asks. */
  const ask = (token: string): Promise<StreamAnswer | undefined> =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<StreamAnswer | null | undefined>) => {
        port1.close();
        resolve(data ?? undefined); // Node makes null of it
      };
      const data = { type: 'read-stream', token, fromByte: 5, byteCount: 2 };
      container.dispatchEvent(new MessageEvent('message', { data, ports: [port2] }));
    });
  return { ask };
};

const film = {
  sizeBytes: 9,
  mediaType: 'video/mp4',
  read: (fromByte: number, byteCount: number) =>
    Promise.resolve(new Uint8Array(byteCount).fill(fromByte)),
};

afterEach(() => {
  vi.unstubAllGlobals();
});

test('[VS2] each address is another, and is answered until it is closed', async () => {
  const { ask } = setup({});
  const stream = openStream(film);
  const [, token = ''] =
    /^https:\/\/sotto\.example\/app\/stream\/([0-9a-f]{32})$/u.exec(stream?.url ?? '') ?? [];
  expect(openStream(film)?.url).not.toBe(stream?.url);
  expect(await ask(token)).toEqual({
    bytes: Uint8Array.of(5, 5),
    sizeBytes: 9,
    mediaType: 'video/mp4',
  });
  stream?.close();
  expect(await ask(token)).toBeUndefined();
});

test('[VS1] without a service worker there is none', () => {
  setup(null);
  expect(openStream(film)).toBeUndefined();
});
