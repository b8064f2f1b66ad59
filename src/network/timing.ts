/** How long the adapter waits for what, in one place, so that a test can make it hurry. */

const secondMs = 1000;
const minuteMs = 60 * secondMs;

export const defaultTiming = {
  // relays
  relayDialMs: 10 * secondMs,
  reservationMs: 10 * secondMs, // from connected to reachable
  requestMs: 10 * secondMs, // of one rendezvous request: no answer means the connection is dead
  retryMinMs: 1 * secondMs,
  retryMaxMs: 30 * secondMs,
  lapseMs: 2 * minuteMs, // a relay that was up so recently is likely to be back soon:
  lapseRetryMaxMs: 4 * secondMs, // its pauses grow no longer than this

  // meetings
  pollHurriedMs: 2 * secondMs,
  hurryMs: 30 * secondMs, // how long a change is followed closely
  pollMissingMs: 5 * secondMs, // afterwards, while somebody wanted is not there
  pollIdleMs: 15 * secondMs, // and twice that at most

  // peers
  yieldMs: 8 * secondMs, // how long the peer with the greater id leaves the dialling to the other
  newcomerMs: 1 * secondMs, // the same towards who came later to a relay, and dials at once
  reachMs: 15 * secondMs, // of one dial over a relay
  listenDialMs: 3 * secondMs, // of one dial where a peer listens, before a relay is tried
  directTryMs: 10 * secondMs, // of one WebRTC dial
  directTries: 3,
  directPauseMs: 1 * minuteMs, // after so many tries; doubles
  directPauseMaxMs: 10 * minuteMs,
  settleMs: 3 * secondMs, // two links that begin within this began by coincidence
  closedPauseMs: 5 * secondMs, // after the core closed a link to somebody it wants
  lingerMs: 2 * secondMs, // a replaced link may finish what is under way
  strangerMs: 30 * secondMs, // an inbound connection without a link ends after this

  // links
  frameMs: 60 * secondMs, // to hand one frame to the transport
  heartbeatDirectMs: 2 * secondMs,
  quietDirectMs: 6 * secondMs, // another way is sought beside it
  silenceDirectMs: 13 * secondMs, // ended within a heartbeat: the browser gives up after 16 s
  heartbeatSocketMs: 8 * secondMs, // where a peer listens: of these one may have many
  quietSocketMs: 20 * secondMs,
  silenceSocketMs: 30 * secondMs,
  heartbeatRelayedMs: 20 * secondMs,
  silenceRelayedMs: 75 * secondMs, // a hidden page's timers run once a minute
  gossipHealMs: 15 * secondMs,
};

export type Timing = { readonly [Name in keyof typeof defaultTiming]: number };

/** From 0 to 1. Spreads what would otherwise happen everywhere at once; keeps no secret. */
export const chance = (): number =>
  (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 0x1_0000_0000;

/** Doubles with each failure between the bounds, then half to one and a half of it by chance. */
export const backoffMs = (
  failures: number,
  { minMs, maxMs }: { readonly minMs: number; readonly maxMs: number },
): number => {
  const doubled = minMs * 2 ** Math.min(Math.max(0, failures - 1), 30);
  return Math.min(maxMs, Math.min(maxMs, doubled) * (0.5 + chance()));
};
