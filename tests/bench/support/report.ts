/** The table on the terminal, and the same as data. */
import type { Row, Unit } from '../bench.ts';
import { ratiosOf, spreadOf, type Spread } from './statistics.ts';

/** A row with everything a later reader needs to compare it. */
export interface Result extends Row {
  readonly spread: Spread;
  readonly againstSpread: Spread | undefined;
  readonly ratio: Spread | undefined;
}

export const resultOf = (row: Row): Result => {
  const ratios = row.against === undefined ? [] : ratiosOf(row.rounds, row.against.rounds);
  return {
    ...row,
    spread: spreadOf(row.rounds),
    againstSpread: row.against && spreadOf(row.against.rounds),
    ratio: ratios.length === 0 ? undefined : spreadOf(ratios),
  };
};

const digits = (value: number): string => {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
};

const shown = (spread: Spread, unit: Unit | undefined): string => {
  const { median, min, max } = spread;
  const range = min === max ? '' : ` (${digits(min)}–${digits(max)})`;
  return `${digits(median)}${unit === undefined ? '' : ` ${unit}`}${range}`;
};

const head = ['row', 'what', 'median (range)', 'against', 'median (range)', 'ratio', 'aim'];

const cellsOf = (result: Result): ReadonlyArray<string> => [
  result.id,
  result.measures,
  shown(result.spread, result.unit),
  result.against?.name ?? '–',
  result.againstSpread === undefined ? '–' : shown(result.againstSpread, result.unit),
  result.ratio === undefined ? '–' : shown(result.ratio, undefined),
  result.aim ?? '–',
];

/** A Markdown table, so that it can be pasted as it is. */
export const tableOf = (results: ReadonlyArray<Result>): string => {
  const rows = [head, ...results.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: ReadonlyArray<string>): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(head), rule, ...rows.slice(1).map(line)].join('\n');
};
