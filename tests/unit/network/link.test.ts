import { streamPair } from '@libp2p/utils';
import { multiaddr } from '@multiformats/multiaddr';
import type { Connection, Stream } from '@libp2p/interface';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Link } from '../../../src/network/peers/link.ts';
import { defaultTiming } from '../../../src/network/timing.ts';
import { limits } from '../../../src/protocol/limits.ts';

/** What a link looks at of its connection. */
const setupConnection = (isDirect: boolean, told: Connection['limits'], way: string) => {
  const aborted: Error[] = [];
  const connection = {
    direct: isDirect,
    limits: told,
    remoteAddr: multiaddr(way),
    abort: (reason: Error) => {
      aborted.push(reason);
    },
  };
  return { aborted, connection: connection as unknown as Connection };
};

interface End {
  readonly link: Link;
  readonly frames: Uint8Array[];
  readonly aborted: Error[];
  isEnded: boolean;
  isSpent: boolean;
  isQuiet: boolean;
}

let ends: End[] = [];
interface Route {
  readonly told?: Connection['limits'];
  readonly way?: string;
}
const setupEnd = (
  stream: Stream,
  isDirect: boolean,
  { told, way = '/webrtc' }: Route = {},
): End => {
  const { connection, aborted } = setupConnection(isDirect, told, way);
  const end: End = {
    frames: [],
    aborted,
    isEnded: false,
    isSpent: false,
    isQuiet: false,
    link: new Link({
      id: ends.length + 1,
      connection,
      stream,
      isOurs: ends.length === 0,
      timing: defaultTiming,
      onFrame: (frame) => {
        end.frames.push(frame);
      },
      onBlob: () => undefined,
      onSpent: () => {
        end.isSpent = true;
      },
      onQuiet: () => {
        end.isQuiet = end.link.isQuiet;
      },
      onEnd: () => {
        end.isEnded = true;
      },
    }),
  };
  ends.push(end);
  return end;
};

const setupPair = async ({ isDirect = true } = {}): Promise<[End, End]> => {
  const [ours, theirs] = await streamPair();
  return [setupEnd(ours, isDirect), setupEnd(theirs, isDirect)];
};

beforeEach(() => {
  ends = [];
  vi.useFakeTimers();
});
afterEach(() => {
  for (const { link } of ends) link.abort();
  vi.useRealTimers();
});

const settle = async (ms = 50): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms);
};

