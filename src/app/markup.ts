/** Marks around what is selected in the composer: **bold**, *italic*, ~~strike~~, `code`. Pure. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

export const marks = { bold: '**', italic: '*', strike: '~~', code: '`' } as const;
export type MarkName = keyof typeof marks;

export const isMarkName = (name: string): name is MarkName => name in marks;

/** Puts the marks around the selection, or takes them away where they stand already. */
export const toggleMark = (
  text: string,
  { start, end }: Span,
  name: MarkName,
): { readonly text: string; readonly caret: Span } => {
  const mark = marks[name];
  const before = text.slice(0, start);
  const inside = text.slice(start, end);
  const after = text.slice(end);
  // "**" also ends and begins with "*": one star is italic only where it stands alone.
  const isMarked =
    before.endsWith(mark) &&
    after.startsWith(mark) &&
    (mark !== '*' || !before.endsWith('**') || before.endsWith('***'));
  const size = mark.length;
  return isMarked
    ? {
        text: before.slice(0, -size) + inside + after.slice(size),
        caret: { start: start - size, end: end - size },
      }
    : {
        text: before + mark + inside + mark + after,
        caret: { start: start + size, end: end + size },
      };
};
