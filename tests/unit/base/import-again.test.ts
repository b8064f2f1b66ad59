import { expect, test } from 'vitest';
import { importAgain } from '../../../src/base/import-again.ts';

const url = 'http://localhost:8080/assets/code-abc.js';
/** As Chromium and Firefox say it. */
const refusals = [
  `Failed to fetch dynamically imported module: ${url}`,
  `error loading dynamically imported module: ${url}`,
];

test.each(refusals)(
  '[LZ11] what did not come is asked for under another address: %s',
  async (said) => {
    const asked: string[] = [];
    const load = (): Promise<string> => Promise.reject(new TypeError(said));
    const from = (at: string): Promise<string> => {
      asked.push(at);
      return asked.length === 1 ? Promise.reject(new TypeError(said)) : Promise.resolve('code');
    };
    await expect(importAgain(load, from)).rejects.toThrow(said);
    expect(await importAgain(load, from)).toBe('code');
    expect(asked[0]?.startsWith(`${url}?again=`)).toBe(true);
    expect(new Set(asked).size).toBe(2);
  },
);

test('[LZ11] what failed by itself is not loaded twice', async () => {
  const load = (): Promise<string> => Promise.reject(new TypeError('x is not a function'));
  await expect(importAgain(load, () => Promise.resolve('again'))).rejects.toThrow('x is not');
  expect(await importAgain(() => Promise.resolve('first'))).toBe('first');
});
