/** The relay that runs beside the page's own server, found by asking it, remembered for next time. */
const storeKey = 'sotto.own-relays';
const askMs = 4000;

const readAddresses = (value: unknown): ReadonlyArray<string> =>
  Array.isArray(value) ? value.filter((address) => typeof address === 'string') : [];

/**
 * One road to each relay: an https page may only use a secure one, and plain WebSocket is tried
 * before webrtc-direct, which browsers are about to change.
 */
const bestRoads = (addresses: ReadonlyArray<string>): ReadonlyArray<string> => {
  const isSecure = (address: string): boolean => /\/(?:tls\/ws|wss)(?:\/|$)/u.test(address);
  const isPlain = (address: string): boolean => /\/ws(?:\/|$)/u.test(address);
  const rank = (address: string): number => {
    if (isSecure(address)) return 0;
    if (isPlain(address)) return location.protocol === 'http:' ? 1 : 3;
    return address.includes('/webrtc-direct') ? 2 : 3;
  };
  const byPeer = new Map<string, string>();
  for (const address of addresses) {
    const peer = address.split('/p2p/').at(-1) ?? '';
    const known = byPeer.get(peer);
    if (rank(address) < 3 && (known === undefined || rank(address) < rank(known))) {
      byPeer.set(peer, address);
    }
  }
  return [...byPeer.values()];
};

/** As found last time, so that a start without the server knows them. */
export const knownOwnRelays = (): ReadonlyArray<string> => {
  try {
    return readAddresses(JSON.parse(localStorage.getItem(storeKey) ?? '[]'));
  } catch {
    return [];
  }
};

/** Undefined where the server does not answer or has no relay: what was known stays. */
export const findOwnRelays = async (): Promise<ReadonlyArray<string> | undefined> => {
  try {
    const response = await fetch('./relay.json', { signal: AbortSignal.timeout(askMs) });
    if (!response.ok) return undefined;
    const answer = (await response.json()) as { readonly relays?: unknown };
    const relays = bestRoads(readAddresses(answer.relays));
    localStorage.setItem(storeKey, JSON.stringify(relays));
    return relays.length > 0 ? relays : undefined;
  } catch {
    return undefined;
  }
};
