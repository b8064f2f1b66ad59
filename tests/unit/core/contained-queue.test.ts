import { describe, expect, test } from 'vitest';
import { assert } from '../../../src/base/assert.ts';
import { ContainedQueue } from '../../../src/core/contained-queue.ts';

describe('a contained queue', () => {
  test('[CO1] a broken invariant stops its scope, tells so, and leaves others alone', async () => {
    let stops = 0;
    const hit = new ContainedQueue(() => {
      stops += 1;
    });
    const other = new ContainedQueue(() => {
      stops += 1;
    });
    const broken = hit.run(() => {
      assert(Date.length < 0, 'never true');
      return Promise.resolve(1);
    });
    const waiting = hit.run(() => Promise.resolve(0)); // was there before it broke
    expect(await broken).toEqual({ ok: false, error: 'stopped' });
    expect(await waiting).toEqual({ ok: false, error: 'stopped' });
    expect(await hit.run(() => Promise.resolve(2))).toEqual({ ok: false, error: 'stopped' });
    expect(hit.errorId).toMatch(/^[0-9a-f]{8}$/);
    expect(stops).toBe(1);
    expect(await other.run(() => Promise.resolve(3))).toEqual({ ok: true, value: 3 });
    expect(other.errorId).toBeUndefined();
  });
});
