import type { ConnectionView } from '../core/api.ts';
import { en } from '../app/text/en.ts';

/** The whole device in one line: can it reach anybody, and how. */
export const connectionLine = (connection: ConnectionView, isOffline: boolean): string => {
  const { directCount, relayedCount, relays } = connection;
  if (isOffline) return en.connection.offline;
  if (directCount + relayedCount > 0) return en.connection.connected(directCount, relayedCount);
  if (!connection.isStarted) return en.connection.starting;
  if (relays.length === 0) return en.connection.noRelaySet;
  if (relays.some((relay) => relay.state === 'up')) return en.connection.alone;
  if (relays.some((relay) => relay.state === 'connecting')) return en.connection.connecting;
  const retries = relays.flatMap((relay) => relay.retryMs ?? []);
  return retries.length === 0
    ? en.connection.noRelay
    : en.connection.noRelayRetry(Math.min(...retries));
};
