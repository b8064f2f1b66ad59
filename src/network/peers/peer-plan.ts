/**
 * What to do about one peer next, as a pure function of what is there. The peer with the smaller
 * peer id dials and opens; the other waits a while and then does it as well, so that two sides that
 * see each other at the same moment make one connection, and one that cannot dial still gets one.
 */
import type { Path } from '../port.ts';
import type { Timing } from '../timing.ts';

export interface PeerSituation {
  readonly isWanted: boolean;
  /** Ours is the smaller peer id. */
  readonly isFirst: boolean;
  /** At the relay, before this device was; undefined: nothing is known of that. */
  readonly wereThere?: boolean | undefined;
  readonly link:
    | {
        readonly path: Path;
        readonly isOurs: boolean;
        readonly spentAtMs: number;
        readonly isQuiet: boolean;
      }
    | undefined;
  readonly hasDirect: boolean;
  readonly hasRelayed: boolean;
  readonly canUpgrade: boolean;
  /** The peer listens and this device does not: who is dialled is the peer, whoever is first. */
  readonly isUpgradeOurs: boolean;
  /** Since when things have been as they are: wanted, connected, linked. */
  readonly sinceMs: number;
  /** Not before these, for what failed before. */
  readonly reachAfterMs: number;
  readonly upgradeAfterMs: number;
}

export type PeerAction =
  /** Dial where it listens or over a relay, then open a link. */
  | 'reach'
  /** Open a link on the best connection there is. */
  | 'open'
  /** Dial directly. */
  | 'upgrade'
  /** Open a fresh relayed link before the relay cuts this one. */
  | 'renew'
  /** Open a relayed link beside a direct one that may be dead. */
  | 'detour';

export interface PeerPlan {
  readonly action: PeerAction | undefined;
  /** When to look again if nothing happens before. */
  readonly atMs: number;
}

const nothing: PeerPlan = { action: undefined, atMs: Infinity };

const planAt = (action: PeerAction, atMs: number, nowMs: number): PeerPlan =>
  atMs <= nowMs ? { action, atMs: nowMs } : { action: undefined, atMs };

const earlier = (a: PeerPlan, b: PeerPlan): PeerPlan => (a.atMs <= b.atMs ? a : b);

const planRelayed = (
  situation: PeerSituation,
  { turnMs, nowMs, timing }: { turnMs: number; nowMs: number; timing: Timing },
): PeerPlan => {
  const { link, hasDirect, canUpgrade, isUpgradeOurs } = situation;
  if (link === undefined) return nothing;
  if (hasDirect) return planAt('open', Math.max(turnMs, situation.reachAfterMs), nowMs);
  // Who opened it renews it; the other only if that did not happen.
  const renewAtMs = link.isOurs ? link.spentAtMs : link.spentAtMs + timing.yieldMs;
  const renew = planAt('renew', Math.max(situation.reachAfterMs, renewAtMs), nowMs);
  if (renew.action !== undefined || !canUpgrade) return renew;
  const upgradeAtMs = Math.max(isUpgradeOurs ? 0 : turnMs, situation.upgradeAfterMs);
  return earlier(planAt('upgrade', upgradeAtMs, nowMs), renew);
};

/**
 * [NP6] Who comes to a relay is told at once who is there, and those hear of it only when they ask
 * again: so who came last dials. Where that is not known, the smaller peer id does.
 */
const reachTurnMs = ({ isFirst, wereThere, sinceMs }: PeerSituation, timing: Timing): number => {
  if (wereThere === true) return 0;
  if (!isFirst) return sinceMs + timing.yieldMs;
  return wereThere === false ? sinceMs + timing.newcomerMs : 0;
};

/** [NP1] The next action, now or later. Nothing for a peer that nobody wants. */
export const planPeer = (situation: PeerSituation, nowMs: number, timing: Timing): PeerPlan => {
  const { isWanted, isFirst, link, hasDirect, hasRelayed } = situation;
  if (!isWanted) return nothing;
  const turnMs = isFirst ? 0 : situation.sinceMs + timing.yieldMs;
  if (link === undefined) {
    const isConnected = hasDirect || hasRelayed;
    const ownTurnMs = isConnected ? turnMs : reachTurnMs(situation, timing);
    const action = isConnected ? 'open' : 'reach';
    return planAt(action, Math.max(ownTurnMs, situation.reachAfterMs), nowMs);
  }
  if (link.path === 'relayed') return planRelayed(situation, { turnMs, nowMs, timing });
  const { reachAfterMs } = situation;
  return link.isQuiet ? planAt('detour', Math.max(turnMs, reachAfterMs), nowMs) : nothing;
};
