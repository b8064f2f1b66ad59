/** Times to choose from for what goes out later, and how a field for a date and a time writes them. */

export type LaterName = 'hour' | 'evening' | 'morning' | 'week';

export interface LaterChoice {
  readonly name: LaterName;
  readonly atMs: number;
}

const hourMs = 3_600_000;
const eveningHour = 18;
const morningHour = 9;
const monday = 1;

/** On the clock of the wall, whatever it does in between. */
const atHour = (nowMs: number, daysAhead: number, hour: number): number => {
  const at = new Date(nowMs);
  at.setDate(at.getDate() + daysAhead);
  return at.setHours(hour, 0, 0, 0);
};

/** The soonest first; an evening that is near or over is left out, as is a Monday that is tomorrow. */
export const laterChoices = (nowMs: number): ReadonlyArray<LaterChoice> => {
  const hour: LaterChoice = { name: 'hour', atMs: nowMs + hourMs };
  const evening: LaterChoice = { name: 'evening', atMs: atHour(nowMs, 0, eveningHour) };
  const toMonday = (monday + 7 - new Date(nowMs).getDay()) % 7 || 7;
  return [
    hour,
    ...(evening.atMs > hour.atMs ? [evening] : []),
    { name: 'morning', atMs: atHour(nowMs, 1, morningHour) },
    ...(toMonday > 1
      ? [{ name: 'week', atMs: atHour(nowMs, toMonday, morningHour) } as const]
      : []),
  ];
};

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** For `<input type="datetime-local">`: local, to the minute. */
export const toLocalField = (atMs: number): string => {
  const at = new Date(atMs);
  const day = [at.getFullYear(), twoDigits(at.getMonth() + 1), twoDigits(at.getDate())].join('-');
  return `${day}T${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
};

/** Undefined: nothing that is a time. */
export const fromLocalField = (value: string): number | undefined => {
  const atMs = new Date(value).getTime();
  return Number.isNaN(atMs) ? undefined : atMs;
};
