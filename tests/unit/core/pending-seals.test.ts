import { describe, expect, test } from 'vitest';
import { PendingSeals } from '../../../src/core/epochs/pending-seals.ts';
import { limits } from '../../../src/protocol/limits.ts';
import type { Seal } from '../../../src/protocol/epochs/seal.ts';

const sealOf = (epoch: number, first = 0): Seal => {
  const epochId = new Uint8Array(32);
  new DataView(epochId.buffer).setUint32(28, epoch);
  return { epochId, ephemeralPub: new Uint8Array(32), first, boxes: [] };
};
const hexOf = (epoch: number): string => epoch.toString(16).padStart(64, '0');

describe('pending seals', () => {
  test('[PS1] a device that sends seals of epochs that never come pushes out only its own', () => {
    const pending = new PendingSeals();
    pending.add(sealOf(1), 'honest');
    for (let epoch = 2; epoch < 1000; epoch++) pending.add(sealOf(epoch), 'hostile');
    for (let i = 0; i < 1000; i++) pending.add(sealOf(1, i % 200), 'hostile');
    const byEpoch = pending.byEpoch();
    expect(byEpoch.get(hexOf(1))?.[0]).toEqual(sealOf(1));
    expect(byEpoch.size).toBeLessThanOrEqual(1 + limits.sealsWaitingMax);
    pending.add(sealOf(5000), 'honest');
    expect(pending.byEpoch().has(hexOf(5000))).toBe(true);
    expect(byEpoch.get(hexOf(1))?.length).toBeLessThanOrEqual(1 + limits.sealsPerEpochMax);
  });

  test('[PS2] seals of one epoch are brought together and dropped together', () => {
    const pending = new PendingSeals();
    pending.add(sealOf(1, 0), 'a');
    pending.add(sealOf(1, 24), 'b');
    expect(pending.byEpoch().get(hexOf(1))).toEqual([sealOf(1, 0), sealOf(1, 24)]);
    pending.drop(hexOf(1));
    expect(pending.byEpoch().size).toBe(0);
  });
});
