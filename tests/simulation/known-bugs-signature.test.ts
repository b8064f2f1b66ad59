/** A program that does not look at the writer's signature (src/protocol/envelope.ts). */
import { describe, expect, test, vi } from 'vitest';
import type * as EnvelopeModule from '../../src/protocol/envelope.ts';
import { flipABit, outcome, setupScene, talk } from './hostile.ts';

const bug = vi.hoisted(() => ({ isOn: false }));

vi.mock('../../src/protocol/envelope.ts', async (importOriginal) => {
  const real = await importOriginal<typeof EnvelopeModule>();
  const verifyEnvelope: typeof real.verifyEnvelope = (...args) =>
    bug.isOn || real.verifyEnvelope(...args);
  return { ...real, verifyEnvelope };
});

const flippedGossip = async (): Promise<ReadonlyArray<string>> => {
  const scene = await setupScene();
  const forged = flipABit(scene);
  await talk(scene, 10);
  expect(forged.count).toBeGreaterThan(0);
  return outcome(scene);
};

describe('signatures nobody looks at', () => {
  test('[SM5] skip-signature is caught when a bit is flipped on the way', async () => {
    expect(await flippedGossip()).toEqual([]);
    bug.isOn = true;
    const broken = await flippedGossip();
    expect(broken.filter((promise) => promise.startsWith('I2 bob lacks "alice'))).not.toEqual([]);
  });
});
