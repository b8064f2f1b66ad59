/**
 * One seed, one history: people come together, then write while the network and their devices fail,
 * then everything heals, and every promise is checked.
 */
import { createMemoryMailbox } from '../support/memory-mailbox.ts';
import { noFaults, Internet, type NetworkFaults } from './network.ts';
import { FileWorld } from './file-world.ts';
import { brokenPromises, isConverged, type Acked, type Promised } from './checkers.ts';
import { InternetWithoutCatchUp, optionsWith, type KnownBug } from './known-bugs.ts';
import { Mallory, type Lie } from './mallory/mallory.ts';
import { Peer } from './peer.ts';
import { formGroup, introduce } from './workload.ts';
import { World } from './world.ts';

export interface RunOptions {
  readonly peers: number;
  /** By each peer, about: `peers * messages` are written in all. */
  readonly messages: number;
  /** Crashes, full disks and partitions beside what the network does. */
  readonly isHarsh: boolean;
  /** The relay keeps one. */
  readonly hasMailbox?: boolean;
  /** People are removed and leave meanwhile; two stay at the least. */
  readonly hasDepartures?: boolean;
  /** One member more, who lies: in these ways, or in all there are. */
  readonly hasMallory?: boolean;
  readonly lies?: ReadonlyArray<Lie>;
  /** Files are sent, given up and damaged meanwhile. */
  readonly hasFiles?: boolean;
  /** Made on purpose, to see it caught. */
  readonly bug?: KnownBug;
}

export interface RunReport {
  readonly seed: number;
  readonly broken: ReadonlyArray<string>;
  readonly ackedCount: number;
  readonly crashCount: number;
  readonly partitionCount: number;
  readonly fullDiskCount: number;
  readonly departedCount: number;
  readonly lies: ReadonlyArray<Lie>;
  readonly fileCount: number;
  readonly lostFrames: number;
  readonly traceHash: string;
  readonly virtualMs: number;
}

const names = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];
const healMs = 10 * 60_000;
const askedEachMs = 100;
/** Of one device: a history writes a fraction of it. */
const diskBytesMax = 8_000_000;

const faultsOf = (world: World): NetworkFaults => ({
  lossPercent: world.random.below(31),
  duplicatePercent: world.random.below(11),
  breakPercent: world.random.below(4),
  delayMsMax: world.random.pick([20, 100, 500]),
  relayedPercent: world.random.pick([0, 30, 100]),
});

export class History {
  readonly world: World;
  readonly net: Internet;
  readonly peers: ReadonlyArray<Peer>;
  readonly acked: Acked[] = [];
  ids: ReadonlyMap<Peer, string> = new Map();
  crashCount = 0;
  partitionCount = 0;
  fullDiskCount = 0;
  /** Whoever was removed or left, and what was said when they could no longer know. */
  readonly departed = new Map<Peer, string[]>();
  readonly mallory: Mallory | undefined;
  readonly files: FileWorld | undefined;

  constructor(seed: number, options: RunOptions) {
    this.world = new World(seed);
    const Net = options.bug === 'no-catch-up' ? InternetWithoutCatchUp : Internet;
    this.net = new Net(this.world, { ...noFaults });
    if (options.hasMailbox === true) {
      const { backend } = this.world;
      this.net.mailbox = createMemoryMailbox({ now: () => this.world.nowMs, backend });
    }
    const honest = names
      .slice(0, options.peers)
      .map((name) => new Peer(this.net, name, optionsWith(options.bug)));
    if (options.hasMallory === true) {
      this.mallory = new Mallory(this.net, new Peer(this.net, 'mallory'));
    }
    this.peers = this.mallory === undefined ? honest : [...honest, this.mallory.peer];
    const { world, net } = this;
    const idOf = (peer: Peer): string | undefined => this.ids.get(peer);
    if (options.hasFiles === true) {
      this.files = new FileWorld({ world, net, idOf, liar: this.mallory?.peer });
    }
  }

  get honest(): ReadonlyArray<Peer> {
    return this.peers.filter((peer) => peer !== this.mallory?.peer);
  }

  async meet(): Promise<void> {
    const [alice, bob] = this.peers;
    if (alice === undefined || bob === undefined) throw new Error('two at least');
    if (this.peers.length === 2 && this.world.chance(50)) {
      const pair = await introduce(this.world, alice, bob);
      this.ids = new Map([
        [alice, pair.alice],
        [bob, pair.bob],
      ]);
    } else {
      this.ids = await formGroup(this.world, this.peers, this.world.chance(50));
    }
    for (const peer of this.peers) await this.reopen(peer);
  }

  async reopen(peer: Peer): Promise<void> {
    const id = this.ids.get(peer);
    if (id === undefined || !peer.isRunning) return;
    const isThere = (): boolean =>
      peer.state?.conversations.some((conversation) => conversation.id === id) === true;
    if (await this.world.run(60_000, isThere)) await peer.open(id);
  }

