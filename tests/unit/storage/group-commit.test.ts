import { describe, expect, test } from 'vitest';
import { err, ok, type Result } from '../../../src/base/result.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { createGroupCommit } from '../../../src/storage/group-commit.ts';
import type { StorageFailure, Write } from '../../../src/storage/port.ts';

const writes = (...keys: ReadonlyArray<string>): ReadonlyArray<Write> =>
  keys.map((key) => ({ key, value: Uint8Array.of(1) }));

const keysOf = (batch: ReadonlyArray<Write>): string => batch.map(({ key }) => key).join(' ');

/** A disk that ends its transactions when told to. */
const setupDisk = () => {
  const transactions: string[] = [];
  const ends: ((outcome: Result<undefined, StorageFailure>) => void)[] = [];
  const commit = createGroupCommit((batch) => {
    transactions.push(keysOf(batch));
    return new Promise((resolve) => ends.push(resolve));
  });
  const end = async (outcome: Result<undefined, StorageFailure>): Promise<void> => {
    ends.shift()?.(outcome);
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  return { transactions, commit, end };
};

describe('group commit', () => {
  test('[ST2] the first commit starts at once; those that wait share the next transaction', async () => {
    const { transactions, commit, end } = setupDisk();
    const commits = [commit(writes('a')), commit(writes('b', 'c')), commit(writes('d'))];
    expect(transactions).toEqual(['a']);
    await end(ok(undefined));
    expect(transactions).toEqual(['a', 'b c d']);
    await end(ok(undefined));
    expect(await Promise.all(commits)).toEqual([ok(undefined), ok(undefined), ok(undefined)]);
  });

  test('[ST2] a shared transaction holds whole commits, up to the limit of writes', async () => {
    const { transactions, commit, end } = setupDisk();
    const many = Array.from({ length: 60 }, (_, i) => `k${String(i)}`);
    const commits = [commit(writes('a')), commit(writes(...many)), commit(writes(...many))];
    await end(ok(undefined));
    expect(transactions[1]).toBe(many.join(' '));
    expect(2 * many.length).toBeGreaterThan(limits.commitWritesMax);
    await end(ok(undefined));
    await end(ok(undefined));
    await Promise.all(commits);
    expect(transactions).toHaveLength(3);
  });

  test('[ST2] one commit may be larger than the limit', async () => {
    const { transactions, commit, end } = setupDisk();
    const many = Array.from({ length: limits.commitWritesMax + 1 }, (_, i) => `k${String(i)}`);
    const large = commit(writes(...many));
    await end(ok(undefined));
    expect(await large).toEqual(ok(undefined));
    expect(transactions).toEqual([many.join(' ')]);
  });

  test('[row 23] when a shared transaction fails, each commit gets its own answer', async () => {
    const { transactions, commit, end } = setupDisk();
    const commits = [commit(writes('a')), commit(writes('big')), commit(writes('small'))];
    await end(ok(undefined));
    await end(err('disk-full'));
    expect(transactions).toEqual(['a', 'big small', 'big']);
    await end(err('disk-full'));
    await end(ok(undefined));
    expect(await Promise.all(commits)).toEqual([ok(undefined), err('disk-full'), ok(undefined)]);
    expect(transactions).toEqual(['a', 'big small', 'big', 'small']);
  });

  test('[ST2] a commit that comes after the disk was idle is written', async () => {
    const { transactions, commit, end } = setupDisk();
    const first = commit(writes('a'));
    await end(ok(undefined));
    await first;
    const second = commit(writes('b'));
    await end(ok(undefined));
    expect(await second).toEqual(ok(undefined));
    expect(transactions).toEqual(['a', 'b']);
  });

  test('[ST11] what waits is limited, and the refusal is told', async () => {
    const { commit, end } = setupDisk();
    const commits = Array.from({ length: limits.commitsWaitingMax + 2 }, () => commit(writes('k')));
    expect(await commits.at(-1)).toEqual(err('failed'));
    for (let i = 0; i < 50; i++) await end(ok(undefined));
    expect(await commits[0]).toEqual(ok(undefined));
    expect(await commits.at(-2)).toEqual(ok(undefined));
  });
});
