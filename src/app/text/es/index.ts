/** Español. Como UX.md §12: nada está nunca "enviado", y que no haya nadie no es un fallo. */
import type { Language } from '../catalogue.ts';
import { late } from './late.ts';
import { words } from './words.ts';

const spanish: Language = { direction: 'ltr', words, late };
export default spanish;
