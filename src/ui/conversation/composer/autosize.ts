/** Grows a text field with its content where the browser does not: Firefox has no `field-sizing`. */
export const autosize = (field: HTMLTextAreaElement): void => {
  if (CSS.supports('field-sizing', 'content')) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
};
