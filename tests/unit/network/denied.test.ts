import { expect, test } from 'vitest';
import { createDenied } from '../../../src/network/peers/denied.ts';
import { limits } from '../../../src/protocol/limits.ts';

test('[ND1] a peer is denied for its time, and no longer', () => {
  let nowMs = 0;
  const denied = createDenied(() => nowMs);
  denied.add('mallory', 1000);
  nowMs = 999;
  expect(denied.has('mallory')).toBe(true);
  expect(denied.has('alice')).toBe(false);
  nowMs = 1000;
  expect(denied.has('mallory')).toBe(false);
});

test('[ND1] when too many are denied, the one that would end first makes room', () => {
  const denied = createDenied(() => 0);
  denied.add('first to end', 1);
  for (let n = 0; n < limits.peersDeniedMax; n++) denied.add(`peer ${String(n)}`, 1000 + n);
  expect(denied.has('first to end')).toBe(false);
  expect(denied.has('peer 0')).toBe(true);
});
