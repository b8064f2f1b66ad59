/**
 * All links of this device: frames in, changes out, gossip beside them. Each link's frames are
 * handled one after another; a peer that sends what no honest one sends is hung up on.
 */
import { utf8ToBytes } from '../../base/bytes.ts';
import { createSerialQueue, type SerialQueue } from '../../base/serial-queue.ts';
import type { LinkId, NetworkEvent, PeerId, Verdict } from '../../network/port.ts';
import { decodeEnvelope } from '../../protocol/envelope.ts';
import { limits } from '../../protocol/limits.ts';
import { signalKind } from '../../protocol/signal.ts';
import { runOf } from '../../replication/runs.ts';
import type { CoreDeps } from '../deps.ts';
import type { Epoch } from '../epochs/epoch.ts';
import { Arrivals } from './arrivals.ts';
import { Forwarding } from './forwarding.ts';
import { LinkSession } from './link-session.ts';
import type { CatchUp } from './catch-up.ts';
import type { Me } from '../vault/me.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { Traffic } from './traffic.ts';
import type { Scope, ScopePeer } from '../scope.ts';

interface OpenLink {
  readonly traffic: Traffic;
  readonly session: LinkSession;
  readonly queue: SerialQueue;
  /** Of frames that wait for their turn. */
  waitingBytes: number;
}

export interface ProvedLink {
  readonly link: LinkId;
  readonly peerId: PeerId;
  readonly path: 'direct' | 'relayed';
  readonly scopeId: string;
  /** Which both hold. */
  readonly epoch: Epoch;
  readonly devSignPub: Uint8Array;
  readonly deviceHex: string;
}

export interface LinksInput {
  readonly me: Me;
  readonly scopes: () => ReadonlyArray<Scope>;
  /** Links came, went or changed their path. */
  readonly onChange: () => void;
}

export class Links {
  readonly #deps: CoreDeps;
  readonly #input: LinksInput;
  readonly #links = new Map<LinkId, OpenLink>();
  readonly #gossipRate: RateLimit;
  /** Of each peer: frames that nobody honest forwards. */
  readonly #rejectRate: RateLimit;
  /** Peers that proved to be a device of a scope of ours, the most recent last. */
  readonly #proved = new Set<PeerId>();
  /** Of each peer: frames of nothing that is shared. */
  readonly #strayRate: RateLimit;
  /** Scopes that were told of their peers a moment ago; true: something has changed since. */
  readonly #toldLately = new Map<Scope, boolean>();
  readonly #arrivals = new WeakMap<Scope, Arrivals>();
  #ownPeerId: PeerId | undefined;

