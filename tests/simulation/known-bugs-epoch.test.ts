/** A program that goes on sealing under an epoch that is over (src/core/epochs/epoch-keeper.ts). */
import { describe, expect, test, vi } from 'vitest';
import type * as Keeper from '../../src/core/epochs/epoch-keeper.ts';
import { outcome, setupScene, talk } from './hostile.ts';

const bug = vi.hoisted(() => ({ isOn: false }));

vi.mock('../../src/core/epochs/epoch-keeper.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Keeper>();
  class EpochKeeper extends real.EpochKeeper {
    override choose(): ReturnType<Keeper.EpochKeeper['choose']> {
      return (bug.isOn ? this.held().at(-1) : undefined) ?? super.choose();
    }
  }
  return { ...real, EpochKeeper };
});

const conversation = async (isBroken: boolean): Promise<ReadonlyArray<string>> => {
  const scene = await setupScene();
  bug.isOn = isBroken;
  await talk(scene, 2);
  return outcome(scene);
};

describe('an epoch that is over', () => {
  test('[SM5] wrong-epoch is caught by those who joined since', async () => {
    expect(await conversation(false)).toEqual([]);
    expect(await conversation(true)).toContain('I2 carol lacks "alice 0" by alice');
  });
});
