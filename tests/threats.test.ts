/** The threat model says only what a test holds. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const page = new URL('../src/THREATS.md', import.meta.url);
const text = readFileSync(page, 'utf8');

interface Claim {
  readonly claim: string;
  readonly links: ReadonlyArray<{ readonly words: string; readonly file: URL }>;
}

const linksIn = (cell: string): Claim['links'] =>
  [...cell.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, words = '', path = '']) => ({
    words,
    file: new URL(path, page),
  }));

/** Rows of the tables, without their heads. */
const claims = text
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (cannot|---)/.test(line))
  .map((line): Claim => {
    const [claim = '', held = ''] = line.slice(2).split(' | ');
    return { claim, links: linksIn(held) };
  });

const titlesOf = (file: URL): ReadonlyArray<string> =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => /['`]/.test(line))
    : [];

describe('the threat model', () => {
  test('[TM1] names what many adversaries cannot do', () => {
    expect(text.match(/^## /gm)?.length).toBeGreaterThan(6);
    expect(claims.length).toBeGreaterThan(25);
  });

  test('[TM1] every "cannot" is held by a test with these words in its title', () => {
    const untested = claims.filter(
      ({ links }) =>
        links.length === 0 ||
        !links.every(({ words, file }) => titlesOf(file).some((title) => title.includes(words))),
    );
    expect(untested.map(({ claim }) => claim)).toEqual([]);
  });
});
