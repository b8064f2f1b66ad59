import type { PictureProblem } from './picture.ts';

export type PrepareProblem =
  | Exclude<PictureProblem, 'not-a-picture'>
  | 'mislabelled' // is called a picture or a film and is none
  | 'empty'
  | 'unreadable'; // a folder, or gone meanwhile
