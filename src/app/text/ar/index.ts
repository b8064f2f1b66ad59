/** العربية. كما في UX.md §12: لا شيء «أُرسل» أبدًا، وغياب الآخرين ليس خطأ. */
import type { Language } from '../catalogue.ts';
import { late } from './late.ts';
import { words } from './words.ts';

const arabic: Language = { direction: 'rtl', words, late };
export default arabic;
