import type { ConversationState } from '../../../app/conversation.svelte.ts';
import type { Row } from '../../../app/timeline-rows.ts';

/** Nothing in the timeline is lower. */
const rowPixelsMin = 30;
/** What somebody does as soon as they see it comes first. */
const breathMs = 40;
/** A hidden page paints nothing: it does not wait for that. */
const paintMsMax = 500;

/**
 * The rows to draw. A conversation that opens at its end is on the screen with what fills it, in half
 * the time; the rest of its window is drawn above that once it is painted, and nothing moves.
 */
export class OpeningRows {
  readonly #conversation: ConversationState;
  readonly #countMax = Math.ceil(innerHeight / rowPixelsMin);
  #isPainted = $state(false);

  readonly isWhole = $derived.by(() => {
    const { newKey, place, laterCount, jump } = this.#conversation;
    const isElsewhere = newKey !== undefined || place !== undefined || laterCount > 0;
    return this.#isPainted || isElsewhere || jump.highlighted !== undefined;
  });
  readonly now = $derived.by((): ReadonlyArray<Row> => {
    const { rows } = this.#conversation;
    return this.isWhole ? rows : rows.slice(-this.#countMax);
  });

  constructor(conversation: ConversationState) {
    this.#conversation = conversation;
  }

  /** To be attached to what shows them. */
  readonly attach = (): (() => void) | undefined => {
    if (this.#isPainted || this.#conversation.rows.length === 0) return undefined;
    const draw = (): void => {
      this.#isPainted = true;
    };
    let timer = setTimeout(draw, paintMsMax);
    const frame = requestAnimationFrame(() => {
      clearTimeout(timer);
      timer = setTimeout(draw, breathMs);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  };
}
