/** Arrows walk the buttons of a grid, as they stand on the screen. */
export const walkGrid = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void => {
  const grid = event.currentTarget;
  const buttons = [...grid.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const { direction, gridTemplateColumns } = getComputedStyle(grid);
  const columns = gridTemplateColumns.split(' ').length;
  const forward = direction === 'rtl' ? -1 : 1;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: forward,
    ArrowLeft: -forward,
    ArrowDown: columns,
    ArrowUp: -columns,
  };
  const step = steps[event.key];
  const next = step === undefined ? undefined : buttons[at + step];
  if (step === undefined || at === -1) return;
  event.preventDefault();
  next?.focus();
};
