/** Deutsch. Wie UX.md §12: Nichts ist je "gesendet", und dass niemand da ist, ist kein Fehler. */
import type { Language } from '../catalogue.ts';
import { late } from './late.ts';
import { words } from './words.ts';

const german: Language = { direction: 'ltr', words, late };
export default german;
