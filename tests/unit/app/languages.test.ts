import { afterEach, describe, expect, test } from 'vitest';
import { late } from '../../../src/app/text/en-late.ts';
import { en } from '../../../src/app/text/en.ts';
import { day, formatFor, moment, plural, size } from '../../../src/app/text/format.ts';
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
    expect(pickLanguage(undefined, ['xx', 'EN-us', 'fr']).code).toBe('en');
    expect(pickLanguage(undefined, ['xx']).code).toBe('en');
    expect(pickLanguage('gone', ['xx']).code).toBe('en');
    expect(pickLanguage(undefined, []).code).toBe('en');
    expect(pickLanguage('', ['fr', 'es-MX', 'de'])).toEqual({ code: 'es', locale: 'es-MX' });
    expect(pickLanguage('ar', ['de'])).toEqual({ code: 'ar', locale: 'ar' });
    expect(pickLanguage('en', ['de-AT']).code).toBe('en');
  });

  test('[LG1] English keeps its clock wherever it is read: names of messages are a contract', () => {
    expect(pickLanguage('en', ['en-US']).locale).toBe('en-GB');
  });

  test('[LG2] every language loads and is offered under its own name', async () => {
    expect(languageCodes).toEqual(expect.arrayContaining(['en', 'de', 'es', 'ar']));
    for (const code of languageCodes) {
      const language = await loadLanguage(code);
      expect(language.ok, code).toBe(true);
      expect(languageName(code), code).not.toBe(code);
    }
    expect(languageName('es')).toBe('Español');
    expect(await loadLanguage('xx')).toEqual({ ok: false, error: 'unreachable' });
  });
});

/** Every text of a catalogue with its place: "settings.title". Sentences are left to their callers. */
const textsOf = (value: unknown, place = ''): ReadonlyArray<readonly [string, string]> => {
  if (typeof value === 'string') return [[place, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${place}.${key}`));
};

/** Names, addresses and what is written on keys are the same anywhere. */
const isSameAnywhere = (text: string): boolean =>
  /^(Sotto|WebRTC|Relays|System|Details|Admin|OK|Emoji|Smileys|Code|Text|Thread|Alt|Ctrl|Shift|Home|End|Enter|Esc|PgUp|PgDn|\/dns4.*)$/u.test(
    text,
  );

describe('every language', () => {
  const others = languageCodes.filter((code) => code !== 'en');

  test.each(others)('[LG2] %s leaves nothing in English', async (code) => {
    const loaded = await loadLanguage(code);
    if (!loaded.ok) throw new Error('it is there');
    const english = new Map(textsOf({ ...en, late }));
    const { words, late: lateWords } = loaded.value;
    const texts = textsOf({ ...words, late: lateWords });
    expect(texts.map(([place]) => place).sort()).toEqual([...english.keys()].sort());
    const same = texts.filter(([place, text]) => english.get(place) === text);
    expect(same.filter(([, text]) => !isSameAnywhere(text))).toEqual([]);
  });

  test.each(others)('[LG5] %s never says that a message is sent or loading', async (code) => {
    const loaded = await loadLanguage(code);
    if (!loaded.ok) throw new Error('it is there');
    const { words, late: lateWords } = loaded.value;
    const states = ['saved', 'parked', 'delivered', 'read', 'blocked', 'expired'] as const;
    const said = states.flatMap((state) =>
      (['self', 'direct', 'group'] as const).map((kind) =>
        words.message.delivery({ state, haveCount: 1, peopleCount: 3 }, kind, 'Ana'),
      ),
    );
    const claims =
      /gesendet|gesandt|hochgeladen|wird geladen|synchronisiert|enviad|cargando|sincroniz|أُرسل|تم الإرسال|مرسل|جارٍ التحميل|مزامن/u;
    const texts = [...textsOf({ words, lateWords }).map(([, text]) => text), ...said];
    expect(texts.filter((text) => claims.test(text))).toEqual([]);
    expect(new Set(said).size).toBeGreaterThan(8);
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

  test('[LG3] Arabic has six forms, and another one after a preposition', async () => {
    const arabic = await loadLanguage('ar');
    if (!arabic.ok) throw new Error('it is there');
    formatFor('ar-u-nu-latn');
    const { many } = arabic.value.words.announcer;
    expect([1, 2, 3, 11, 100].map((count) => many(count))).toEqual([
      'رسالة جديدة',
      'رسالتان جديدتان',
      '3 رسائل جديدة',
      '11 رسالة جديدة',
      '100 رسالة جديدة',
    ]);
    const status = { state: 'delivered', haveCount: 1, peopleCount: 2 } as const;
    expect(arabic.value.words.message.delivery(status, 'group', '')).toContain('1 من شخصين');
  });

  test('[LG3] dates and sizes are those of the language', () => {
    const now = new Date(2026, 4, 3, 14, 5).getTime();
    formatFor('de');
    expect(day(now, now)).toBe('Heute');
    expect(moment(now - 24 * 3_600_000, now)).toBe('gestern 14:05');
    expect(size(12_345_678)).toBe('12,3 MB');
    formatFor('es');
    expect(day(now - 24 * 3_600_000, now)).toBe('Ayer');
  });

  test('[LG3] a form that a language does not give is its general one', () => {
    formatFor('ar-u-nu-latn');
    expect(plural(2, { other: '# things' })).toBe('2 things');
  });
});
