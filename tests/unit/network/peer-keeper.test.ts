import { generateKeyPair } from '@libp2p/crypto/keys';
import type { Libp2p } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PeerKeeper } from '../../../src/network/peers/peer-keeper.ts';
import { defaultTiming } from '../../../src/network/timing.ts';

const relay = '/ip4/127.0.0.1/tcp/9/ws/p2p/12D3KooWBBaze2PRrdw748k1pYMShqWd6uCvxeeCR7MwbHyu8YFU';

/** A node of whose dials none is ever answered: what a dial meets while the network is away. */
const setup = async () => {
  const [one, other] = [await generateKeyPair('Ed25519'), await generateKeyPair('Ed25519')]
    .map(peerIdFromPrivateKey)
    .sort((a, b) => (a.toString() < b.toString() ? -1 : 1));
  if (one === undefined || other === undefined) throw new Error('two peers');
  const dials: AbortSignal[] = [];
  const node = {
    peerId: one,
    getConnections: () => [],
    dial: (_to: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise((_, reject) => {
        dials.push(signal);
        signal.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      }),
  } as unknown as Libp2p;
  const keeper = new PeerKeeper({
    node,
    peer: other,
    timing: defaultTiming,
    canWebRtc: true,
    isListening: false,
    listensAt: () => [],
    nextLinkId: () => 1,
    emit: () => undefined,
    isRelayUp: () => true,
    onChange: () => undefined,
  });
  keeper.want({ peerId: other.toString(), relays: [relay] });
  return { keeper, dials };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('peer keeper', () => {
  test('[NP5] a dial that hangs is begun again at once when the network is back', async () => {
    const { keeper, dials } = await setup();
    expect(dials).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(defaultTiming.settleMs + 1000);
    keeper.kick();
    await vi.advanceTimersByTimeAsync(1);
    expect(dials.map(({ aborted }) => aborted)).toEqual([true, false]);
    keeper.stop();
  });

  test('[NP5] one that has just begun goes on', async () => {
    const { keeper, dials } = await setup();
    await vi.advanceTimersByTimeAsync(defaultTiming.settleMs - 1000);
    keeper.kick();
    await vi.advanceTimersByTimeAsync(1);
    expect(dials.map(({ aborted }) => aborted)).toEqual([false]);
    keeper.stop();
  });
});