  /** Somebody writes; what the disk took is counted on from then on. */
  say(peer: Peer, text: string): void {
    const conversationId = this.ids.get(peer);
    if (conversationId === undefined || !peer.isRunning) return;
    const { name } = peer;
    if (peer === this.peers[0]) for (const later of this.departed.values()) later.push(text);
    void peer.execute({ type: 'SendMessage', conversationId, text }).then((sent) => {
      this.world.note(`sent ${name} ${text} ${String(sent.ok)}`);
      if (sent.ok) this.acked.push({ author: name, text, key: sent.value.key });
    });
  }

  /** The founder removes somebody, or somebody leaves: what is done at one place is never undone. */
  async depart(): Promise<void> {
    const [founder, ...others] = this.peers;
    const staying = others.filter((peer) => !this.departed.has(peer));
    if (founder === undefined || staying.length < 2) return;
    await this.#goes(founder, this.world.random.pick(staying), this.world.chance(70));
  }

  /** The liar is found out and removed. */
  async expel(): Promise<void> {
    const [founder] = this.peers;
    const peer = this.mallory?.peer;
    if (founder === undefined || peer === undefined || this.departed.has(peer)) return;
    await this.#goes(founder, peer, true);
  }

  async #goes(founder: Peer, peer: Peer, isRemoval: boolean): Promise<void> {
    const by = isRemoval ? founder : peer;
    const conversationId = this.ids.get(by);
    const person = by.details?.members.find((member) => member.person.name === peer.name)?.person;
    if (!by.isRunning || conversationId === undefined || person === undefined) return;
    const done = await by.do(
      isRemoval
        ? { type: 'Remove', conversationId, personId: person.id }
        : { type: 'Leave', conversationId },
    );
    this.world.note(`depart ${peer.name} ${String(done.ok)}`);
    // Refused on a full disk, say: it may be done all the same, and counts as unknown.
    this.departed.set(peer, []);
    if (!done.ok || !isRemoval) this.departed.set(peer, this.#unheard);
    else if (peer === this.mallory?.peer) this.#isLiarRemoved = true;
  }

  /** Where a liar says that they go, they may be lying: their leave, say, stands behind a fork. */
  #isLiarRemoved = false;

  /** Nothing is promised about what is said while a leave is still on its way. */
  readonly #unheard: string[] = [];

  /** Now and then a lie; now and then the liar comes back as somebody else, or is expelled. */
  async deceive(kinds?: ReadonlyArray<Lie>): Promise<void> {
    const { mallory, world } = this;
    if (mallory === undefined) return;
    const others = this.honest.filter((peer) => !this.departed.has(peer));
    if (world.chance(15)) await mallory.lie(others, kinds);
    if (world.chance(4)) mallory.withhold(others);
    if (world.chance(3)) await this.crash(mallory.peer);
    if (world.chance(1)) await this.expel();
  }

  async crash(peer: Peer): Promise<void> {
    if (!peer.isRunning) return;
    this.crashCount += 1;
    await peer.crash();
    const downMs = this.world.random.pick([0, 500, 5000, 60_000]);
    this.world.schedule(downMs, () => {
      peer.start();
      this.reopenLater(peer);
    });
  }

  /** Opening waits for the core inside the running world: no nested run. */
  reopenLater(peer: Peer): void {
    const id = this.ids.get(peer);
    const check = (): void => {
      if (!peer.isRunning || id === undefined) return;
      const isThere = peer.state?.conversations.some((conversation) => conversation.id === id);
      if (isThere === true) peer.openNow(id);
      else this.world.schedule(100, check);
    };
    check();
  }

  fillDisk(peer: Peer): void {
    this.fullDiskCount += 1;
    peer.disk.faults.capacityBytes = peer.disk.usedBytes + this.world.random.below(3000);
    this.world.schedule(this.world.random.pick([2000, 20_000]), () => {
      peer.disk.faults.capacityBytes = Infinity;
    });
  }

  split(): void {
    this.partitionCount += 1;
    const groups: [string[], string[]] = [[], []];
    for (const { name } of this.peers) groups[this.world.random.below(2)]?.push(name);
    this.net.partition(groups);
    this.world.schedule(this.world.random.pick([1000, 10_000, 60_000]), () => {
      this.net.heal();
    });
  }

