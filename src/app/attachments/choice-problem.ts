import type { PrepareProblem } from '../../media/prepare-problem.ts';

/** Why something that was chosen, dropped or pasted is not in the tray. */
export type ChoiceProblem = PrepareProblem | 'folder' | 'too-many';
