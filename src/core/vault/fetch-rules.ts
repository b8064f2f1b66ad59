/** What comes by itself, as it is kept: for all conversations in the settings, for one in its notes. */
import { arrayUpTo, booleanOf, naturalOf, oneOf, recordOf } from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import type { FetchRules, FetchSettings } from '../api-attachments.ts';

export const readFetchRules = recordOf({
  kinds: arrayUpTo(4, oneOf('image', 'video', 'voice', 'file')),
  sizeBytesMax: naturalOf,
  onMetered: booleanOf,
});

export const readFetching = recordOf({ rules: readFetchRules, treatAsMetered: booleanOf });

export const usualFetching: FetchSettings = {
  rules: {
    kinds: ['image', 'video', 'voice', 'file'],
    sizeBytesMax: limits.autoFetchBytesMax,
    onMetered: false,
  },
  treatAsMetered: false,
};

/** As it is written; undefined where the interface asks for what is no rule. */
export const keptRules = ({ kinds, sizeBytesMax, onMetered }: FetchRules): FetchRules | undefined =>
  readFetchRules({ kinds: [...new Set(kinds)], sizeBytesMax, onMetered });
