/**
 * A network of links, relays and gossip with the faults of the seed: delay, loss, duplicates,
 * reordering (of gossip; a link is an ordered stream that breaks), partitions, slow and relayed
 * paths. It implements src/network/port.ts, one object for each running peer.
 */
import { toHex } from '../../src/base/bytes.ts';
import type {
  LinkId,
  Meeting,
  Network,
  NetworkEvent,
  NetworkHandlers,
  Path,
  PeerAddress,
  PeerId,
  Verdict,
} from '../../src/network/port.ts';
import type { Mailbox } from '../../relay/mailbox/mailbox.ts';
import { Witness } from './witness.ts';
import type { World } from './world.ts';

export interface NetworkFaults {
  /** Percent of gossip frames lost, doubled; of link frames at which the link breaks. */
  lossPercent: number;
  duplicatePercent: number;
  breakPercent: number;
  delayMsMax: number;
  /** Percent of pairs that never get a direct path. */
  relayedPercent: number;
}

export const noFaults: NetworkFaults = {
  lossPercent: 0,
  duplicatePercent: 0,
  breakPercent: 0,
  delayMsMax: 20,
  relayedPercent: 0,
};

/** After so long without a heartbeat a link is given up. */
const silenceMs = 20_000;

interface Link {
  readonly ends: readonly [SimNetwork, SimNetwork];
  readonly ids: readonly [LinkId, LinkId];
  isOpen: boolean;
  /** Per direction: a frame was lost on the way, and an ordered stream carries nothing after it. */
  readonly isTorn: [boolean, boolean];
  /** Per direction: when the last frame arrives, so that order is kept. */
  readonly lastMs: [number, number];
}

interface Sent {
  readonly frame: Uint8Array;
  readonly by: 'link' | 'blob';
}

/** Which way a frame goes. */
export interface Way {
  readonly from: string;
  readonly to: string;
  readonly by: 'link' | 'gossip' | 'blob';
}

const relay = '/dns4/relay.example/tcp/443/tls/ws/p2p/12D3KooWRelay';
export const simulatedRelay = relay;

export class Internet {
  readonly world: World;
  readonly faults: NetworkFaults;
  readonly nodes = new Map<PeerId, SimNetwork>();
  readonly witness = new Witness();
  readonly #links = new Set<Link>();
  /** Names of devices that cannot reach each other, as `a|b`. */
  readonly #cut = new Set<string>();
  readonly #relayedPairs = new Map<string, boolean>();
  /** What arrives of what was sent: that, unless a test makes this internet hostile. */
  arriving: (frame: Uint8Array, way: Way) => Uint8Array = (frame) => frame.slice();
  isRelayUp = true;
  /** The relay's own code over a store of its own; undefined: it keeps none. */
  mailbox: Pick<Mailbox, 'answer' | 'status'> | undefined;
  /** Who refused whom, for how long. */
  readonly denials: Array<{ readonly by: string; readonly peerId: PeerId }> = [];
  deliveredCount = 0;
  lostCount = 0;

  constructor(world: World, faults: NetworkFaults) {
    this.world = world;
    this.faults = faults;
  }

  delayMs(): number {
    return 1 + this.world.random.below(this.faults.delayMsMax);
  }

  canReach(a: string, b: string): boolean {
    return !this.#cut.has(`${a}|${b}`) && !this.#cut.has(`${b}|${a}`);
  }

