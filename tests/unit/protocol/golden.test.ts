/**
 * Golden bytes. A difference here is a change of the protocol: peers of two versions would not
 * understand each other. Never update golden.json without a new suite or type and a CHANGELOG entry.
 */
import { beforeAll, expect, test } from 'vitest';
import { computeGolden } from './golden.ts';
import golden from './golden.json' with { type: 'json' };

const expected = new Map(Object.entries(golden));
let computed: Readonly<Record<string, string>>;

beforeAll(async () => {
  computed = await computeGolden();
});

test.each([...expected.keys()])('[GB1] the bytes of %s do not change', (name) => {
  expect(computed[name]).toBe(expected.get(name));
});

test('[GB1] every computed value has golden bytes', () => {
  expect(Object.keys(computed)).toEqual([...expected.keys()]);
});
