import { afterEach, describe, expect, test } from 'vitest';
import { formatFor, plural } from '../../../src/app/text/format.ts';
import {
  languageCodes,
  languageName,
  loadLanguage,
  pickLanguage,
} from '../../../src/app/text/languages.ts';

afterEach(() => {
  formatFor('en-GB');
});

describe('choosing a language', () => {
  test('[LG1] the choice wins, then the first of the browser that there is, then English', () => {
    expect(pickLanguage('en', ['de-AT']).code).toBe('en');
    expect(pickLanguage(undefined, ['xx', 'EN-us', 'fr']).code).toBe('en');
    expect(pickLanguage(undefined, ['xx']).code).toBe('en');
    expect(pickLanguage('gone', ['xx']).code).toBe('en');
    expect(pickLanguage(undefined, []).code).toBe('en');
  });

  test('[LG1] English keeps its clock wherever it is read: names of messages are a contract', () => {
    expect(pickLanguage('en', ['en-US']).locale).toBe('en-GB');
  });

  test('[LG2] every language loads and is offered under its own name', async () => {
    expect(languageCodes).toContain('en');
    for (const code of languageCodes) {
      const language = await loadLanguage(code);
      expect(language.ok, code).toBe(true);
      expect(languageName(code), code).not.toBe(code);
    }
    expect(languageName('es')).toBe('Español');
    expect(await loadLanguage('xx')).toEqual({ ok: false, error: 'unreachable' });
  });
});

describe('numbers in sentences', () => {
  const forms = { zero: 'z', one: 'one', two: 'two', few: '# few', many: '# many', other: '#' };

  test('[LG3] a language counts by its own rules', () => {
    const said = (locale: string): ReadonlyArray<string> => {
      formatFor(locale);
      return [0, 1, 2, 3, 11, 100].map((count) => plural(count, forms));
    };
    expect(said('en-GB')).toEqual(['0', 'one', '2', '3', '11', '100']);
    expect(said('ar-u-nu-latn')).toEqual(['z', 'one', 'two', '3 few', '11 many', '100']);
  });

  test('[LG3] a form that a language does not give is its general one', () => {
    formatFor('ar-u-nu-latn');
    expect(plural(2, { other: '# things' })).toBe('2 things');
  });
});
