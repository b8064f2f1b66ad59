import { streamPair } from '@libp2p/utils';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, u32be } from '../../../src/base/bytes.ts';
import { createFrameStream } from '../../../src/network/frame-stream.ts';

const frame = fc.uint8Array({ maxLength: 2000 });

describe('frame stream', () => {
  test('[NF1] frames come out as they went in, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 }),
        async (sent, cuts) => {
          const [ours, theirs] = await streamPair();
          const frames = createFrameStream(theirs, 2000);
          const bytes = concatBytes(...sent.flatMap((one) => [u32be(one.length), one]));
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = cuts[turn % cuts.length] ?? 1;
            ours.send(bytes.subarray(at, at + size));
            at += size;
          }
          for (const one of sent) expect(await frames.read()).toEqual(one);
          ours.abort(new Error('done'));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('[NF1] what is written is read on the other side', async () => {
    const [ours, theirs] = await streamPair();
    const [from, to] = [createFrameStream(ours, 100), createFrameStream(theirs, 100)];
    await Promise.all([from.write(Uint8Array.of(1)), from.write(new Uint8Array())]);
    expect(await to.read()).toEqual(Uint8Array.of(1));
    expect(await to.read()).toEqual(new Uint8Array());
  });

  test('[NF2] any bytes end in frames or an Error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const [ours, theirs] = await streamPair();
        const frames = createFrameStream(theirs, 100);
        ours.send(bytes);
        void ours.close();
        const readAll = async (): Promise<never> => {
          for (;;) expect((await frames.read()).length).toBeLessThanOrEqual(100);
        };
        await expect(readAll()).rejects.toBeInstanceOf(Error);
      }),
      { numRuns: 60 },
    );
  });

  test('[NF3] a peer that announces too much is refused before it has sent it', async () => {
    const [ours, theirs] = await streamPair();
    ours.send(u32be(101));
    await expect(createFrameStream(theirs, 100).read()).rejects.toThrow('too long');
  });

  test('[NF4] writing and reading on what has ended reject with an Error', async () => {
    const [ours, theirs] = await streamPair();
    const frames = createFrameStream(ours, 100);
    const reading = expect(frames.read()).rejects.toBeInstanceOf(Error);
    theirs.abort(new Error('gone'));
    await reading;
    await expect(frames.write(Uint8Array.of(1))).rejects.toBeInstanceOf(Error);
  });

  test('[NF5] what nobody reads ends the stream beyond a bound', async () => {
    const [ours, theirs] = await streamPair();
    const frames = createFrameStream(theirs, 100_000);
    const ended = new Promise((resolve) => {
      theirs.addEventListener('close', resolve);
    });
    const one = concatBytes(u32be(100_000), new Uint8Array(100_000));
    for (let i = 0; i < 41; i++) ours.send(one); // nearly as much as is kept
    expect((await frames.read()).length).toBe(100_000);
    expect(theirs.status).toBe('open');
    for (let i = 0; i < 3; i++) ours.send(one);
    await ended;
    await expect(frames.read()).rejects.toThrow('too many');
  });
});
