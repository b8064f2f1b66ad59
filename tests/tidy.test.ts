/** What holds for the whole tree: rules have tests, files stay readable, nothing is left half done. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const filesOf = (roots: ReadonlyArray<string>, ends: RegExp): ReadonlyArray<SourceFile> =>
  roots.flatMap((root) =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && ends.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path, text: readFileSync(path, 'utf8') })),
  );

const sources = filesOf(['src', 'relay'], /\.(ts|svelte)$/);
const tests = filesOf(['tests'], /\.ts$/);
const documents = filesOf(['src', 'relay', 'tests'], /\.md$/);
const itself = 'tests/tidy.test.ts';

/** `path:line` of every line that fits the pattern. */
const linesLike = (pattern: RegExp, files: ReadonlyArray<SourceFile>): ReadonlyArray<string> =>
  files
    .filter(({ path }) => path !== itself)
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line}`] : [])),
    );

describe('rules and their tests', () => {
  const ruleId = /[A-Z]{2,3}\d+/g;
  const definedAt = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/^(?:[-*] )?\*\*\[([A-Z]{2,3}\d+)\]\*\*/gm)].map(([, id]) => ({ id, path })),
  );
  const defined = new Set(definedAt.map(({ id }) => id));
  // A title opens with its rules: '[EN2] …' or '[CR1, CR7] …'.
  const cited = new Set(
    tests.flatMap(({ text }) =>
      [...text.matchAll(/['"`]\[((?:[A-Z]{2,3}\d+)(?:, [A-Z]{2,3}\d+)*)\]/g)].flatMap(
        ([, ids]) => ids?.match(ruleId) ?? [],
      ),
    ),
  );

  test('the specification states rules and tests cite them', () => {
    expect(defined.size).toBeGreaterThan(50);
    expect(cited.size).toBeGreaterThan(50);
  });

  test('every rule is cited by a test', () => {
    expect([...defined].filter((id) => id !== undefined && !cited.has(id))).toEqual([]);
  });

  test('every rule that a test cites exists', () => {
    expect([...cited].filter((id) => !defined.has(id)).sort()).toEqual([]);
  });

  test('every rule that a comment names exists', () => {
    const named = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/\[([A-Z]{2,3}\d+)\] /g)].map(([, id]) => ({ id, path })),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ id }) => id !== undefined && !defined.has(id))).toEqual([]);
  });

  test('a rule is stated once', () => {
    const stated = definedAt.map(({ id }) => id);
    expect(stated.filter((id, index) => stated.indexOf(id) !== index)).toEqual([]);
  });
});

describe('faults and their tests', () => {
  const numbers = (texts: Iterable<string | undefined>): ReadonlyArray<number> =>
    [...new Set([...texts].map(Number))].sort((a, b) => a - b);
  const readme = readFileSync('tests/README.md', 'utf8');
  const listed = [...readme.matchAll(/^\| (\d+(?:, \d+)*) \|/gm)].flatMap(([, rows]) =>
    (rows ?? '').split(', '),
  );
  const inTitles = tests.flatMap(({ text }) =>
    [...text.matchAll(/\[row (\d+)\]/g)].map(([, row]) => row),
  );

  test('every fault that the list of tests names is in a title, and the other way round', () => {
    expect(listed.length).toBeGreaterThan(20);
    expect(numbers(inTitles)).toEqual(numbers(listed));
  });

  test('a title names its faults one by one, so that each is found', () => {
    expect(linesLike(/[[ ]rows? \d+(?:, (?:rows? )?\d+)+\]/, tests)).toEqual([]);
  });
});

describe('size', () => {
  const longerThan = (linesMax: number, ends: string): ReadonlyArray<string> =>
    sources
      .filter(({ path }) => path.endsWith(ends))
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > linesMax)
      .map(({ path, lines }) => `${path} has ${lines} lines`);

  test('no source file is longer than 400 lines', () => {
    expect(longerThan(400, '.ts')).toEqual([]);
  });

  test('no component is longer than 150 lines', () => {
    expect(longerThan(150, '.svelte')).toEqual([]);
  });
});

describe('nothing left half done', () => {
  const everything = [...sources, ...tests];

  test('no test is singled out, and none is left out without a condition', () => {
    expect(linesLike(/\b(it|test|describe)(\.\w+)*\.(only|todo|fixme|fails)\b/, tests)).toEqual([]);
    expect(linesLike(/\b(it|test|describe)\.skip(\(\s*['"`)]|\.)/, tests)).toEqual([]);
  });

  test('nothing is promised for later, and no check is silenced', () => {
    const words = /\b(TODO|FIXME|HACK|XXX)\b|@ts-(ignore|nocheck|expect-error)|eslint-disable/;
    const layers = 'tests/layers.test.ts'; // shows that silencing does not work
    const others = everything.filter(({ path }) => path !== layers);
    expect(linesLike(words, others)).toEqual([]);
  });

  test('no error is swallowed in silence', () => {
    expect(linesLike(/catch( \(\w+\))? \{\s*\}/, everything)).toEqual([]);
  });

  test('no test sleeps', () => {
    const timed = tests.filter(({ path }) => !path.startsWith('tests/bench/')); // it keeps a pace
    expect(linesLike(/waitForTimeout\(|setTimeout\(\w+, *\d{3,}/, timed)).toEqual([]);
  });

  test('no path of a machine and no host of a registry', () => {
    const host = /["'`(]\/(work|root|home)\/|https?:\/\/(registry|deb)\./;
    expect(linesLike(host, [...everything, ...documents])).toEqual([]);
  });
});

describe('platforms by file name', () => {
  const ours = sources.filter(({ path }) => path.startsWith('src/'));

  test('only *.node.ts imports from Node', () => {
    const others = ours.filter(({ path }) => !/\.(node|vite)\.ts$|src\/headless\.ts$/.test(path));
    expect(linesLike(/from 'node:/, others)).toEqual([]);
  });

  test('only *.browser.ts, screens and roots touch the window', () => {
    const others = ours.filter(
      ({ path }) => path.endsWith('.ts') && !/\.browser\.ts$|^src\/(ui\/|[^/]+\.ts$)/.test(path),
    );
    const ambient = /\b(window|document|navigator|localStorage|indexedDB|location)\.\w/;
    const isComment = /^\S+ \s*(\*|\/\/|\/\*)/;
    expect(linesLike(ambient, others).filter((line) => !isComment.test(line))).toEqual([]);
  });
});

describe('words', () => {
  test('nothing claims what Sotto cannot know (UX §12)', () => {
    const claims =
      /['`][^'`]*\b(unsynced|synced|sending|deleted for everyone|connected securely|your account|military|loading)\b[^'`]*['`]/i;
    const catalogue = sources.filter(({ path }) => path.startsWith('src/app/text/'));
    expect(catalogue.length).toBeGreaterThan(0);
    expect(linesLike(claims, catalogue)).toEqual([]);
  });
});
