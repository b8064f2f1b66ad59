/** A line about a message shows its words; what makes them bold or code is seen where the message is. */

/** A pair of signs round something, as Markdown has it: not inside a word, and not round a space. */
const pair =
  /(?<![\p{L}\p{N}\\*_~`])(\*{1,3}|_{1,3}|~~|`+)(?=\S)(.+?)(?<=\S)\1(?![\p{L}\p{N}*_~`])/gu;
const fence = /^ {0,3}```.*$\n?/gmu;
const quoteSign = /^ {0,3}> ?/gmu;
/** No line shows more, and looking for pairs takes longer than the text is long. */
const unitsMax = 600;
/** Deeper than this nobody nests them. */
const nestedMax = 3;

/** As much of a text as a line shows, without the signs of its markup; what is no whole pair stays as typed. */
export const withoutMarks = (text: string): string => {
  let plain = text.slice(0, unitsMax).replaceAll(fence, '').replaceAll(quoteSign, '');
  for (let depth = 0; depth < nestedMax; depth++) plain = plain.replaceAll(pair, '$2');
  return plain;
};
