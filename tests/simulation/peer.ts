/** One device: a disk that outlives it, and the real core running over simulated ports. */
import type {
  Command,
  CommandResult,
  ConversationDetails,
  Core,
  CoreEvent,
  CoreState,
  MessageItem,
  TimelineItem,
} from '../../src/core/api.ts';
import * as blobCode from '../../src/core/blobs/code.ts';
import { createCore } from '../../src/core/core.ts';
import { createNobleCipher } from '../../src/crypto/chunk-cipher-noble.ts';
import { createPlainKeySlot } from '../../src/platform/key-slot.node.ts';
import type { Random } from '../../src/platform/port.ts';
import {
  createBlobDisk,
  createMemoryBlobs,
  type BlobDisk,
} from '../../src/storage/blobs/memory.ts';
import { createMemoryDisk, type MemoryDisk } from '../../src/storage/memory-disk.ts';
import { createMemoryStorage } from '../../src/storage/memory.ts';
import type { Storage } from '../../src/storage/port.ts';
import { SimNetwork, simulatedRelay, type Internet } from './network.ts';
import type { World } from './world.ts';

/** No platform key store in the simulation: the handle is the key. */
export const plainKeySlot = createPlainKeySlot();

/** What a test changes at the ports of one peer. */
export interface PeerOptions {
  /** What it finds at its first start. */
  readonly disk?: MemoryDisk;
  readonly wrapStorage?: (storage: Storage, disk: MemoryDisk) => Storage;
  readonly wrapRandom?: (random: Random) => Random;
}

export class Peer {
  readonly name: string;
  readonly disk: MemoryDisk;
  /** Of files. */
  readonly blobDisk: BlobDisk = createBlobDisk();
  skewMs = 0;
  readonly #world: World;
  readonly #net: Internet;
  readonly #options: PeerOptions;
  #core: (Core & { close(): Promise<void> }) | undefined;
  #network: SimNetwork | undefined;
  #session = 0;
  state: CoreState | undefined;
  /** How often it was told. */
  stateCount = 0;
  details: ConversationDetails | undefined;
  /** The window of the open timeline. */
  #window: TimelineItem[] = [];
  /** What `showAll` scrolled past. */
  #passed: ReadonlyArray<TimelineItem> = [];
  arrivals: string[] = [];
  /** What was told of the open timeline. */
  readonly splices: Extract<CoreEvent, { type: 'TimelineSpliced' }>[] = [];
  readonly threads: Extract<CoreEvent, { type: 'ThreadChanged' }>[] = [];
  /** Items of the open timeline that are held and not in `items`. */
  #earlierCount = 0;
  #laterCount = 0;
  #openId: string | undefined;
  /** The furthest that each own message's delivery was seen. */
  readonly deliverySeen = new Map<
    string,
    { readonly reached: number; readonly peopleCount: number }
  >();
  readonly violations: string[] = [];

  constructor(net: Internet, name: string, options: PeerOptions = {}) {
    this.#options = options;
    this.disk = options.disk ?? createMemoryDisk();
    this.#world = net.world;
    this.#net = net;
    this.name = name;
  }

  get isRunning(): boolean {
    return this.#core !== undefined;
  }

  get network(): SimNetwork | undefined {
    return this.#network;
  }

