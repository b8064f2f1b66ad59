import { beforeEach, describe, expect, test } from 'vitest';
import { createMeetings, type Meetings } from '../../../relay/meetings.ts';
import { metBytes } from '../../../src/network/relays/rendezvous.ts';
import { limits } from '../../../src/protocol/limits.ts';

const keyOf = (n: number): Uint8Array => {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, n);
  return key;
};
const blobOf = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const fullBlob = new Uint8Array(limits.meetingBlobBytesMax).fill(7);

let nowMs = 0;
let meetings: Meetings;
beforeEach(() => {
  nowMs = 1_000_000;
  meetings = createMeetings(() => nowMs);
});

describe('meetings', () => {
  test('[RZ3] members under one key see each other and never themselves', () => {
    meetings.register('alice', [{ key: keyOf(1), blob: blobOf(1) }]);
    meetings.register('bob', [{ key: keyOf(1), blob: blobOf(2) }]);
    expect(meetings.poll('alice', 0).met).toEqual([{ key: keyOf(1), blobs: [blobOf(2)] }]);
    expect(meetings.poll('bob', 0).met).toEqual([{ key: keyOf(1), blobs: [blobOf(1)] }]);
  });

  test('[RZ3] who registered nothing, or another key, sees nothing', () => {
    meetings.register('alice', [{ key: keyOf(1), blob: blobOf(1) }]);
    meetings.register('eve', [{ key: keyOf(2), blob: blobOf(9) }]);
    expect(meetings.poll('mallory', 0).met).toEqual([]);
    expect(meetings.poll('eve', 0).met).toEqual([{ key: keyOf(2), blobs: [] }]);
  });

  test('[RZ4] a poll tells only what changed since the last one', () => {
    meetings.register(
      'alice',
      [1, 2].map((n) => ({ key: keyOf(n), blob: blobOf(1) })),
    );
    const first = meetings.poll('alice', 0);
    expect(first.met).toHaveLength(2);
    expect(meetings.poll('alice', first.mark).met).toEqual([]);
    meetings.register('bob', [{ key: keyOf(2), blob: blobOf(2) }]);
    const second = meetings.poll('alice', first.mark);
    expect(second.met).toEqual([{ key: keyOf(2), blobs: [blobOf(2)] }]);
    meetings.remove('bob');
    expect(meetings.poll('alice', second.mark).met).toEqual([{ key: keyOf(2), blobs: [] }]);
  });

  test('[RZ4] what does not fit in one reply comes with the next, nothing lost or repeated', () => {
    const keys = Array.from({ length: 2000 }, (_, n) => keyOf(n));
    meetings.register(
      'alice',
      keys.map((key) => ({ key, blob: fullBlob })),
    );
    meetings.register(
      'bob',
      keys.map((key) => ({ key, blob: fullBlob })),
    );
    const seen = new Set<string>();
    let since = 0;
    let replies = 0;
    for (;;) {
      const { met, mark } = meetings.poll('alice', since);
      if (met.length === 0) break;
      replies += 1;
      const bytes = met.reduce((sum, one) => sum + metBytes(one), 0);
      expect(bytes).toBeLessThanOrEqual(limits.meetingReplyBytesMax);
      for (const { key } of met) {
        expect(seen.has(String(key))).toBe(false);
        seen.add(String(key));
      }
      since = mark;
    }
    expect(replies).toBeGreaterThan(1);
    expect(seen.size).toBe(keys.length);
  });

  test('[RZ5] at most so many peers under one key; a free place can be taken again', () => {
    for (let n = 0; n < limits.meetingPeersPerKeyMax; n++) {
      meetings.register(`peer-${String(n)}`, [{ key: keyOf(1), blob: blobOf(n) }]);
    }
    meetings.register('late', [{ key: keyOf(1), blob: blobOf(1) }]);
    expect(meetings.poll('late', 0).met).toEqual([]);
    meetings.remove('peer-0');
    meetings.register('late', [{ key: keyOf(1), blob: blobOf(1) }]);
    expect(meetings.poll('late', 0).met[0]?.blobs).toHaveLength(limits.meetingPeersPerKeyMax - 1);
  });

  test('[RZ5] the store refuses when it is full, and removing frees it', () => {
    const full = Array.from({ length: limits.meetingsPerRelayMax }, (_, n) => ({
      key: keyOf(n),
      blob: fullBlob,
    }));
    let taken = 0;
    while (meetings.register(`peer-${String(taken)}`, full).ok) taken += 1;
    expect(taken).toBe(
      Math.floor(limits.meetingStoreBytesMax / (limits.meetingsPerRelayMax * (32 + 512))),
    );
    expect(meetings.register('small', full.slice(0, 1)).ok).toBe(true);
    meetings.remove('peer-0');
    expect(meetings.register('late', full).ok).toBe(true);
  });

  test('[RZ6] a lease ends after 30 minutes unless the peer asks again', () => {
    meetings.register('alice', [{ key: keyOf(1), blob: blobOf(1) }]);
    meetings.register('bob', [{ key: keyOf(1), blob: blobOf(2) }]);
    nowMs += limits.meetingTtlMs - 1;
    meetings.poll('bob', 0);
    nowMs += 1;
    meetings.expire();
    expect(meetings.poll('bob', 0).met).toEqual([{ key: keyOf(1), blobs: [] }]);
    expect(meetings.peerCount).toBe(1);
  });

  test('[RZ6] nothing is left of a peer that went', () => {
    meetings.register('alice', [{ key: keyOf(1), blob: blobOf(1) }]);
    meetings.register('alice', [{ key: keyOf(2), blob: blobOf(1) }]);
    expect(meetings.placeCount).toBe(1);
    meetings.remove('alice');
    expect([meetings.peerCount, meetings.placeCount]).toEqual([0, 0]);
  });
});
