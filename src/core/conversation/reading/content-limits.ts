/**
 * How far each log counts for what is read (PROTOCOL §3 rule 6, §5). A device's next bind closes
 * what it wrote in older epochs, so that nobody adds to the past; a removal names how far its author
 * had seen the logs of the removed. Both hide content only: operations and seals are judged by
 * themselves. It is a function of the entries and operations held, in whatever order they came.
 */
import { equalBytes, isZero, toHex } from '../../../base/bytes.ts';
import type { Bind, Closing } from '../../../protocol/epochs/bind.ts';
import { limits } from '../../../protocol/limits.ts';
import {
  isBefore,
  viewAt,
  type ContentCut,
  type OpNode,
  type OpSet,
  type View,
} from '../../../protocol/membership/membership.ts';
import { levels, type EpochCut, type LogPosition } from '../../../protocol/membership/op-bodies.ts';

/** A place that lies before every content: nothing of the log is shown. */
const nothing = -1;
const zeroHash = new Uint8Array(32);

/** An epoch as far as its logs are concerned; core/epochs/epoch.ts is one. */
interface EpochOfLog {
  readonly id: Uint8Array;
  readonly idHex: string;
}

export interface ContentLimitsInput<E extends EpochOfLog> {
  readonly membership: { readonly opSet: OpSet; readonly view: View; readonly version: number };
  /** Of the entry held at a place; undefined where none is. */
  readonly hashAt: (epoch: E, writerPub: Uint8Array, seq: number) => Uint8Array | undefined;
  readonly nextSeq: (epoch: E, writerPub: Uint8Array) => number;
}

/** By writer, in hex. */
type Closes = ReadonlyMap<string, Closing>;

/** A log of a device, held here or known from proofs alone. */
interface NamedLog {
  readonly key: string;
  readonly node: OpNode;
  readonly writerPub: Uint8Array;
  readonly deviceHex: string;
  /** What each bind says that it began with: of more than one the strictest word holds. */
  readonly closes: ReadonlyArray<Closes>;
}

/** One that is held, by the bind that opened it. */
interface BoundLog<E> extends NamedLog {
  readonly epoch: E;
  readonly identityHex: string;
  /** Its author was there to read only. */
  readonly isReader: boolean;
}

/** Whose log it is, and where it is read. */
type OwnedLog<E> = NamedLog & { readonly identityHex: string; readonly epoch?: E };

/** A removal, as far as it concerns this log. */
interface Cut {
  readonly identityHex: string;
  readonly deviceHex: string | undefined;
  /** The removal itself: epochs after it are a new beginning. */
  readonly node: OpNode | undefined;
  readonly positions: ReadonlyMap<string, ReadonlyArray<LogPosition>>;
}

export const logKeyOf = (epochHex: string, writerHex: string): string => `${epochHex}/${writerHex}`;

export class ContentLimits<E extends EpochOfLog> {
  readonly #input: ContentLimitsInput<E>;
  readonly #logs = new Map<string, BoundLog<E>>();
  /** Those of the oldest epochs first. */
  readonly #logsByDevice = new Map<string, ReadonlyArray<BoundLog<E>>>();
  #cuts: ReadonlyArray<Cut> = [];
  /** Logs of two histories: from there on replicas hold different entries (rule 7). */
  #forkSeqs: ReadonlyMap<string, number> = new Map();
  /** By device: those that part at their bind, as the proofs show them, whichever is held here. */
  #proved: ReadonlyMap<string, ReadonlyMap<string, NamedLog>> = new Map();
  #version = -1;
  /** Device → log → limit, as long as nothing came that could change it. */
  readonly #known = new Map<string, Map<string, number>>();
  /** A place was named that is not held yet: what it says is not settled. */
  #isUnsettled = false;

  constructor(input: ContentLimitsInput<E>) {
    this.#input = input;
  }

