/** Above this a text is shown as it is: nobody reads that much markup, and parsing it costs. */
const markupUnitsMax = 16 * 1024;

/** Something that markup could begin with. Most messages have none and never meet the parser. */
const sign =
  /[*_~`[\]\\]|^ {0,3}(?:>|[-+•]\s|\d{1,9}[.)]\s)|:\/\/|www\.|\b(?:mailto|tel):|\S@\S+\.\S/mu;

export const hasMarkup = (text: string): boolean =>
  text.length <= markupUnitsMax && sign.test(text);
