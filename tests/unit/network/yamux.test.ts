import type { Stream } from '@libp2p/interface';
import { multiaddrConnectionPair } from '@libp2p/utils';
import { expect, test, vi } from 'vitest';
import { quietYamux } from '../../../src/network/yamux.ts';

const kib = 1024;

/** Two ends of one stream, and how many pieces went from who answers back to who sends. */
const setup = async () => {
  const [ours, theirs] = multiaddrConnectionPair();
  const said = vi.spyOn(theirs, 'send');
  const muxer = quietYamux()();
  const [sender, receiver] = [muxer.createStreamMuxer(ours), muxer.createStreamMuxer(theirs)];
  const incoming = new Promise<Stream>((resolve) => {
    receiver.addEventListener('stream', ({ detail }) => {
      resolve(detail);
    });
  });
  const out = await sender.createStream();
  const stream = await incoming;
  let heardBytes = 0;
  stream.addEventListener('message', ({ data }) => {
    heardBytes += data.byteLength;
  });
  const hears = (bytes: number) =>
    vi.waitFor(() => {
      expect(heardBytes).toBe(bytes);
    });
  return { out, stream, said, hears };
};

const sendAll = async (out: Stream, count: number, piece: Uint8Array): Promise<void> => {
  for (let sent = 0; sent < count; sent++) {
    if (!out.send(piece)) await out.onDrain();
  }
};

test('[YX1] a hundred small pieces are not answered one by one', async () => {
  const { out, said, hears } = await setup();
  out.send(new Uint8Array(100)); // opens it
  await hears(100);
  said.mockClear();
  await sendAll(out, 100, new Uint8Array(500));
  await hears(50_100);
  expect(said.mock.calls.length).toBeLessThan(3); // a ping may be among them
});

test('[YX1] many times a window goes through, and what was held back by a pause', async () => {
  const { out, stream, said, hears } = await setup();
  const piece = new Uint8Array(16 * kib);
  await sendAll(out, 256, piece); // 4 MiB
  await hears(256 * piece.length);
  expect(said.mock.calls.length).toBeGreaterThan(3);
  stream.pause();
  let count = 257;
  while (out.send(piece)) count += 1; // until the window is used up
  stream.resume();
  await hears(count * piece.length);
});
