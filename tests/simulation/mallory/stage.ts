/**
 * What a lie has to work with: everything on the liar's own device, read anew each time, the others,
 * and two ways to each of them, the link that the liar's program keeps and gossip.
 */
import { toHex } from '../../../src/base/bytes.ts';
import { Epoch } from '../../../src/core/epochs/epoch.ts';
import type { Envelope } from '../../../src/protocol/envelope.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { encodeSyncFrame, sealOps, type SyncFrame } from '../../../src/protocol/sync-frames.ts';
import { encodeRuns, runOf } from '../../../src/replication/runs.ts';
import { forgeBind, writerOf } from '../../support/forge.ts';
import type { SeededRandom } from '../../support/seeded-random.ts';
import { groupStateOf, type GroupState } from '../../support/whole-state.ts';
import type { SimNetwork } from '../network.ts';
import type { Peer } from '../peer.ts';
import type { World } from '../world.ts';

/** A frame that went over the liar's wire, as it was. */
export interface Heard {
  readonly frame: Uint8Array;
  readonly by: 'link' | 'gossip';
}

/** What the liar keeps between one lie and the next. */
export interface Memory {
  readonly heard: ReadonlyArray<Heard>;
  /** Incarnations that were used for lies, by epoch: the program itself counts up from none. */
  readonly incarnations: Map<string, number>;
}

/** A log of the liar's own in one epoch, of which the program knows nothing. */
export interface LyingLog {
  readonly epoch: Epoch;
  readonly incarnation: number;
  readonly envelopes: Envelope[];
}

export interface StageInput {
  readonly world: World;
  readonly liar: Peer;
  readonly network: SimNetwork;
  readonly others: ReadonlyArray<Peer>;
  readonly memory: Memory;
}

export class Stage {
  readonly state: GroupState;
  /** Of the group, newest first. */
  readonly epochs: ReadonlyArray<Epoch>;
  readonly random: SeededRandom;
  readonly heard: ReadonlyArray<Heard>;
  readonly #input: StageInput;

  private constructor(input: StageInput, state: GroupState) {
    this.#input = input;
    this.state = state;
    this.epochs = state.seeds.map((seed) => new Epoch(seed)).reverse();
    this.random = input.world.random;
    this.heard = input.memory.heard;
  }

  static async open(input: StageInput): Promise<Stage> {
    const { disk } = input.liar;
    disk.flush(() => true);
    // Every time with other random numbers: a lie is not to repeat a nonce.
    const seed = input.world.random.below(2 ** 32);
    return new Stage(input, await groupStateOf(disk.copy(), seed));
  }

  bytes(length: number): Uint8Array {
    return this.state.core.random.bytes(length);
  }

  get newest(): Epoch {
    return this.random.pick(this.epochs.slice(0, 1));
  }

  /** Two halves of the others; with few of them, one may be empty. */
  halves(): readonly [ReadonlyArray<Peer>, ReadonlyArray<Peer>] {
    const { others } = this.#input;
    const turn = this.random.below(Math.max(1, others.length));
    const turned = [...others.slice(turn), ...others.slice(0, turn)];
    const half = Math.ceil(turned.length / 2);
    return [turned.slice(0, half), turned.slice(half)];
  }

  /** One, one half or all of them. */
  some(): ReadonlyArray<Peer> {
    const { others } = this.#input;
    return this.random.pick([others, this.halves()[0], others.slice(0, 1)]);
  }

  one(): Peer | undefined {
    const { others } = this.#input;
    return others.length === 0 ? undefined : this.random.pick(others);
  }

  /** Undefined: all are used up. */
  async beginLog(epoch: Epoch): Promise<LyingLog | undefined> {
    const { incarnations } = this.#input.memory;
    const incarnation = incarnations.get(epoch.idHex) ?? limits.incarnationsMax - 1;
    if (incarnation < 3) return undefined;
    incarnations.set(epoch.idHex, incarnation - 1);
    const writer = await writerOf(this.state, { epoch, incarnation });
    const bind = await forgeBind(this.state, { epoch, incarnation, writer });
    return { epoch, incarnation, envelopes: [bind] };
  }

  /** Each entry by itself, or all in one update, to whoever is meant. */
  tell(to: ReadonlyArray<Peer>, epoch: Epoch, envelopes: ReadonlyArray<Envelope>): void {
    const run = runOf(envelopes);
    const isByLink = this.random.below(2) === 0 && run.ok;
    for (const peer of to) {
      if (isByLink) this.frame(peer, { t: 'update', update: encodeRuns([run.value]) });
      else for (const { bytes } of envelopes) this.gossip(peer, epoch.keys.topic, bytes);
    }
  }

  /** Operations go where the epoch is shared. */
  tellOps(to: ReadonlyArray<Peer>, ops: ReadonlyArray<Uint8Array>): void {
    const { keys, mailbox } = this.newest;
    for (const peer of to) {
      this.frame(peer, { t: 'ops', mailbox, box: sealOps(keys, this.bytes(24), ops) });
    }
  }

  frame(to: Peer, frame: SyncFrame): void {
    this.raw(to, encodeSyncFrame(frame));
  }

  /** Over the link to them, where there is one. */
  raw(to: Peer, bytes: Uint8Array): void {
    const { network } = this.#input;
    const link = network.linkTo(to.name);
    if (link === undefined) return;
    network.send(link, bytes).catch(() => {
      // Hung up on already: nothing more goes this way.
    });
  }

  gossip(to: Peer, topic: string, bytes: Uint8Array): void {
    const { world, network } = this.#input;
    world.schedule(1 + this.random.below(50), () => {
      if (to.network !== undefined) network.gossipTo(to.network, topic, bytes);
    });
  }

  get writerKeys(): Promise<ReadonlyArray<string>> {
    const all = this.epochs.flatMap((epoch) =>
      Array.from({ length: limits.incarnationsMax }, async (_, incarnation) =>
        toHex((await writerOf(this.state, { epoch, incarnation })).publicKey),
      ),
    );
    return Promise.all(all);
  }
}
