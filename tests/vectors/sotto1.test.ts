import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeOp } from '../../src/protocol/membership/ops.ts';
import { askOracle } from '../support/membership-oracle.ts';
import { valueOf } from '../unit/protocol/fixtures.ts';
import { bytesOf } from './support/files.ts';
import { computeVectors } from '../support/sotto1-vectors.ts';
import vectors from './sotto1.json' with { type: 'json' };
import {
  checkInvite,
  checkKeySchedule,
  checkLog,
  checkOp,
  checkOps,
  checkRecipients,
  checkSeal,
} from './support/check-sotto1.ts';

const { keySchedule, log, seals, recipients, invite, resolver } = vectors;
const opsCases = resolver.map(({ convId, ops, devices, recipientsDigest }) => ({
  convId,
  ops,
  devices,
  recipientsDigest,
}));

/** A copy of it with one digit of its nth string of 16 or more changed; undefined: there are fewer. */
const withChange = <T extends object>(value: T, nth: number): T | undefined => {
  const text = JSON.stringify(value);
  const found = [...text.matchAll(/"([\w-]{16,})"(?!:)/g)][nth];
  if (found?.[1] === undefined) return undefined;
  const at = found.index + 1 + ((nth * 7919) % found[1].length);
  const changed: unknown = JSON.parse(
    `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`,
  );
  return typeof changed === 'object' ? { ...value, ...changed } : undefined;
};

/** Strings of which a changed digit goes unnoticed. */
const unnoticed = <T extends object>(value: T, check: (value: T) => unknown): number[] => {
  const missed: number[] = [];
  for (let nth = 0; ; nth++) {
    const changed = withChange(value, nth);
    if (changed === undefined) {
      expect(nth).toBeGreaterThan(1);
      break;
    }
    try {
      check(changed);
      missed.push(nth);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
  }
  return missed;
};

describe('the vectors of Sotto protocol 1', () => {
  test('[GB2] are what this program computes, to the byte', async () => {
    expect(await computeVectors()).toEqual(vectors);
  });

  test('[GB2] are read by a second decoder: the key schedule', () => {
    for (const vector of keySchedule) checkKeySchedule(vector);
    expect(keySchedule.flatMap((vector) => unnoticed(vector, checkKeySchedule))).toEqual([]);
  });

  test('[GB2] are read by a second decoder: a log of envelopes', () => {
    checkLog(log);
    expect(unnoticed(log, checkLog)).toEqual([]);
  });

  test('[GB2] are read by a second decoder: seals and recipients', () => {
    for (const vector of seals) checkSeal(vector);
    expect(seals.flatMap((vector) => unnoticed(vector, checkSeal))).toEqual([]);
    checkRecipients(recipients);
    expect(unnoticed(recipients, checkRecipients)).toEqual([]);
  });

  test('[GB2] are read by a second decoder: what a link gives', () => {
    checkInvite(invite);
    expect(unnoticed(invite, checkInvite)).toEqual([]);
  });

  test('[GB2] are read by a second decoder: ids, signatures and places of operations', () => {
    for (const vector of opsCases) {
      checkOps(vector);
      expect(vector.ops.flatMap((op) => unnoticed(op, checkOp))).toEqual([]);
      const onlyCreate = { ...vector, ops: vector.ops.slice(0, 1) };
      expect(unnoticed(onlyCreate, checkOps)).toEqual([]);
    }
  });

  test('[GB2] the rules as they read make the same of the operations', () => {
    for (const { ops, levels, valid } of resolver) {
      const decoded = ops.map(({ bytes }) => valueOf(decodeOp(bytesOf(bytes))));
      const answer = askOracle(decoded);
      expect(Object.fromEntries(answer.levels)).toEqual(levels);
      expect([...answer.valid].sort()).toEqual(valid);
    }
  });

  test('[GB2] the second decoder shares no code with this one', () => {
    const source = readFileSync(new URL('support/second-decoder.ts', import.meta.url), 'utf8');
    const imported = [...source.matchAll(/from '([^']+)'|import\('([^']+)'\)/g)];
    expect(imported.map(([, name]) => name)).toEqual(['node:crypto', 'tweetnacl']);
  });
});
