/**
 * Golden bytes. A difference here is a change of the protocol: peers of two versions would not
 * understand each other. Never update golden.json without a new suite or type and a CHANGELOG entry.
 */
import { expect, test } from 'vitest';
import { computeGolden } from './golden.ts';
import golden from './golden.json' with { type: 'json' };

test('[GB1] the bytes of every format do not change', async () => {
  expect(await computeGolden()).toEqual(golden);
});