  constructor(deps: CoreDeps, input: LinksInput) {
    this.#deps = deps;
    this.#input = input;
    this.#gossipRate = createRateLimit(deps.clock, {
      burst: limits.liveBurstMax,
      perSecond: limits.livePerSecondMax,
      keysMax: limits.liveWritersMax,
    });
    const perPeer = {
      burst: limits.rejectsPerSecondMax,
      perSecond: limits.rejectsPerSecondMax,
      keysMax: limits.linksMax,
    };
    this.#rejectRate = createRateLimit(deps.clock, perPeer);
    this.#strayRate = createRateLimit(deps.clock, perPeer);
  }

  get paths(): ReadonlyArray<'direct' | 'relayed'> {
    return [...this.#links.values()].map(({ session }) => session.path);
  }

  /** Every link, with the devices its other end proved to be, in hex. */
  inspect(): ReadonlyArray<{
    readonly path: 'direct' | 'relayed';
    readonly deviceHexes: ReadonlyArray<string>;
    readonly traffic: Traffic;
  }> {
    const scopes = this.#input.scopes();
    return [...this.#links.values()].map(({ session, traffic }) => ({
      path: session.path,
      deviceHexes: scopes.flatMap((scope) => session.catchUp(scope)?.deviceHex ?? []),
      traffic,
    }));
  }

  /** Where what goes beside its frames is counted, too. */
  traffic(link: LinkId): Traffic | undefined {
    return this.#links.get(link)?.traffic;
  }

  /** Also of a link that is over: it is the first to be sought again. */
  hasProved(peerId: PeerId): boolean {
    return this.#proved.has(peerId);
  }

  #noteProved(peerId: PeerId): void {
    this.#proved.delete(peerId);
    this.#proved.add(peerId);
    const [oldest] = this.#proved;
    if (this.#proved.size > limits.linksMax && oldest !== undefined) this.#proved.delete(oldest);
  }

  /** Devices at the other ends, each in every scope in which it has proved itself. */
  proved(): ReadonlyArray<ProvedLink> {
    return [...this.#links].flatMap(([link, { session }]) =>
      this.#input.scopes().flatMap((scope) => {
        const catchUp = session.catchUp(scope);
        const epoch = session.provedUnder(scope);
        if (catchUp === undefined || epoch === undefined) return [];
        const { peerId, path } = session;
        const { devSignPub, deviceHex } = catchUp;
        return [{ link, peerId, path, scopeId: scope.scopeId, epoch, devSignPub, deviceHex }];
      }),
    );
  }

  started(peerId: PeerId): void {
    this.#ownPeerId = peerId;
  }

  opened({ link, peerId, path }: Extract<NetworkEvent, { type: 'LinkOpened' }>): void {
    if (this.#ownPeerId === undefined) return;
    const traffic = new Traffic(this.#deps.clock);
    const session = new LinkSession(this.#deps, {
      me: this.#input.me,
      ownPeerId: this.#ownPeerId,
      peerId,
      path,
      send: (frame) => {
        traffic.sent(frame);
        return this.#deps.network.send(link, frame);
      },
      scopes: this.#input.scopes,
      arrivals: (scope) => this.#arrivalsOf(scope),
      mayStray: () => this.#strayRate.take(utf8ToBytes(peerId)),
      onPeersChanged: (scope) => {
        this.#noteProved(peerId);
        this.#tellPeersSoon(scope);
      },
    });
    this.#links.set(link, {
      traffic,
      session,
      queue: createSerialQueue(limits.linkWaitingMax),
      waitingBytes: 0,
    });
    this.#input.onChange();
  }

  closed(link: LinkId): void {
    const open = this.#links.get(link);
    if (open === undefined) return;
    const scopes = this.#input.scopes().filter((scope) => open.session.catchUp(scope));
    open.session.close();
    this.#links.delete(link);
    for (const scope of scopes) this.#tellPeers(scope);
    this.#input.onChange();
  }

  frame(link: LinkId, frame: Uint8Array): void {
    const open = this.#links.get(link);
    if (open === undefined) return;
    const bytesMax = open.session.isShared
      ? limits.linkWaitingBytesMax
      : limits.strangerWaitingBytesMax;
    if (open.waitingBytes + frame.length > bytesMax) {
      this.#deps.network.closeLink(link);
      return;
    }
    open.traffic.received(frame);
    open.waitingBytes += frame.length;
    // What a frame broke in here is ours; the link it came over is given up all the same.
    const handled = open.queue.run(() => open.session.onFrame(frame).catch(() => false));
    void handled.then((result) => {
      open.waitingBytes -= frame.length;
      if (result.ok && result.value) return;
      this.#deps.network.closeLink(link);
      // Frames that wait may be our slow disk's fault: the next link begins where this one ended.
      if (result.ok) this.#deps.network.deny(open.session.peerId, limits.denyMs);
    });
  }

  /** Epochs or scopes came or went: be found under what there is now. */
  offersChanged(): void {
    for (const { session } of this.#links.values()) session.greet();
  }

  /** Something was added to a scope here: whoever is there hears of it. */
  changed(scope: Scope, epoch: Epoch | undefined, cause: 'own' | 'received'): void {
    for (const { session } of this.#links.values()) session.changed(scope, epoch, cause);
  }

  /** Gossip goes over direct links only; the others get it this way. */
  signal(scope: Scope, frame: Uint8Array): void {
    for (const { session } of this.#links.values()) {
      if (session.path === 'relayed') session.signal(scope, frame);
    }
  }

  /** [SY6] A peer's live entry by gossip; who floods us with what is none is hung up on. */
  async gossip(topic: string, frame: Uint8Array, from: PeerId): Promise<Verdict> {
    const verdict = await this.#judge(topic, frame);
    if (verdict === 'reject' && !this.#rejectRate.take(utf8ToBytes(from))) this.hangUp(from);
    return verdict;
  }

  /** It goes through the same gate as everything else. */
  async #judge(topic: string, frame: Uint8Array): Promise<Verdict> {
    for (const scope of this.#input.scopes()) {
      const epoch = scope.logs.all().find(({ keys }) => keys.topic === topic);
      if (epoch === undefined) continue;
      if (frame[0] !== signalKind) return this.#admitLive(scope, epoch, frame);
      return scope.signals?.receive(epoch, frame) ?? 'ignore';
    }
    return 'ignore';
  }

  async #admitLive(scope: Scope, epoch: Epoch, frame: Uint8Array): Promise<Verdict> {
    if (frame.length > limits.frameBytesMax) return 'reject';
    const envelope = decodeEnvelope(frame);
    if (!envelope.ok) return 'reject';
    const run = runOf([envelope.value]);
    if (!run.ok) return 'reject';
    const { writerPub } = envelope.value;
    const isHeld = scope.logs.holds(epoch, envelope.value);
    if (isHeld) return 'accept';
    // Who was taken out is not heard any more; what others hold of it comes by their vectors.
    const device = epoch.deviceOf(writerPub);
    if (device !== undefined && !scope.mayRead(epoch, device)) return 'ignore';
    if (!this.#gossipRate.take(writerPub)) return 'ignore';
    const live = { arrival: 'live', path: 'gossip', from: 'gossip' } as const;
    const parcel = { epoch, runs: [run.value], coming: live };
    const received = await this.#arrivalsOf(scope).take(parcel);
    if (!received.ok || !received.value.ok) return 'ignore';
    const { fault } = received.value.value;
    if (fault === undefined) return 'accept';
    // Only what nobody honest forwards is held against the sender; a gap heals by catching up.
    return fault === 'invalid' ? 'reject' : 'ignore';
  }

  /** For what only somebody hostile sends. */
  hangUp(peerId: PeerId): void {
    for (const [link, { session }] of this.#links) {
      if (session.peerId === peerId) this.#deps.network.closeLink(link);
    }
    this.#deps.network.deny(peerId, limits.denyMs);
  }

  #arrivalsOf(scope: Scope): Arrivals {
    const known = this.#arrivals.get(scope);
    if (known !== undefined) return known;
    const catchUps = (): ReadonlyArray<CatchUp> =>
      [...this.#links.values()].flatMap(({ session }) => session.catchUp(scope) ?? []);
    const forwarding = new Forwarding({
      clock: this.#deps.clock,
      logs: scope.logs,
      deviceCount: () => catchUps().length,
      onDue: (epoch) => {
        for (const catchUp of catchUps()) catchUp.due(epoch);
      },
    });
    const made = new Arrivals(scope, forwarding);
    this.#arrivals.set(scope, made);
    return made;
  }

  /** The first change is told at once; those right behind it together. */
  #tellPeersSoon(scope: Scope): void {
    if (this.#toldLately.has(scope)) {
      this.#toldLately.set(scope, true);
      return;
    }
    this.#toldLately.set(scope, false);
    this.#tellPeers(scope);
    this.#deps.clock.schedule(limits.peersDelayMs, () => {
      const isDue = this.#toldLately.get(scope) === true;
      this.#toldLately.delete(scope);
      if (isDue) this.#tellPeersSoon(scope);
    });
  }

  /** A device counts once, over its best link. */
  #tellPeers(scope: Scope): void {
    const peers = new Map<string, ScopePeer>();
    for (const { session } of this.#links.values()) {
      const peer = session.catchUp(scope)?.peer;
      if (peer === undefined) continue;
      const known = peers.get(peer.deviceHex);
      if (known?.path !== 'direct') peers.set(peer.deviceHex, peer);
    }
    scope.onPeers([...peers.values()]);
    this.#input.onChange();
  }
}
