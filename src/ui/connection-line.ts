import type { ConnectionView } from '../core/api.ts';
import { t } from '../app/text/t.ts';

/** The whole device in one line: can it reach anybody, and how. */
export const connectionLine = (connection: ConnectionView, isOffline: boolean): string => {
  const { directCount, relayedCount, relays } = connection;
  if (isOffline) return t.connection.offline;
  if (directCount + relayedCount > 0) return t.connection.connected(directCount, relayedCount);
  if (!connection.isStarted) return t.connection.starting;
  if (relays.length === 0) return t.connection.noRelaySet;
  if (relays.some((relay) => relay.state === 'up')) return t.connection.alone;
  if (relays.some((relay) => relay.state === 'connecting')) return t.connection.connecting;
  const retries = relays.flatMap((relay) => relay.retryMs ?? []);
  return retries.length === 0
    ? t.connection.noRelay
    : t.connection.noRelayRetry(Math.min(...retries));
};
