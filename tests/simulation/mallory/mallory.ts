/**
 * A member's device whose owner lies. It runs the real program, so that it is found, authenticated
 * and believed like any other; beside it, now and then, it says with its own keys what no program of
 * ours says. The seed decides what and when. Nobody else's keys are known to it.
 */
import { decodeSyncFrame, encodeSyncFrame } from '../../../src/protocol/sync-frames.ts';
import type { Internet, Way } from '../network.ts';
import type { Peer } from '../peer.ts';
import {
  backDate,
  bindTwice,
  forkOwnLog,
  strangeBodies,
  twoIdentityLogs,
  writeWithoutEnd,
} from './entry-lies.ts';
import { flood, malformedFrames, replay } from './frame-lies.ts';
import {
  actAsAnother,
  actBeyondLevel,
  actWithoutPast,
  frameAnother,
  sealNothing,
  sealWrongly,
} from './op-lies.ts';
import { Stage, type Heard } from './stage.ts';

const lies = {
  forkOwnLog,
  bindTwice,
  backDate,
  strangeBodies,
  writeWithoutEnd,
  twoIdentityLogs,
  actBeyondLevel,
  actAsAnother,
  actWithoutPast,
  sealWrongly,
  sealNothing,
  malformedFrames,
  replay,
  flood,
  frameAnother,
} as const;

export type Lie = keyof typeof lies;
const isLie = (name: string): name is Lie => Object.hasOwn(lies, name);
export const allLies: ReadonlyArray<Lie> = Object.keys(lies).filter(isLie);

const heardMax = 200;
const nothing = encodeSyncFrame({ t: 'vector', epochs: [] });

export class Mallory {
  readonly peer: Peer;
  readonly told: Lie[] = [];
  readonly #net: Internet;
  readonly #heard: Heard[] = [];
  readonly #incarnations = new Map<string, number>();
  /** Who is told nothing that was written, and that all of it is held. */
  #kept: ReadonlySet<string> = new Set();

  constructor(net: Internet, peer: Peer) {
    this.#net = net;
    this.peer = peer;
    net.witness.liars.add(peer.name);
    net.arriving = (frame, way) => this.#pass(frame, way);
  }

  /** Tells one lie, of these kinds. */
  async lie(others: ReadonlyArray<Peer>, kinds: ReadonlyArray<Lie> = allLies): Promise<void> {
    const { network } = this.peer;
    const { world } = this.#net;
    const kind = world.random.pick(kinds);
    if (!this.peer.isRunning || network === undefined) return;
    const running = others.filter(({ isRunning }) => isRunning);
    const memory = { heard: this.#heard, incarnations: this.#incarnations };
    const input = { world, liar: this.peer, network, others: running, memory };
    const stage = await Stage.open(input);
    for (const writerHex of await stage.writerKeys) this.#net.witness.liarsWriters.add(writerHex);
    world.note(`lie ${kind}`);
    this.told.push(kind);
    await lies[kind](stage);
  }

  /** From now on some are kept in the dark; each time others. */
  withhold(others: ReadonlyArray<Peer>): void {
    const { world } = this.#net;
    this.#kept = new Set(others.filter(() => world.chance(40)).map(({ name }) => name));
    world.note(`withhold ${[...this.#kept].join()}`);
  }

  #pass(frame: Uint8Array, { from, to, by }: Way): Uint8Array {
    const { name } = this.peer;
    if (from === name || to === name) {
      if (by !== 'blob') this.#heard.push({ frame: frame.slice(), by });
      if (this.#heard.length > heardMax) this.#heard.shift();
    }
    if (from !== name || by !== 'link' || !this.#kept.has(to)) return frame.slice();
    const decoded = decodeSyncFrame(frame);
    if (!decoded.ok) return frame.slice();
    if (decoded.value.t === 'update' || decoded.value.t === 'ops') return nothing;
    if (decoded.value.t !== 'vector') return frame.slice();
    const epochs = decoded.value.epochs.map((vector) => ({
      ...vector,
      rows: vector.rows?.map((row) => ({ ...row, nextSeq: row.nextSeq + 7 })),
    }));
    return encodeSyncFrame({ t: 'vector', epochs });
  }
}
