/** What the small state of core/api.ts says of this person alone, whatever is open. */
import type { CoreState } from '../api.ts';
import { ownPerson, type Own } from '../conversation/views/person-view.ts';
import { usualFetching } from '../vault/fetch-rules.ts';

type OwnState = Pick<CoreState, 'me' | 'sharing' | 'fetching' | 'blocked'>;

export const ownStateOf = (own: Own, isMetered: boolean): OwnState => {
  const { sharing, fetching, blocked } = own.settings;
  return {
    me: ownPerson(own),
    sharing,
    fetching: { ...fetching, isMetered },
    // People of whom nothing is shown, as they were called when they were blocked.
    blocked: [...blocked].map(([id, name]) => ({ id, name, isMe: false })),
  };
};

/** Before there is anybody. */
export const nobodysState: OwnState = {
  me: undefined,
  sharing: { receipts: true, typing: true, presence: true },
  fetching: { ...usualFetching, isMetered: false },
  blocked: [],
};
