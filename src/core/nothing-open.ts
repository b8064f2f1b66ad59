/** The state before anything is open: nobody is at hand, and the network code is not there. */
import type { CoreState } from './api.ts';

export const nothingOpen: Pick<
  CoreState,
  'conversations' | 'requests' | 'joins' | 'connection' | 'troubles'
> = {
  conversations: [],
  requests: [],
  joins: [],
  connection: {
    isOnline: true,
    isStarted: false,
    canWebRtc: true,
    relays: [],
    directCount: 0,
    relayedCount: 0,
  },
  troubles: [],
};