  /** Splits the named devices into groups that do not reach each other; heals all else. */
  partition(groups: ReadonlyArray<ReadonlyArray<string>>): void {
    this.#cut.clear();
    for (const [i, group] of groups.entries()) {
      for (const other of groups.slice(i + 1).flat()) {
        for (const name of group) this.#cut.add(`${name}|${other}`);
      }
    }
    this.world.note(`partition ${groups.map((group) => group.join('+')).join(' / ')}`);
    for (const link of [...this.#links]) {
      const [a, b] = link.ends;
      if (!this.canReach(a.name, b.name))
        this.world.schedule(3000, () => {
          this.breakLink(link);
        });
    }
    for (const node of this.nodes.values()) node.reconsider();
  }

  heal(): void {
    this.partition([]);
  }

  pathOf(a: SimNetwork, b: SimNetwork): Path {
    const key = [a.name, b.name].sort().join('|');
    const isRelayed = this.#relayedPairs.get(key) ?? this.world.chance(this.faults.relayedPercent);
    this.#relayedPairs.set(key, isRelayed);
    return isRelayed ? 'relayed' : 'direct';
  }

  /** Which pairs have a direct path is drawn anew. */
  forgetPaths(): void {
    this.#relayedPairs.clear();
  }

  get linkCount(): number {
    return this.#links.size;
  }

  linkOf(a: SimNetwork, b: SimNetwork): Link | undefined {
    return [...this.#links].find((link) => link.ends.includes(a) && link.ends.includes(b));
  }

  openLink(a: SimNetwork, b: SimNetwork): void {
    if (a.isStopped || b.isStopped || this.linkOf(a, b) || !this.canReach(a.name, b.name)) return;
    if (a.refuses(b.peerId) || b.refuses(a.peerId)) return;
    const link: Link = {
      ends: [a, b],
      ids: [a.nextLink(), b.nextLink()],
      isOpen: true,
      isTorn: [false, false],
      lastMs: [0, 0],
    };
    this.#links.add(link);
    const path = this.pathOf(a, b);
    this.world.note(`link ${a.name} ${b.name} ${path}`);
    a.linkOpened(link.ids[0], { link, peerId: b.peerId, path });
    b.linkOpened(link.ids[1], { link, peerId: a.peerId, path });
  }

  breakLink(link: Link): void {
    if (!link.isOpen) return;
    link.isOpen = false;
    this.#links.delete(link);
    this.world.note(`unlink ${link.ends[0].name} ${link.ends[1].name}`);
    for (const i of [0, 1] as const) link.ends[i].linkClosed(link.ids[i]);
  }

  /** The other end hears nothing more, and gives the link up after a while, as the adapter does. */
  #tear(link: Link, direction: 0 | 1): void {
    if (link.isTorn[direction]) return;
    link.isTorn[direction] = true;
    this.world.schedule(silenceMs, () => {
      this.breakLink(link);
    });
  }

  /** Bytes of files in a second that a device can send over its links; undefined: any. */
  readonly throttles = new Map<string, number>();

  /** In order, unless the link breaks under the frame. */
  carry(link: Link, from: SimNetwork, sent: Sent): Promise<void> {
    const { frame, by } = sent;
    const direction = link.ends[0] === from ? 0 : 1;
    const to = link.ends[direction === 0 ? 1 : 0];
    const toId = link.ids[direction === 0 ? 1 : 0];
    if (!link.isOpen) return Promise.reject(new Error('link closed'));
    if (by === 'link') this.witness.linkFrame(frame, from.name);
    const rate = by === 'blob' ? this.throttles.get(from.name) : undefined;
    const takesMs = rate === undefined ? 0 : Math.ceil((frame.length / rate) * 1000);
    const arrivesMs = Math.max(link.lastMs[direction], this.world.nowMs + this.delayMs()) + takesMs;
    link.lastMs[direction] = arrivesMs;
    if (this.world.chance(this.faults.breakPercent)) {
      this.lostCount += 1;
      this.world.schedule(arrivesMs - this.world.nowMs, () => {
        this.breakLink(link);
      });
      return Promise.resolve();
    }
    const copy = this.arriving(frame, { from: from.name, to: to.name, by });
    this.world.schedule(arrivesMs - this.world.nowMs, () => {
      if (link.isOpen && !this.canReach(from.name, to.name)) this.#tear(link, direction);
      if (!link.isOpen || link.isTorn[direction]) return;
      this.deliveredCount += 1;
      if (by === 'link') to.frame(toId, copy);
      else to.blob(toId, copy);
    });
    return Promise.resolve();
  }
}

export class SimNetwork implements Network {
  readonly name: string;
  readonly peerId: PeerId;
  readonly #net: Internet;
  readonly #links = new Map<LinkId, Link>();
  readonly meetings = new Map<string, Meeting>();
  #handlers: NetworkHandlers | undefined;
  #wanted: ReadonlyArray<PeerAddress> = [];
  #topics: ReadonlySet<string> = new Set();
  #hasRelay = false;
  #nextLink = 1;
  isStopped = false;

