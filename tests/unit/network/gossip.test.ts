import { peerIdFromString } from '@libp2p/peer-id';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { judge } from '../../../src/network/gossip.ts';
import type { NetworkHandlers } from '../../../src/network/port.ts';
import { limits } from '../../../src/protocol/limits.ts';

const peer = peerIdFromString('12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq');
const judged = (gossip: NetworkHandlers['gossip'], data = Uint8Array.of(1)) =>
  judge({ gossip }, { peer, topic: 'opaque', data });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('gossip verdicts', () => {
  test.each(['accept', 'ignore', 'reject'] as const)('[NG1] the core says %s', async (verdict) => {
    expect(await judged(() => verdict)).toBe(verdict);
    expect(await judged(() => Promise.resolve(verdict))).toBe(verdict);
  });

  test('[NG1] no answer within 500 ms means ignore, and not a moment earlier', async () => {
    let said: string | undefined;
    void judged(() => new Promise(() => undefined)).then((verdict) => {
      said = verdict;
    });
    await vi.advanceTimersByTimeAsync(limits.gossipVerdictMs - 1);
    expect(said).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(said).toBe('ignore');
  });

  test('[NG1] a core that fails means ignore', async () => {
    expect(await judged(() => Promise.reject(new Error('trouble')))).toBe('ignore');
    expect(
      await judged(() => {
        throw new Error('trouble');
      }),
    ).toBe('ignore');
  });

  test('[NG5] a frame that is empty or too long is rejected without asking', async () => {
    const ask = vi.fn(() => 'accept' as const);
    expect(await judged(ask, new Uint8Array())).toBe('reject');
    expect(await judged(ask, new Uint8Array(limits.frameBytesMax + 1))).toBe('reject');
    expect(ask).not.toHaveBeenCalled();
    expect(await judged(ask, new Uint8Array(limits.frameBytesMax))).toBe('accept');
  });
});
