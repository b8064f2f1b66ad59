import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { limits } from '../../../src/protocol/limits.ts';

const spec = readFileSync(new URL('../../../src/protocol/SPEC.md', import.meta.url), 'utf8');

test('[LI1] the table of SPEC.md holds the values of limits.ts', () => {
  const valueOf: Readonly<Record<string, number>> = limits;
  const rows = [...spec.matchAll(/^\| `(\w+)` \| ([\d ]+) \|$/gm)];
  expect(rows.length).toBeGreaterThan(40);
  const stated = rows.map(([, name = '', value = '']) => [name, Number(value.replaceAll(' ', ''))]);
  expect(stated).toEqual(rows.map(([, name = '']) => [name, valueOf[name]]));
});