  constructor(net: Internet, name: string, session: number) {
    this.#net = net;
    this.name = name;
    this.peerId = `${name}-${String(session)}`;
  }

  start(handlers: NetworkHandlers): void {
    this.#handlers = handlers;
    this.#net.nodes.set(this.peerId, this);
    this.#later(() => {
      this.#event({ type: 'Started', peerId: this.peerId, canWebRtc: true });
    });
  }

  setRelays(relays: ReadonlyArray<string>): void {
    this.#hasRelay = relays.includes(relay);
    this.reconsider();
  }

  /** The relay came or went, or the way to it. */
  reconsider(): void {
    this.#later(() => {
      const isUp = this.#hasRelay && this.#net.isRelayUp;
      this.#event({
        type: 'RelayChanged',
        relay,
        state: isUp ? 'up' : 'unreachable',
        day: isUp ? Math.floor(this.#net.world.nowMs / 86_400_000) : undefined,
        retryMs: isUp ? undefined : 1000,
      });
      this.#dial();
    });
  }

  setMeetings(_relay: string, meetings: ReadonlyArray<Meeting>): void {
    this.meetings.clear();
    for (const meeting of meetings) this.meetings.set(toHex(meeting.key), meeting);
    this.#meet();
  }

  async askMailbox(_relay: string, request: Uint8Array): Promise<Uint8Array | undefined> {
    if (!(await this.#reachesRelay())) return undefined;
    this.#net.witness.mailboxFrame(request);
    const answer = await this.#net.mailbox?.answer(request, this.name);
    return (await this.#reachesRelay()) ? answer : undefined;
  }

  setWanted(peers: ReadonlyArray<PeerAddress>): void {
    this.#wanted = peers;
    this.#dial();
  }

  setTopics(topics: ReadonlyArray<string>): void {
    this.#topics = new Set(topics);
  }

  publish(topic: string, frame: Uint8Array): void {
    this.publishedCount += 1;
    this.#net.witness.entry(frame);
    for (const link of this.#links.values()) {
      const other = link.ends[0] === this ? link.ends[1] : link.ends[0];
      if (this.#net.pathOf(this, other) === 'direct') this.gossipTo(other, topic, frame);
    }
  }

  send(id: LinkId, frame: Uint8Array): Promise<void> {
    const link = this.#links.get(id);
    return link === undefined
      ? Promise.reject(new Error('link closed'))
      : this.#net.carry(link, this, { frame, by: 'link' });
  }

  sendBlob(id: LinkId, frame: Uint8Array): Promise<void> {
    const link = this.#links.get(id);
    return link === undefined
      ? Promise.reject(new Error('link closed'))
      : this.#net.carry(link, this, { frame, by: 'blob' });
  }

  closeLink(id: LinkId): void {
    const link = this.#links.get(id);
    if (link !== undefined) this.#net.breakLink(link);
  }

  deny(peerId: PeerId, forMs: number): void {
    this.#net.world.note(`deny ${this.name} ${peerId}`);
    this.#net.denials.push({ by: this.name, peerId });
    this.deniedPeers.push(peerId);
    this.#deniedUntilMs.set(peerId, this.#net.world.nowMs + forMs);
    const other = this.#net.nodes.get(peerId);
    const link = other && this.#net.linkOf(this, other);
    if (link !== undefined) this.#net.breakLink(link);
  }

  publishedCount = 0;
  readonly deniedPeers: PeerId[] = [];
  readonly #deniedUntilMs = new Map<PeerId, number>();

  refuses(peerId: PeerId): boolean {
    return (this.#deniedUntilMs.get(peerId) ?? 0) > this.#net.world.nowMs;
  }

  get topics(): ReadonlySet<string> {
    return this.#topics;
  }

  stop(): Promise<void> {
    this.isStopped = true;
    this.#net.nodes.delete(this.peerId);
    for (const link of [...this.#links.values()]) this.#net.breakLink(link);
    return Promise.resolve();
  }

  /** The link to a device of this name. */
  linkTo(name: string): LinkId | undefined {
    const found = [...this.#links].find(([, { ends }]) => ends.some((end) => end.name === name));
    return found?.[0];
  }

  // ------------------------------------------------------------- from the internet

  nextLink(): LinkId {
    const id = this.#nextLink;
    this.#nextLink += 1;
    return id;
  }

  linkOpened(id: LinkId, { link, peerId, path }: { link: Link; peerId: PeerId; path: Path }): void {
    this.#links.set(id, link);
    this.#event({ type: 'LinkOpened', link: id, peerId, path });
  }

  linkClosed(id: LinkId): void {
    this.#links.delete(id);
    this.#event({ type: 'LinkClosed', link: id });
    this.#later(() => {
      this.#dial();
    }, 500);
  }

  frame(id: LinkId, frame: Uint8Array): void {
    this.#event({ type: 'FrameReceived', link: id, frame });
  }

  blob(id: LinkId, frame: Uint8Array): void {
    this.#event({ type: 'BlobReceived', link: id, frame });
  }

  /** Resolves to what the core says of it; undefined: nobody listens. */
  async receiveGossip(
    topic: string,
    frame: Uint8Array,
    from: PeerId,
  ): Promise<Verdict | undefined> {
    if (this.isStopped || !this.#topics.has(topic) || this.refuses(from)) return undefined;
    return this.#handlers?.gossip(topic, frame, from);
  }

  /** One way to the relay or back, which takes its time and may end it. */
  async #reachesRelay(): Promise<boolean> {
    await new Promise<void>((resolve) => {
      this.#net.world.schedule(this.#net.delayMs(), resolve);
    });
    const isUp = this.#hasRelay && this.#net.isRelayUp && this.#net.mailbox !== undefined;
    return isUp && !this.isStopped && !this.#net.world.chance(this.#net.faults.breakPercent);
  }

  gossipTo(other: SimNetwork, topic: string, frame: Uint8Array): void {
    const { world, faults } = this.#net;
    if (world.chance(faults.lossPercent)) return;
    const times = world.chance(faults.duplicatePercent) ? 2 : 1;
    const copy = this.#net.arriving(frame, { from: this.name, to: other.name, by: 'gossip' });
    for (let i = 0; i < times; i++) {
      this.#later(() => {
        if (!this.#net.canReach(this.name, other.name)) return;
        void other.receiveGossip(topic, copy, this.peerId);
      });
    }
  }

  /** Everybody with a common key learns of everybody. */
  #meet(): void {
    if (!this.#net.isRelayUp) return;
    for (const other of this.#net.nodes.values()) {
      if (other === this) continue;
      for (const [keyHex, meeting] of other.meetings) {
        const own = this.meetings.get(keyHex);
        if (own === undefined) continue;
        this.#later(() => {
          this.#met(meeting);
        });
        other.#later(() => {
          other.#met(own);
        });
      }
    }
  }

  #met({ key, blob }: Meeting): void {
    this.#event({ type: 'Met', relay, key, blobs: [blob] });
  }

  /** Until there is a link, as the real adapter does. */
  #dial(): void {
    for (const { peerId } of this.#wanted) {
      const other = this.#net.nodes.get(peerId);
      if (other === undefined || this.#net.linkOf(this, other)) continue;
      this.#later(() => {
        this.#net.openLink(this, other);
      }, 100);
      this.#redialSoon();
    }
  }

  #isRedialing = false;
  #redialSoon(): void {
    if (this.#isRedialing) return;
    this.#isRedialing = true;
    this.#later(() => {
      this.#isRedialing = false;
      this.#dial();
    }, 2000);
  }

  /** As the platform would tell. */
  setMetered(isMetered: boolean): void {
    this.#event({ type: 'MeteredChanged', isMetered });
  }

  #event(event: NetworkEvent): void {
    if (!this.isStopped) this.#handlers?.event(event);
  }

  #later(task: () => void, extraMs = 0): void {
    this.#net.world.schedule(extraMs + this.#net.delayMs(), () => {
      if (!this.isStopped) task();
    });
  }
}
