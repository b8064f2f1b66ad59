/** How long after composing an Enter may still be the one that ended it. */
const sameKeyMs = 30;

/** Hands over on Enter; Shift+Enter breaks the line, and an input method keeps its Enter. */
export const onEnter = (handOver: () => void) => (field: HTMLElement) => {
  /** When an input method last finished, on the clock of events. */
  let composedAtMs = -sameKeyMs;

  const noteComposed = (event: CompositionEvent): void => {
    composedAtMs = event.timeStamp;
  };
  const pressKey = (event: KeyboardEvent): void => {
    // While an input method composes, Enter chooses a word. Safari ends composing before it tells
    // of that Enter, so one that comes with the end of composing is not ours either.
    const isComposing = event.isComposing || event.timeStamp - composedAtMs < sameKeyMs;
    if (event.key !== 'Enter' || event.shiftKey || isComposing) return;
    event.preventDefault();
    handOver();
  };

  field.addEventListener('compositionend', noteComposed);
  field.addEventListener('keydown', pressKey);
  return () => {
    field.removeEventListener('compositionend', noteComposed);
    field.removeEventListener('keydown', pressKey);
  };
};
