import { expect, test } from 'vitest';
import { Turns, type Claim } from '../../../src/core/blobs/turns.ts';

interface Named extends Claim {
  readonly name: string;
}

const claim = (name: string, more: Partial<Claim> = {}): Named => ({
  name,
  sender: name.charAt(0),
  scopeId: 'group',
  turnMs: undefined,
  ...more,
});

const order = (active: ReadonlyArray<Named>, waiting: ReadonlyArray<Named>): string => {
  const turns = new Turns(active, waiting);
  const names: string[] = [];
  for (let nowMs = 1000; ; nowMs++) {
    const next = turns.next();
    if (next === undefined) return names.join(' ');
    names.push(next.name);
    turns.given(next, nowMs);
  }
};

test('[FT20] senders take turns, whoever sent the most', () => {
  const many = ['m1', 'm2', 'm3', 'm4'].map((name) => claim(name));
  expect(order([], [...many, claim('a1'), claim('b1')])).toBe('m1 a1 b1 m2 m3 m4');
});

test('[FT20] whose files are being fetched waits for who has none', () => {
  expect(order([claim('m0')], [claim('m1'), claim('a1')])).toBe('a1 m1');
});

test('[FT20] conversations take turns as well', () => {
  const elsewhere = claim('b1', { scopeId: 'other' });
  expect(order([claim('m0')], [claim('a1'), elsewhere])).toBe('b1 a1');
});

test('[FT20] what had its turn goes behind what had none, and then by how long ago', () => {
  const waiting = [claim('a1', { turnMs: 20 }), claim('a2', { turnMs: 10 }), claim('a3')];
  expect(order([], waiting)).toBe('a3 a2 a1');
  expect(order([], [claim('a1', { turnMs: 20 }), claim('b1', { turnMs: 10 })])).toBe('b1 a1');
});
