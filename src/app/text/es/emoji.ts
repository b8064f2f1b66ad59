/** Cómo se llaman los emojis. */
import names from 'virtual:emoji-names/es';

export default names;