  /** A log began: its bind is valid, and its device belonged to this person. */
  noteBind(epoch: E, bind: Bind, identityHex: string): void {
    const node = this.#input.membership.opSet.nodeByKey.get(epoch.idHex);
    const key = logKeyOf(epoch.idHex, toHex(bind.writerPub));
    if (node === undefined || this.#logs.has(key)) return;
    const deviceHex = toHex(bind.devSignPub);
    const closes = [closesOf(bind)];
    const { writerPub } = bind;
    const then = viewAt(this.#input.membership.opSet, epoch.id);
    const isReader = then?.levels.get(identityHex) === levels.reader;
    const log = { key, epoch, node, writerPub, deviceHex, identityHex, closes, isReader };
    this.#logs.set(key, log);
    const own = [...this.#of(deviceHex), log].sort((a, b) => a.node.op.depth - b.node.op.depth);
    this.#logsByDevice.set(deviceHex, own);
    this.#known.delete(deviceHex);
  }

  /** More of a log came: places that were named before they were held can be looked at. */
  settle(): void {
    if (this.#isUnsettled) this.#known.clear();
    this.#isUnsettled = false;
  }

  /** Whose log it is that is held under this key. */
  deviceOf(key: string): string | undefined {
    return this.#logs.get(key)?.deviceHex;
  }

  /** [CL1] Content of this log counts up to here; Infinity: all of it. [CL5] Of a reader: none. */
  limitOf(key: string): number {
    this.#refresh();
    const log = this.#logs.get(key);
    if (log?.isReader === true) return nothing;
    return log === undefined ? Infinity : this.#limit(log);
  }

  /**
   * [CL2] What a bind of this device in an epoch closes: its logs in the epochs before, less those
   * that a bind between has closed. A log that is not held whole is named with a hash of zeros and
   * stays open: others may hold more of it.
   */
  closingsIn(
    epoch: E,
    deviceHex: string,
    isWhole: (epoch: E, writerPub: Uint8Array) => boolean,
  ): ReadonlyArray<Closing> {
    this.#refresh();
    const here = this.#input.membership.opSet.nodeByKey.get(epoch.idHex);
    if (here === undefined) return [];
    const before = this.#of(deviceHex).filter(
      (log) => isBefore(log.node, here) && this.#limit(log) > nothing,
    );
    return before
      .filter((log) => !before.some((later) => isBefore(log.node, later.node)))
      .sort((a, b) => b.node.op.depth - a.node.op.depth)
      .slice(0, limits.closesMax)
      .map((log) => {
        const { writerPub } = log;
        const last = this.#input.nextSeq(log.epoch, writerPub) - 1;
        const seq = Math.min(this.#closedAt(log), last);
        const hash = this.#input.hashAt(log.epoch, writerPub, seq);
        const isKnown = hash !== undefined && isWhole(log.epoch, writerPub);
        return { writerPub, seq: Math.max(0, seq), hash: isKnown ? hash : zeroHash };
      });
  }

  /**
   * [CL3] How far this device has seen the logs of somebody: what a removal of theirs names. Logs
   * that a bind among the named ones has closed need no naming.
   */
  seenOf(identityHex: string): ReadonlyArray<EpochCut> {
    this.#refresh();
    const named: BoundLog<E>[] = [];
    const logs = [...this.#logs.values()]
      .filter((log) => log.identityHex === identityHex && this.#limit(log) > nothing)
      .sort((a, b) => b.node.op.depth - a.node.op.depth);
    for (const log of logs) {
      const isCovered = named.some(
        ({ deviceHex, node }) => deviceHex === log.deviceHex && isBefore(log.node, node),
      );
      if (!isCovered || this.#closedAt(log) === Infinity) named.push(log);
    }
    const cuts = new Map<string, { epochId: Uint8Array; heads: LogPosition[] }>();
    for (const { epoch, writerPub } of named) {
      const seq = this.#input.nextSeq(epoch, writerPub) - 1;
      const hash = this.#input.hashAt(epoch, writerPub, seq);
      const cut = cuts.get(epoch.idHex) ?? { epochId: epoch.id, heads: [] };
      if (hash === undefined || cut.heads.length >= limits.cutHeadsMax) continue;
      cut.heads.push({ writerPub, seq, hash });
      cuts.set(epoch.idHex, cut);
    }
    return [...cuts.values()].slice(0, limits.cutEpochsMax);
  }

  /** [RG6] How far logs count where somebody is left out with these cuts, as if they were removed. */
  limitsWithout(identityId: Uint8Array, epochs: ReadonlyArray<EpochCut>): (key: string) => number {
    const positions = positionsOf(epochs);
    const identityHex = toHex(identityId);
    const cut: Cut = { identityHex, deviceHex: undefined, node: undefined, positions };
    return (key) => {
      const log = this.#logs.get(key);
      const isTheirs = log !== undefined && isAbout(cut, log);
      return isTheirs ? Math.min(this.limitOf(key), this.#cutAt(log, cut)) : this.limitOf(key);
    };
  }

  // ------------------------------------------------------------- one log

  #limit(log: OwnedLog<E>): number {
    const ofDevice = this.#known.get(log.deviceHex) ?? new Map<string, number>();
    this.#known.set(log.deviceHex, ofDevice);
    const known = ofDevice.get(log.key);
    if (known !== undefined) return known;
    const cuts = this.#cuts.filter((cut) => isAbout(cut, log));
    const limit = Math.min(this.#closedAt(log), ...cuts.map((cut) => this.#cutAt(log, cut)));
    ofDevice.set(log.key, limit);
    return limit;
  }

  /** Where the device's own next binds close it; the first of them decide, the strictest word holds. */
  #closedAt(log: OwnedLog<E>): number {
    const next: NamedLog[] = [];
    for (const bind of this.#laterBinds(log)) {
      if (!next.some(({ node }) => isBefore(node, bind.node))) next.push(bind);
    }
    const writerHex = toHex(log.writerPub);
    const said = next.flatMap(({ closes }) => closes);
    return said.reduce((least, closes) => {
      const closing = closes.get(writerHex);
      if (closing === undefined) return nothing;
      return isZero(closing.hash) ? least : Math.min(least, this.#placeOf(log, closing));
    }, Infinity);
  }

  /**
   * Binds of the same device in epochs that come after, those of the oldest first, unless they are
   * back-dated themselves. A log that parts at its bind is given to nobody any more, so that some hold
   * one bind, some another and some none: of those the proofs speak, which everybody has.
   */
  #laterBinds(log: OwnedLog<E>): ReadonlyArray<NamedLog> {
    const { deviceHex, identityHex } = log;
    const held = this.#of(deviceHex);
    const proved = this.#proved.get(deviceHex);
    const all =
      proved === undefined
        ? held
        : [
            ...held.filter(({ key }) => !proved.has(key)),
            ...[...proved.values()].map((one) => ({ ...one, identityHex })),
          ].sort((a, b) => a.node.op.depth - b.node.op.depth);
    return all.filter((other) => isBefore(log.node, other.node) && this.#limit(other) > nothing);
  }

  #cutAt(log: OwnedLog<E>, { positions }: Cut): number {
    const named = positions.get(log.key);
    if (named !== undefined) {
      return named.reduce((most, place) => Math.max(most, this.#placeOf(log, place)), nothing);
    }
    const isClosedInside = this.#laterBinds(log).some(({ key }) => positions.has(key));
    return isClosedInside && this.#closedAt(log) < Infinity ? Infinity : nothing;
  }

  /**
   * A place counts iff it is on the log. What is not held yet may still turn out to be; and where the
   * log has two histories, the place is on the one or on the other, whichever of them is held here.
   */
  #placeOf(log: OwnedLog<E>, { seq, hash }: Omit<Closing, 'writerPub'>): number {
    const { epoch, writerPub } = log;
    if (seq >= (this.#forkSeqs.get(ownedKeyOf(log)) ?? Infinity)) return seq;
    const held = epoch && this.#input.hashAt(epoch, writerPub, seq);
    if (held === undefined) this.#isUnsettled = true;
    return held === undefined || equalBytes(held, hash) ? seq : nothing;
  }

  #of(deviceHex: string): ReadonlyArray<BoundLog<E>> {
    return this.#logsByDevice.get(deviceHex) ?? [];
  }

  #refresh(): void {
    const { version, view, opSet } = this.#input.membership;
    if (this.#version === version) return;
    this.#version = version;
    const cuts = view.cuts.map((cut) => readCut(cut, opSet));
    const wasPlain = this.#cuts.length + this.#forkSeqs.size === 0;
    if (!wasPlain || cuts.length + view.forks.length > 0) this.#known.clear();
    this.#cuts = cuts;
    this.#forkSeqs = new Map(
      view.forks.map(({ epochId, writerPub, devSignPub, seq }) => {
        const key = logKeyOf(toHex(epochId), toHex(writerPub));
        return [ownedKeyOf({ key, deviceHex: toHex(devSignPub) }), seq];
      }),
    );
    this.#proved = provedLogs(view, opSet);
  }
}

const ownedKeyOf = ({ key, deviceHex }: Pick<NamedLog, 'key' | 'deviceHex'>): string =>
  `${key}/${deviceHex}`;

const provedLogs = (
  { forkedBinds }: Pick<View, 'forkedBinds'>,
  opSet: OpSet,
): ReadonlyMap<string, ReadonlyMap<string, NamedLog>> => {
  const byDevice = new Map<string, Map<string, NamedLog>>();
  for (const bind of forkedBinds) {
    const { epochId, devSignPub, writerPub } = bind;
    const [epochHex, deviceHex] = [toHex(epochId), toHex(devSignPub)];
    const node = opSet.nodeByKey.get(epochHex);
    if (node === undefined) continue;
    const key = logKeyOf(epochHex, toHex(writerPub));
    const logs = byDevice.get(deviceHex) ?? new Map<string, NamedLog>();
    const closes = [...(logs.get(key)?.closes ?? []), closesOf(bind)];
    byDevice.set(deviceHex, logs.set(key, { key, node, writerPub, deviceHex, closes }));
  }
  return byDevice;
};

const closesOf = ({ closes }: Bind): Closes =>
  new Map(closes.map((closing) => [toHex(closing.writerPub), closing]));

const positionsOf = (epochs: ReadonlyArray<EpochCut>): Cut['positions'] => {
  const positions = new Map<string, LogPosition[]>();
  for (const { epochId, heads } of epochs) {
    for (const head of heads) {
      const key = logKeyOf(toHex(epochId), toHex(head.writerPub));
      positions.set(key, [...(positions.get(key) ?? []), head]);
    }
  }
  return positions;
};

const readCut = ({ opId, identityId, devSignPub, epochs }: ContentCut, opSet: OpSet): Cut => ({
  identityHex: toHex(identityId),
  deviceHex: devSignPub && toHex(devSignPub),
  node: opSet.nodeByKey.get(toHex(opId)),
  positions: positionsOf(epochs),
});

const isAbout = ({ identityHex, deviceHex, node }: Cut, log: OwnedLog<EpochOfLog>): boolean =>
  identityHex === log.identityHex &&
  (deviceHex === undefined || deviceHex === log.deviceHex) &&
  (node === undefined || !isBefore(node, log.node));