  start(): void {
    this.#session += 1;
    this.#world.note(`start ${this.name}`);
    this.#window = [];
    this.#passed = [];
    this.#openId = undefined;
    const network = new SimNetwork(this.#net, this.name, this.#session);
    this.#network = network;
    const random = this.#world.randomBytes();
    const core = createCore({
      clock: this.#world.clock(() => this.skewMs),
      random: this.#options.wrapRandom?.(random) ?? random,
      backend: this.#world.backend,
      keySlot: plainKeySlot,
      storage: this.#storage(),
      network,
      config: { pageUrl: 'https://sotto.example/', ownRelays: [simulatedRelay] },
      loadBlobs: () =>
        Promise.resolve({
          ...blobCode,
          store: createMemoryBlobs(this.blobDisk),
          cipher: createNobleCipher(),
        }),
    });
    core.subscribe((event) => {
      if (this.#core === core) this.#onEvent(event);
    });
    this.#core = core;
  }

  #storage(): Storage {
    const storage = createMemoryStorage({
      disk: this.disk,
      schedule: (delayMs, task) => this.#world.schedule(delayMs, task),
    });
    return this.#options.wrapStorage?.(storage, this.disk) ?? storage;
  }

  /** The process dies; what the disk had not flushed may be gone. */
  async crash(): Promise<void> {
    this.#world.note(`crash ${this.name}`);
    this.#core = undefined;
    this.state = undefined;
    await this.#network?.stop();
    const survivors = this.#world.random.below(this.disk.unflushedCount + 1);
    this.disk.crash({ survivors, isNextTorn: this.#world.chance(30) });
  }

  execute<C extends Command>(command: C): Promise<CommandResult<C>> {
    if (this.#core === undefined) throw new Error(`${this.name} does not run`);
    return this.#core.execute(command);
  }

  /** Runs the world until the command is answered. */
  async do<C extends Command>(command: C): Promise<CommandResult<C>> {
    let answer: CommandResult<C> | undefined;
    void this.execute(command).then((result) => {
      answer = result;
    });
    await this.#world.run(60_000, () => answer !== undefined);
    if (answer === undefined) throw new Error(`${this.name}: no answer to ${command.type}`);
    return answer;
  }

  /** Shows a conversation: its items follow from now on. */
  async open(conversationId: string): Promise<void> {
    if (this.#openId === conversationId) return;
    this.#openId = conversationId;
    await this.do({ type: 'OpenTimeline', conversationId });
  }

  /** As `open`, from inside a running world. */
  openNow(conversationId: string): void {
    this.#openId = conversationId;
    void this.execute({ type: 'OpenTimeline', conversationId });
  }

  /** Scrolls up to the first message, and down again. */
  async showAll(): Promise<void> {
    const conversationId = this.#openId;
    if (conversationId === undefined || !this.isRunning) return;
    let seen: ReadonlyArray<TimelineItem> = [...this.#window];
    for (let before = Infinity; this.#earlierCount > 0 && this.#earlierCount < before;) {
      before = this.#earlierCount;
      await this.do({ type: 'ShowEarlier', conversationId });
      const at = this.#window.findIndex(({ key }) => key === seen[0]?.key);
      seen = [...this.#window.slice(0, at), ...seen];
    }
    if (this.#laterCount > 0) await this.do({ type: 'ShowLatest', conversationId });
    const first = seen.findIndex(({ key }) => key === this.#window[0]?.key);
    this.#passed = seen.slice(0, first);
  }

  /** What was shown of the open timeline. */
  get items(): ReadonlyArray<TimelineItem> {
    return [...this.#passed, ...this.#window];
  }

  /** Items of the open timeline, those outside of the window included. */
  get heldCount(): number {
    return this.#earlierCount + this.#window.length + this.#laterCount;
  }

  get messages(): ReadonlyArray<MessageItem> {
    return this.items.filter((item) => item.type === 'message');
  }

  get texts(): ReadonlyArray<string> {
    return this.messages.map(({ author, text }) => `${author.name}: ${text}`);
  }

  #onEvent(event: CoreEvent): void {
    if (event.type === 'StateChanged') {
      this.state = event.state;
      this.stateCount += 1;
    }
    if (event.type === 'DetailsChanged') this.details = event.details;
    if (event.type === 'ThreadChanged') this.threads.push(event);
    if (event.type === 'MessageArrived') this.arrivals.push(event.item.text);
    if (event.type !== 'TimelineSpliced' || event.conversationId !== this.#openId) return;
    this.splices.push(event);
    if (event.isReset) {
      this.#window = [];
      this.#passed = [];
    }
    this.#earlierCount = event.earlierCount;
    this.#laterCount = event.laterCount;
    this.#window.splice(event.at, event.removedCount, ...event.inserted);
    for (const item of event.inserted) this.#checkStatus(item);
  }

  /** [row I4] Status only moves forward. */
  #checkStatus(item: TimelineItem): void {
    if (item.type !== 'message' || item.delivery === undefined) return;
    const { state, haveCount, peopleCount } = item.delivery;
    if (state === 'blocked') return; // an end, not a step back
    const now = state === 'parked' ? 0.5 : haveCount; // more than saved, less than one person
    const before = this.deliverySeen.get(item.key) ?? { reached: 0, peopleCount };
    // Whoever goes is counted no longer, in neither number.
    const gone = Math.max(0, before.peopleCount - peopleCount);
    const least = before.reached - gone;
    if (now < least) {
      this.violations.push(`status of ${item.text} fell from ${String(before.reached)}`);
    }
    this.deliverySeen.set(item.key, { reached: Math.max(least, now), peopleCount });
  }
}
