/**
 * The languages there are. English is always here; any other is a folder beside this file, named by
 * its code, whose `index.ts` exports a `Language`. Adding the folder is all: it is found, offered
 * under its own name, and fetched only when it is spoken.
 */
import { err, ok, type Result } from '../../base/result.ts';
import type { Language, SpokenWords } from './catalogue.ts';
import { en } from './en.ts';

const folders = import.meta.glob<Language>('./*/index.ts', { import: 'default' });

const english: SpokenWords = { direction: 'ltr', words: en };
/** Accessible names of English are a contract (UX.md §A), the clock in them included. */
const englishLocale = 'en-GB';

const loaders = new Map<string, () => Promise<SpokenWords>>([
  ['en', () => Promise.resolve(english)],
  ...Object.entries(folders).map(([path, load]): [string, () => Promise<SpokenWords>] => [
    path.split('/')[1] ?? '',
    load,
  ]),
]);

export const languageCodes: ReadonlyArray<string> = [...loaders.keys()];

/** "Deutsch": how those who speak it call it. */
export const languageName = (code: string): string => {
  const name = new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
  const [first = '', ...rest] = Array.from(name);
  return first.toLocaleUpperCase(code) + rest.join('');
};

export interface SpokenLanguage {
  readonly code: string;
  /** With the region of the person, where their browser tells: "es-MX". */
  readonly locale: string;
}

const baseOf = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';

/** The chosen language, else the first of the person's that there is, else English. */
export const pickLanguage = (
  chosen: string | undefined,
  preferred: ReadonlyArray<string>,
): SpokenLanguage => {
  const isThere = (code: string): boolean => loaders.has(code);
  const code =
    chosen !== undefined && isThere(chosen)
      ? chosen
      : (preferred.map(baseOf).find(isThere) ?? 'en');
  if (code === 'en') return { code, locale: englishLocale };
  return { code, locale: preferred.find((tag) => baseOf(tag) === code) ?? code };
};

/** Fails where its file cannot be had: offline after an update. */
export const loadLanguage = async (code: string): Promise<Result<SpokenWords, 'unreachable'>> => {
  const load = loaders.get(code);
  if (load === undefined) return err('unreachable');
  try {
    return ok(await load());
  } catch {
    return err('unreachable');
  }
};
