/** Wie die Emoji heißen. */
import names from 'virtual:emoji-names/de';

export default names;
