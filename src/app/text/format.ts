/**
 * Times, days, sizes and numbers as text, in the language that is spoken. Formatters are made once
 * for it: making one costs more than using it.
 */
import type { Location } from '../../core/api.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;
const sizeUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Made when it is first used: a start needs two of them, and making all takes longer than its list. */
const whenUsed = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

const formatsOf = (locale: string) => {
  const dates = (options: Intl.DateTimeFormatOptions): (() => Intl.DateTimeFormat) =>
    whenUsed(() => new Intl.DateTimeFormat(locale, options));
  return {
    locale,
    clock: dates({ hour: '2-digit', minute: '2-digit' }),
    weekday: dates({ weekday: 'short' }),
    longWeekday: dates({ weekday: 'long' }),
    date: dates({ day: 'numeric', month: 'short' }),
    longDate: dates({ weekday: 'long', day: 'numeric', month: 'long' }),
    yearDate: dates({ day: 'numeric', month: 'long', year: 'numeric' }),
    number: whenUsed(() => new Intl.NumberFormat(locale)),
    percent: whenUsed(() => new Intl.NumberFormat(locale, { style: 'percent' })),
    /** Knows "today" and "yesterday". */
    relativeDay: whenUsed(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })),
    plural: whenUsed(() => new Intl.PluralRules(locale)),
    list: whenUsed(() => new Intl.ListFormat(locale, { type: 'conjunction' })),
  };
};

let formats = formatsOf('en-GB');

/** From here on numbers and dates are written as in this locale. */
export const formatFor = (locale: string): void => {
  formats = formatsOf(locale);
};

/** Whole days from `atMs` to `nowMs` by the calendar of this device. */
const daysBetween = (atMs: number, nowMs: number): number => {
  const start = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);
  return Math.round((start(nowMs) - start(atMs)) / dayMs);
};

const relativeDay = (daysAgo: number): string => formats.relativeDay().format(-daysAgo, 'day');

const capitalised = (text: string): string => {
  const [first = '', ...rest] = Array.from(text);
  return first.toLocaleUpperCase(formats.locale) + rest.join('');
};

export const percent = (hundredths: number): string => formats.percent().format(hundredths / 100);

export const number = (count: number): string => formats.number().format(count);

/** What a language says of a number, by its own rules; `#` stands for the number. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & {
  readonly other: string;
};

export const plural = (count: number, forms: PluralForms): string =>
  (forms[formats.plural().select(count)] ?? forms.other).replace('#', number(count));

/** `count` with its noun, where a language has two forms: "1 person", "2 people". */
export const counted = (count: number, one: string, other: string): string =>
  plural(count, { one: `# ${one}`, other: `# ${other}` });

/** "a, b and c". */
export const listed = (parts: ReadonlyArray<string>): string => formats.list().format(parts);

export const clock = (atMs: number): string => formats.clock().format(atMs);

/** As short as a row of the list allows: the time today, then the day, then the date. */
export const shortTime = (atMs: number, nowMs: number): string => {
  const days = daysBetween(atMs, nowMs);
  if (days <= 0) return clock(atMs);
  if (days === 1) return capitalised(relativeDay(1));
  if (days < 7) return formats.weekday().format(atMs);
  return days < 300 ? formats.date().format(atMs) : formats.yearDate().format(atMs);
};

/** For the line between two days of a conversation. */
export const day = (atMs: number, nowMs: number): string => {
  const days = daysBetween(atMs, nowMs);
  if (days === 0 || days === 1) return capitalised(relativeDay(days));
  if (days > 1 && days < 7) return capitalised(formats.longWeekday().format(atMs));
  return capitalised(
    (days >= 0 && days < 300 ? formats.longDate : formats.yearDate)().format(atMs),
  );
};

/** "09:12" today, "Monday 09:12" this week, else the date. */
export const moment = (atMs: number, nowMs: number): string => {
  const days = daysBetween(atMs, nowMs);
  if (days === 0) return clock(atMs);
  if (days === 1) return `${relativeDay(1)} ${clock(atMs)}`;
  const date = days > 1 && days < 7 ? formats.longWeekday : formats.date;
  return `${date().format(atMs)} ${clock(atMs)}`;
};

export const date = (atMs: number): string => formats.yearDate().format(atMs);

type TimeUnit = 'second' | 'minute' | 'hour' | 'day' | 'week';

const inUnit = (value: number, unit: TimeUnit, unitDisplay: 'long' | 'short' = 'long'): string =>
  new Intl.NumberFormat(formats.locale, { style: 'unit', unit, unitDisplay }).format(
    Math.round(value),
  );

/** As one unit: "40 seconds", "3 hours". */
export const duration = (ms: number): string => {
  if (ms < minuteMs) return inUnit(ms / 1000, 'second');
  if (ms < hourMs) return inUnit(ms / minuteMs, 'minute');
  return ms < 2 * dayMs ? inUnit(ms / hourMs, 'hour') : inUnit(ms / dayMs, 'day');
};

/** How long something is set to last, in the largest unit that fits: "1 hour", "4 weeks". */
export const timer = (ms: number): string => {
  if (ms >= weekMs && ms % weekMs === 0) return inUnit(ms / weekMs, 'week');
  if (ms >= dayMs) return inUnit(ms / dayMs, 'day');
  return ms >= hourMs ? inUnit(ms / hourMs, 'hour') : inUnit(Math.max(1, ms / minuteMs), 'minute');
};

/** What is left, as short as a line under a message allows: "3 hrs". Undefined: under a minute. */
export const remaining = (ms: number): string | undefined => {
  if (ms >= 2 * dayMs) return inUnit(ms / dayMs, 'day');
  if (ms >= 2 * hourMs) return inUnit(ms / hourMs, 'hour', 'short');
  return ms >= minuteMs ? inUnit(ms / minuteMs, 'minute', 'short') : undefined;
};

/** How long a recording is, as players write it: "0:12", "1:02:03". */
export const playTime = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string =>
    new Intl.NumberFormat(formats.locale, { minimumIntegerDigits: 2 }).format(value);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const start = hours > 0 ? `${number(hours)}:${two(minutes)}` : number(minutes);
  return `${start}:${two(seconds % 60)}`;
};

export const coordinates = ({ latitude, longitude }: Location): string =>
  `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;

export const size = (bytes: number): string => {
  const step = Math.min(sizeUnits.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return new Intl.NumberFormat(formats.locale, {
    style: 'unit',
    unit: sizeUnits[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** step);
};

/** At most `max` characters, never cutting one in half. */
export const shortened = (text: string, max: number): string => {
  const characters = Array.from(text);
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
};

/** A name inside a sentence keeps its own direction and cannot change that of the words around it. */
export const isolated = (name: string): string =>
  `\u2068${name.replaceAll(/[\u2066-\u2069]/gu, '')}\u2069`;
