import { expect, test } from 'vitest';
import { ToldWelcome } from '../../../src/core/invites/told-welcome.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { opIdOf } from '../../../src/protocol/membership/ops.ts';

const opsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const bytes = Uint8Array.of(i >> 8, i & 0xff);
    return { bytes, opId: opIdOf(bytes) };
  });

test('[MB17] what is new is told by itself, and only what nobody else told', () => {
  const told = new ToldWelcome();
  expect(told.news(opsOf(3))).toBe('whole');
  told.tellWhole(opsOf(3));
  expect(told.news(opsOf(3))).toEqual([]);
  told.noteOp(opsOf(5)[4]?.bytes ?? new Uint8Array());
  expect(told.news(opsOf(5))).toEqual(opsOf(5).slice(3, 4));
});

test('[MB17] the whole is told again when more came than it held, and than a few', () => {
  const told = new ToldWelcome();
  const few = limits.welcomeOpsBesideMin;
  told.tellWhole(opsOf(10));
  expect(told.news(opsOf(10 + few))).toHaveLength(few);
  expect(told.news(opsOf(11 + few))).toBe('whole');
  told.tellWhole(opsOf(200));
  expect(told.news(opsOf(400))).toHaveLength(200);
  expect(told.news(opsOf(401))).toBe('whole');
});
