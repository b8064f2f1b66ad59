/** A film that a browser makes of noise: a WebM whose every picture can be sought, large for its length. */
import type { Page } from '@playwright/test';

interface Film {
  readonly name: string;
  readonly seconds: number;
}

/** Pastes it into the field; answers its size. */
export const pasteFilm = (page: Page, film: Film): Promise<number> =>
  page.evaluate(async ({ name, seconds }) => {
    const framesPerSecond = 5;
    const [width, height] = [320, 240];
    const frames: Uint8Array<ArrayBuffer>[] = [];
    const encoder = new VideoEncoder({
      output: (chunk) => {
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        frames.push(bytes);
      },
      error: reportError,
    });
    encoder.configure({ codec: 'vp8', width, height, bitrate: 8e6, framerate: framesPerSecond });
    const noise = Uint8Array.from({ length: width * height * 4 }, () => Math.random() * 256);
    for (let at = 0; at < seconds * framesPerSecond; at++) {
      noise.copyWithin(0, 4 * (at + 1)); // another picture each time
      const timestamp = (at * 1e6) / framesPerSecond;
      const layout = { format: 'RGBA', codedWidth: width, codedHeight: height, timestamp } as const;
      const frame = new VideoFrame(noise.slice(), layout);
      encoder.encode(frame, { keyFrame: true });
      frame.close();
    }
    await encoder.flush();

    type Part = Uint8Array<ArrayBuffer> | string;
    const bytesOf = (parts: ReadonlyArray<Part>) => new Blob([...parts]).arrayBuffer();
    const number = (value: number, length = 8): Uint8Array<ArrayBuffer> =>
      Uint8Array.from({ length }, (_, at) => Math.floor(value / 256 ** (length - 1 - at)) % 256);
    /** Sizes of eight bytes: what follows lies where it was said to. */
    const element = async (id: number, ...parts: ReadonlyArray<Part>) => {
      const content = new Uint8Array(await bytesOf(parts));
      const size = number(content.length);
      size[0] = 1;
      const idBytes = number(id, Math.ceil(Math.log2(id + 1) / 8));
      return new Uint8Array(await bytesOf([idBytes, size, content]));
    };
    const float = (value: number): Uint8Array<ArrayBuffer> => {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value);
      return new Uint8Array(view.buffer);
    };

    const info = await element(
      0x1549a966,
      await element(0x2ad7b1, number(1e6)), // one tick is a millisecond
      await element(0x4489, float(seconds * 1000)),
      await element(0x4d80, 'test'),
      await element(0x5741, 'test'),
    );
    const size = [await element(0xb0, number(width)), await element(0xba, number(height))];
    const track = await element(
      0xae,
      await element(0xd7, number(1)),
      await element(0x73c5, number(1)),
      await element(0x83, number(1)),
      await element(0x86, 'V_VP8'),
      await element(0xe0, ...size),
    );
    const tracks = await element(0x1654ae6b, track);
    const msOf = (at: number): number => (at * 1000) / framesPerSecond;
    const clusters = await Promise.all(
      frames.map(async (frame, at) =>
        element(
          0x1f43b675,
          await element(0xe7, number(msOf(at))),
          await element(0xa3, Uint8Array.of(0x81, 0, 0, 0x80), frame),
        ),
      ),
    );
    const cuesAt = async (firstAt: number) => {
      let at = firstAt;
      const points: Uint8Array<ArrayBuffer>[] = [];
      for (const [index, { length }] of clusters.entries()) {
        const place = [await element(0xf7, number(1)), await element(0xf1, number(at))];
        const time = await element(0xb3, number(msOf(index)));
        points.push(await element(0xbb, time, await element(0xb7, ...place)));
        at += length;
      }
      return element(0x1c53bb6b, ...points);
    };
    const ahead = info.length + tracks.length;
    const cues = await cuesAt(ahead + (await cuesAt(0)).length);
    const file = await bytesOf([
      await element(0x1a45dfa3, await element(0x4282, 'webm')),
      await element(0x18538067, info, tracks, cues, ...clusters),
    ]);
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([file], name, { type: 'video/webm' }));
    document
      .querySelector('textarea')
      ?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    return file.byteLength;
  }, film);
