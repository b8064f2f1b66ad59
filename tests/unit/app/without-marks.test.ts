import { expect, test } from 'vitest';
import { withoutMarks } from '../../../src/app/text/without-marks.ts';

test.each([
  ['meet at **noon**', 'meet at noon'],
  ['*so* ~~old~~ __loud__ `code`', 'so old loud code'],
  ['***both*** and **one *in* the other**', 'both and one in the other'],
  ['> said\nanswered', 'said\nanswered'],
  ['```js\nconst frost = true;\n```', 'const frost = true;\n'],
])('[MG2] a line about %j shows its words', (text, plain) => {
  expect(withoutMarks(text)).toBe(plain);
});

test.each(['2 * 3 * 4', 'snake_case_name', 'a ** b', '**open', '\\*kept\\*', '5 > 3', '😀*'])(
  '[MG2] %j is no markup and stays',
  (text) => {
    expect(withoutMarks(text)).toBe(text);
  },
);

test('[MG2] signs without end cost no more than the line that shows them', () => {
  expect(withoutMarks('*a _b '.repeat(100_000)).length).toBeLessThan(1000);
});
