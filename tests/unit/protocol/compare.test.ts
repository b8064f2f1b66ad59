import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { bip39Word } from '../../../src/crypto/words.ts';
import { comparisonWords, safetyNumber } from '../../../src/protocol/invites/compare.ts';
import { identityIdOf } from '../../../src/protocol/membership/identity-id.ts';
import { bytesNamed } from '../../support/conversation.ts';

const [ana, ben, inviteId] = [bytesNamed('ana'), bytesNamed('ben'), bytesNamed('invite')];

/** The definition again, with another library: SHA-512 5 200 times, each over (last ‖ input). */
const slowHash = (...parts: ReadonlyArray<Uint8Array | string>): Buffer => {
  const input = Buffer.concat(parts.map((part) => Buffer.from(part)));
  let digest = createHash('sha512').update(input).digest();
  for (let i = 1; i < 5200; i++)
    digest = createHash('sha512').update(digest).update(input).digest();
  return digest;
};

test('[CW1] four words, the same whoever invited', async () => {
  const words = await comparisonWords(ana, ben, inviteId);
  expect(words).toMatchInlineSnapshot(`
    [
      "gloom",
      "horror",
      "below",
      "load",
    ]
  `);
  expect(await comparisonWords(ben, ana, inviteId)).toEqual(words);
  const roots = [ana, ben].sort(Buffer.compare);
  const bits = [...slowHash('sotto1/comparison-words', ...roots, inviteId)]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const expected = [0, 11, 22, 33].map((at) => bip39Word(parseInt(bits.slice(at, at + 11), 2)));
  expect(words).toEqual(expected);
});

test('[CW1] other people or another invite give other words', async () => {
  const words = await comparisonWords(ana, ben, inviteId);
  expect(await comparisonWords(ana, bytesNamed('mallory'), inviteId)).not.toEqual(words);
  expect(await comparisonWords(ana, ben, bytesNamed('other invite'))).not.toEqual(words);
});

test('[CW2] sixty digits, the same on both sides', () => {
  const number = safetyNumber(ana, ben);
  expect(number).toMatch(/^\d{60}$/u);
  expect(number).toMatchInlineSnapshot(
    `"503288248390966650308381132966656049704729815388509971815959"`,
  );
  expect(safetyNumber(ben, ana)).toBe(number);
  const halfOf = (root: Uint8Array): string => {
    const digest = slowHash('sotto1/safety-number', root, identityIdOf(root));
    return [0, 5, 10, 15, 20, 25]
      .map((at) => String(digest.readUIntBE(at, 5) % 100_000).padStart(5, '0'))
      .join('');
  };
  expect(number).toBe([halfOf(ana), halfOf(ben)].sort().join(''));
});

test('[CW2] sixty digits also where some of them are zeros in front', () => {
  const numbers = ['carol', 'dave', 'erin'].map((name) => safetyNumber(ana, bytesNamed(name)));
  expect(numbers.join(' ')).toMatch(/^(\d{60} ?){3}$/u);
  // The groups of five digits, of which one begins with zero: else this would ask nothing.
  expect(numbers.flatMap((number) => number.match(/.{5}/gu) ?? []).join(' ')).toMatch(/ 0/u);
});

test('[CW2] another key changes its own half only', () => {
  const halves = (number: string): string[] => [number.slice(0, 30), number.slice(30)];
  const own = halves(safetyNumber(ana, ben));
  const other = halves(safetyNumber(ana, bytesNamed('mallory')));
  expect(own.filter((half) => other.includes(half)).length).toBe(1);
});