describe('link', () => {
  test('[NL1] frames arrive whole and in order, heartbeats never', async () => {
    const [alice, bob] = await setupPair();
    const sent = [1, 40_000, 2, 300_000, 1_000_000].map((length) => new Uint8Array(length).fill(7));
    const all = Promise.all(sent.map((frame) => alice.link.send(frame)));
    await settle(5_000);
    await all;
    await settle(60_000);
    expect(bob.frames.map(({ length }) => length)).toEqual(sent.map(({ length }) => length));
    expect(alice.isEnded || bob.isEnded).toBe(false);
  });

  test('[NL2] a peer that falls silent is noticed, and its connection given up', async () => {
    const [mute] = await streamPair();
    const alice = setupEnd(mute, true);
    await settle(defaultTiming.silenceDirectMs - 1);
    expect(alice.isEnded).toBe(false);
    await settle(2 * defaultTiming.heartbeatDirectMs);
    expect(alice.isEnded).toBe(true);
    expect(alice.aborted[0]?.message).toBe('link-silent');
    await expect(alice.link.send(Uint8Array.of(1))).rejects.toThrow('link-closed');
  });

  test('[NL2] a direct link is quiet after 6 s, and given up before the browser does after 16 s', async () => {
    const [mute] = await streamPair();
    const alice = setupEnd(mute, true);
    await settle(6000);
    expect(alice.isQuiet).toBe(false);
    await settle(2000);
    expect([alice.isQuiet, alice.isEnded]).toEqual([true, false]);
    await settle(7000);
    expect(alice.isEnded).toBe(true);
  });

  test('[NL2] a quiet link that is heard again is quiet no more, and lives on', async () => {
    const [ours, theirs] = await streamPair();
    const alice = setupEnd(ours, true);
    await settle(8000);
    expect(alice.isQuiet).toBe(true);
    theirs.send(Uint8Array.of(0, 0, 0, 0)); // a heartbeat
    await settle();
    expect(alice.isQuiet).toBe(false);
    await settle(defaultTiming.quietDirectMs);
    expect(alice.isEnded).toBe(false);
  });

  test('[NL2] a relayed link is never quiet: there is no way round it', async () => {
    const [mute] = await streamPair();
    const alice = setupEnd(mute, false);
    await settle(defaultTiming.silenceRelayedMs);
    expect(alice.isQuiet).toBe(false);
  });

  test('[NL2] after a sleep a link is judged only at the second look', async () => {
    const [mute] = await streamPair();
    const alice = setupEnd(mute, true);
    const hourMs = 3_600_000;
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + hourMs);
    await settle(defaultTiming.heartbeatDirectMs);
    expect([alice.isQuiet, alice.isEnded]).toEqual([false, false]);
    await settle(defaultTiming.heartbeatDirectMs);
    expect(alice.isEnded).toBe(true);
    now.mockRestore();
  });

  test('[NL2] a page whose timers run once a minute still gives signs of life', async () => {
    const [ours, theirs] = await streamPair();
    const beats: number[] = [];
    theirs.addEventListener('message', ({ data }) => beats.push(data.byteLength));
    const alice = setupEnd(ours, false);
    let nowMs = performance.now();
    const now = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const passMinute = async (): Promise<void> => {
      nowMs += 60_000;
      await settle(defaultTiming.heartbeatRelayedMs);
    };
    for (let minute = 0; minute < 3; minute++) {
      theirs.send(Uint8Array.of(0, 0, 0, 0));
      await passMinute();
    }
    expect(beats.length).toBe(3);
    expect(alice.isEnded).toBe(false);
    for (let minute = 0; minute < 3; minute++) await passMinute();
    expect(alice.isEnded).toBe(true); // and still notices that the other has gone
    now.mockRestore();
  });

  test('[NL2] one to where a peer listens bears a longer silence, and is quiet before that', async () => {
    const [mute] = await streamPair();
    const alice = setupEnd(mute, true, { way: '/ip4/127.0.0.1/tcp/4020/ws' });
    await settle(20_000);
    expect([alice.isQuiet, alice.isEnded]).toEqual([false, false]);
    await settle(8000);
    expect([alice.isQuiet, alice.isEnded]).toEqual([true, false]);
    await settle(8000);
    expect(alice.isEnded).toBe(true);
  });

  test('[NL2] what was just written is a sign of life: no heartbeat follows it', async () => {
    const [ours, theirs] = await streamPair();
    const beats: number[] = [];
    theirs.addEventListener('message', ({ data }) => beats.push(data.byteLength));
    const alice = setupEnd(ours, true);
    const { heartbeatDirectMs } = defaultTiming;
    await settle(heartbeatDirectMs - 100);
    await alice.link.send(Uint8Array.of(1));
    await settle(heartbeatDirectMs);
    expect(beats).toEqual([5]);
    await settle(heartbeatDirectMs);
    expect(beats).toEqual([5, 4]);
  });

  test('[NL2] a relayed link bears a longer silence', async () => {
    const [mute] = await streamPair();
    const alice = setupEnd(mute, false);
    await settle(defaultTiming.silenceDirectMs + 2 * defaultTiming.heartbeatDirectMs);
    expect(alice.isEnded).toBe(false);
    await settle(defaultTiming.silenceRelayedMs + defaultTiming.heartbeatRelayedMs);
    expect(alice.isEnded).toBe(true);
  });

  test('[NL3] a relayed link is spent by bytes, both ways together, or by age', async () => {
    const [alice, bob] = await setupPair({ isDirect: false });
    expect(alice.link.spentAtMs).toBe(alice.link.openedAtMs + limits.relayedLinkMs);
    const half = new Uint8Array(limits.relayedLinkBytesMax / 2);
    void alice.link.send(half);
    void bob.link.send(half);
    await settle();
    expect([alice.isSpent, bob.isSpent]).toEqual([false, false]);
    void bob.link.send(Uint8Array.of(1));
    await settle();
    expect([alice.isSpent, bob.isSpent]).toEqual([true, true]);
    expect(alice.link.spentAtMs).toBeLessThanOrEqual(performance.now());
  });

  test('[NL3] by a quarter of what its relay said it allows, where that is more', async () => {
    const [ours] = await streamPair();
    const { link } = setupEnd(ours, false, { told: { bytes: 1_000_000n, seconds: 60 } });
    void link.send(new Uint8Array(250_000));
    await settle();
    expect(link.spentAtMs).toBeGreaterThan(performance.now());
    void link.send(Uint8Array.of(1));
    await settle();
    expect(link.spentAtMs).toBeLessThanOrEqual(performance.now());
  });

  test('[NL3] a direct link is never spent', async () => {
    const [alice] = await setupPair();
    void alice.link.send(new Uint8Array(limits.relayedLinkBytesMax + 1));
    await settle();
    expect(alice.isSpent).toBe(false);
    expect(alice.link.spentAtMs).toBe(Infinity);
  });

  test('[NL4] a retired link sends nothing more, but what was under way arrives', async () => {
    const [alice, bob] = await setupPair();
    const frame = new Uint8Array(5_000).fill(1);
    const sent = bob.link.send(frame);
    alice.link.retire();
    await expect(alice.link.send(frame)).rejects.toThrow('link-closed');
    await settle();
    await sent;
    expect(alice.frames).toEqual([frame]);
    await settle(defaultTiming.lingerMs);
    expect([alice.isEnded, bob.isEnded]).toEqual([true, true]);
  });

  test('[NL4] a retired link ends although the peer does not', async () => {
    const [mute] = await streamPair();
    const alice = setupEnd(mute, true);
    alice.link.retire();
    await settle(defaultTiming.lingerMs + 1);
    expect(alice.isEnded).toBe(true);
  });

  test('[NL5] a frame announced as too long ends the link', async () => {
    const [ours, theirs] = await streamPair();
    const alice = setupEnd(ours, true);
    theirs.send(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1));
    await settle();
    expect(alice.isEnded).toBe(true);
    expect(alice.frames).toEqual([]);
  });

  test('[NL6] a bounded number of frames waits for a transport that takes none', async () => {
    const [ours, theirs] = await streamPair();
    const alice = setupEnd(ours, true);
    theirs.pause();
    const results = Promise.allSettled(
      Array.from({ length: limits.linkWaitingMax + 5 }, () =>
        alice.link.send(new Uint8Array(limits.syncFrameBytesMax)),
      ),
    );
    alice.link.abort();
    await settle();
    const reasons = (await results).map((one) =>
      one.status === 'rejected' ? String(one.reason) : '',
    );
    expect(reasons.filter((reason) => reason === 'Error: link-full')).toHaveLength(5);
  });
});