  async healAll(): Promise<void> {
    // Whatever was told to some alone, they may have to tell each other.
    if (this.mallory?.peer.isRunning === true && this.world.chance(50)) {
      await this.mallory.peer.crash();
    }
    Object.assign(this.net.faults, noFaults);
    this.net.heal();
    this.net.isRelayUp = true;
    for (const peer of this.peers) {
      peer.disk.faults.capacityBytes = Infinity;
      peer.disk.faults.delayMs = 0;
      peer.network?.reconsider();
    }
    this.files?.heal(this.peers);
    await this.world.run(70_000); // whoever is down comes back
    for (const peer of this.peers) await peer.showAll();
    await this.world.run(healMs, this.#askedNowAndThen());
    await this.#healFiles();
  }

  /** What was damaged on disk is found out when it is read, and fetched again. */
  async #healFiles(): Promise<void> {
    const { files } = this;
    if (files === undefined) return;
    // One reading finds one damaged chunk of a file.
    for (const isLast of [false, false, false, true]) {
      await this.world.run(1000); // what was found out shows a moment later
      let nextMs = 0;
      await this.world.run(healMs, () => {
        if (this.world.nowMs < nextMs) return false;
        nextMs = this.world.nowMs + askedEachMs;
        return files.isSettled(this.#staying);
      });
      await files.readAll(this.#staying, isLast);
    }
  }

  broken(): ReadonlyArray<string> {
    return [
      ...this.net.witness.violations,
      ...brokenPromises(this.#promised),
      ...this.#overheard(),
      ...this.#denied(),
      ...this.#crammed(),
      ...(this.files?.broken(this.#staying) ?? []),
    ];
  }

  /** An honest device that is refused by another one, whatever was done in between. */
  #denied(): ReadonlyArray<string> {
    const ofHonest = this.net.denials.filter(({ by, peerId }) =>
      [by, peerId].every((id) => this.honest.some(({ name }) => id.split('-')[0] === name)),
    );
    return ofHonest.map(({ by, peerId }) => `I8 ${by} refused ${peerId}`);
  }

  /** What somebody else can make a device keep has an end. */
  #crammed(): ReadonlyArray<string> {
    return this.honest
      .filter(({ disk }) => disk.usedBytes > diskBytesMax)
      .map(({ name, disk }) => `I8 ${name} keeps ${String(disk.usedBytes)} bytes`);
  }

  /** Whether all is well; asked after every event it would cost more than the rest of a history. */
  #askedNowAndThen(): () => boolean {
    let nextMs = this.world.nowMs;
    return () => {
      if (this.world.nowMs < nextMs) return false;
      nextMs = this.world.nowMs + askedEachMs;
      return isConverged(this.#promised);
    };
  }

  get #promised(): Promised {
    const isThere = this.mallory !== undefined && !this.#isLiarRemoved;
    return { peers: this.#staying, acked: this.#ackedByStaying, liarCount: isThere ? 1 : 0 };
  }

  get #staying(): ReadonlyArray<Peer> {
    return this.honest.filter((peer) => !this.departed.has(peer));
  }

  get #ackedByStaying(): ReadonlyArray<Acked> {
    const names = new Set(this.#staying.map(({ name }) => name));
    return this.acked.filter(({ author }) => names.has(author));
  }

  /** What the founder said after removing somebody, on that one's screen. */
  #overheard(): ReadonlyArray<string> {
    return [...this.departed].flatMap(([peer, later]) =>
      peer.messages
        .filter(({ text }) => later !== this.#unheard && later.includes(text))
        .map(({ text }) => `I7 ${peer.name} was removed and reads "${text}"`),
    );
  }
}

/** Runs one history. Throws only for what the simulation itself got wrong. */
export const runHistory = async (seed: number, options: RunOptions): Promise<RunReport> => {
  const history = new History(seed, options);
  const { world, net, peers } = history;
  await history.meet();
  Object.assign(net.faults, faultsOf(world));
  if (net instanceof InternetWithoutCatchUp) net.isFaulty = true;
  for (let i = 0; i < options.messages * peers.length; i++) {
    const peer = world.random.pick(peers);
    history.say(peer, `m${String(i)}`);
    if (options.isHarsh) {
      if (world.chance(6)) await history.crash(world.random.pick(peers));
      if (world.chance(4)) history.split();
      if (world.chance(3)) history.fillDisk(world.random.pick(peers));
      if (world.chance(2)) {
        world.random.pick(peers).skewMs = world.random.below(600_000) - 300_000;
      }
      if (world.chance(1)) {
        net.isRelayUp = !net.isRelayUp;
        for (const node of net.nodes.values()) node.reconsider();
      }
      if (world.chance(1)) world.random.pick(peers).disk.faults.delayMs = world.random.below(200);
    }
    if (options.hasDepartures === true && world.chance(4)) await history.depart();
    history.files?.step(history.honest);
    await history.deceive(options.lies);
    await world.run(world.random.pick([0, 10, 200, 2000]));
  }
  await history.healAll();
  return {
    seed,
    broken: history.broken(),
    ackedCount: history.acked.length,
    crashCount: history.crashCount,
    partitionCount: history.partitionCount,
    fullDiskCount: history.fullDiskCount,
    departedCount: history.departed.size,
    lies: history.mallory?.told ?? [],
    fileCount: history.files?.count ?? 0,
    lostFrames: net.lostCount,
    traceHash: world.traceHash,
    virtualMs: world.nowMs,
  };
};
