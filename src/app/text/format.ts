/** Times, days, sizes and numbers as text. Formatters are made once: making one costs more than using it. */

const locale = 'en-GB';
const dayMs = 24 * 60 * 60 * 1000;

const clockFormat = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const weekdayFormat = new Intl.DateTimeFormat(locale, { weekday: 'short' });
const longWeekdayFormat = new Intl.DateTimeFormat(locale, { weekday: 'long' });
const dateFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const longDateFormat = new Intl.DateTimeFormat(locale, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});
const yearDateFormat = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const numberFormat = new Intl.NumberFormat(locale);
const sizeFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const listFormat = new Intl.ListFormat(locale);
const pluralRules = new Intl.PluralRules(locale);

/** Whole days from `atMs` to `nowMs` by the calendar of this device. */
const daysBetween = (atMs: number, nowMs: number): number => {
  const start = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);
  return Math.round((start(nowMs) - start(atMs)) / dayMs);
};

/** `count` with its noun: "1 person", "2 people". */
export const counted = (count: number, one: string, other: string): string =>
  `${numberFormat.format(count)} ${pluralRules.select(count) === 'one' ? one : other}`;

export const number = (count: number): string => numberFormat.format(count);

export const clock = (atMs: number): string => clockFormat.format(atMs);

/** As short as a row of the list allows: the time today, then the day, then the date. */
export const shortTime = (atMs: number, nowMs: number): string => {
  const days = daysBetween(atMs, nowMs);
  if (days <= 0) return clock(atMs);
  if (days === 1) return 'Yesterday';
  if (days < 7) return weekdayFormat.format(atMs);
  return days < 300 ? dateFormat.format(atMs) : yearDateFormat.format(atMs);
};

/** For the line between two days of a conversation. */
export const day = (atMs: number, nowMs: number): string => {
  const days = daysBetween(atMs, nowMs);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days > 1 && days < 7) return longWeekdayFormat.format(atMs);
  return days >= 0 && days < 300 ? longDateFormat.format(atMs) : yearDateFormat.format(atMs);
};

/** "09:12" today, "Monday 09:12" this week, else the date. */
export const moment = (atMs: number, nowMs: number): string => {
  const days = daysBetween(atMs, nowMs);
  if (days === 0) return clock(atMs);
  if (days === 1) return `yesterday ${clock(atMs)}`;
  return days > 1 && days < 7
    ? `${longWeekdayFormat.format(atMs)} ${clock(atMs)}`
    : `${dateFormat.format(atMs)} ${clock(atMs)}`;
};

export const date = (atMs: number): string => yearDateFormat.format(atMs);

/** "Ana, Ben and Cleo" */
export const list = (items: ReadonlyArray<string>): string => listFormat.format(items);

/** As one unit: "40 seconds", "3 hours". */
export const duration = (ms: number): string => {
  const minutes = ms / 60_000;
  const [value, unit] =
    minutes < 1
      ? ([ms / 1000, 'second'] as const)
      : minutes < 60
        ? ([minutes, 'minute'] as const)
        : minutes < 48 * 60
          ? ([minutes / 60, 'hour'] as const)
          : ([minutes / (24 * 60), 'day'] as const);
  const options = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(locale, options).format(Math.round(value));
};

export const size = (bytes: number): string => {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${sizeFormat.format(value)} ${units[unit] ?? ''}`;
};

/** At most `max` characters, never cutting one in half. */
export const shortened = (text: string, max: number): string => {
  const characters = Array.from(text);
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
};

/** A name inside a sentence keeps its own direction and cannot change that of the words around it. */
export const isolated = (name: string): string =>
  `\u2068${name.replaceAll(/[\u2066-\u2069]/gu, '')}\u2069`;
