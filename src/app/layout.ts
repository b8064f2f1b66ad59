/** Below this one pane shows at a time (UX.md §B1). The same widths stand in the styles. */
export const narrowQuery = '(max-width: 719px)';
