/**
 * The membership of one conversation as this device holds it: its operations, stored sealed one by
 * one, and the resolver's view of them. Who is in, with which devices and keys, is asked here.
 */
import { assert } from '../../../base/assert.ts';
import { compareBytes, equalBytes, toHex } from '../../../base/bytes.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { bytesUpTo } from '../../../protocol/cbor.ts';
import { limits } from '../../../protocol/limits.ts';
import {
  addOp,
  createOpSet,
  getOp,
  isBefore,
  isEpochValid,
  isInPast,
  nextPosition,
  opsSince,
  resolve,
  type OpNode,
  type OpSet,
  type View,
} from '../../../protocol/membership/membership.ts';
import { identitiesInDoubt } from '../../../protocol/membership/log-heads.ts';
import { opsHashOf } from '../../../protocol/sync-frames.ts';
import {
  decodeOp,
  signOp,
  verifyOpSignature,
  zeroId,
  type ControlOp,
  type OpBody,
} from '../../../protocol/membership/ops.ts';
import type { StorageFailure, Write } from '../../../storage/port.ts';
import { levels } from '../../../protocol/membership/op-bodies.ts';
import type { LogDeps } from '../../epochs/epoch-logs.ts';

export class MembershipState {
  readonly convId: Uint8Array;
  readonly opSet: OpSet;
  readonly #deps: LogDeps;
  /** Held and not stored yet: they go with the next write that depends on them. */
  #unstored: ReadonlyArray<ControlOp> = [];
  #ids: { readonly ids: ReadonlyArray<Uint8Array>; readonly hash: Uint8Array } | undefined;
  #owners: { readonly view: View; readonly byDevice: ReadonlyMap<string, string> } | undefined;
  #inDoubt: { readonly version: number; readonly identities: ReadonlySet<string> } | undefined;
  #departures: { readonly version: number; readonly nodes: ReadonlyArray<OpNode> } | undefined;

  constructor(deps: LogDeps, convId: Uint8Array) {
    this.#deps = deps;
    this.convId = convId;
    this.opSet = createOpSet(convId);
  }

  /** What is stored was verified when it came. */
  async load(): Promise<Result<undefined, StorageFailure>> {
    const stored = await this.#deps.vault.list(['p', this.convId]);
    if (!stored.ok) return stored;
    const ops = stored.value.values
      .map((value) => bytesUpTo(limits.opBytesMax)(value))
      .flatMap((bytes) => (bytes === undefined ? [] : [decodeOp(bytes)]))
      .flatMap((op) => (op.ok ? [op.value] : []))
      .sort((a, b) => a.depth - b.depth);
    for (const op of ops) addOp(this.opSet, op, 'disk');
    return ok(undefined);
  }

  get view(): View {
    return resolve(this.opSet);
  }

  get version(): number {
    return this.opSet.nodes.length;
  }

  /** Ascending. */
  ids(): ReadonlyArray<Uint8Array> {
    return this.#idsNow.ids;
  }

  /** [SY4] Of all of them. */
  idsHash(): Uint8Array {
    return this.#idsNow.hash;
  }

  /** Each link asks whenever anything changes here. */
  get #idsNow() {
    if (this.#ids?.ids.length !== this.version) {
      const ids = this.opSet.nodes.map(({ op }) => op.opId).sort(compareBytes);
      this.#ids = { ids, hash: opsHashOf(ids) };
    }
    return this.#ids;
  }

  /** All operations, parents first. */
  all(): ReadonlyArray<ControlOp> {
    return this.opSet.nodes.map(({ op }) => op);
  }

  /** Identities of whom somebody has seen another log than we have. */
  inDoubt(): ReadonlySet<string> {
    if (this.#inDoubt?.version !== this.version) {
      const identities = identitiesInDoubt(this.opSet, this.view);
      this.#inDoubt = { version: this.version, identities };
    }
    return this.#inDoubt.identities;
  }

  /** The last ones that came, parents first. */
  newest(countMax: number): ReadonlyArray<ControlOp> {
    return this.opSet.nodes.slice(-countMax).map(({ op }) => op);
  }

  /** Those that are not among these ids, parents first, as received. */
  lackedBy(ids: ReadonlyArray<Uint8Array>): ReadonlyArray<Uint8Array> {
    const held = new Set(ids.map(toHex));
    return this.all()
      .filter((op) => !held.has(toHex(op.opId)))
      .map(({ bytes }) => bytes);
  }

  op(opId: Uint8Array): ControlOp | undefined {
    return getOp(this.opSet, opId);
  }

  /** By its id in hex. */
  opByKey(opKey: string): ControlOp | undefined {
    return this.opSet.nodeByKey.get(opKey)?.op;
  }

  /** Of these, what is held and has the effect it claims, with the merges it hangs from. */
  counting(ops: ReadonlyArray<ControlOp>): ReadonlyArray<ControlOp> {
    const counts = ops.filter((op) =>
      op.body.type === 'epoch'
        ? isEpochValid(this.opSet, op)
        : this.view.validOps.has(toHex(op.opId)),
    );
    const isBelow = ({ opId }: ControlOp): boolean =>
      counts.some((other) => isInPast(this.opSet, opId, other.opId));
    return ops.filter((op) => counts.includes(op) || (op.body.type === 'merge' && isBelow(op)));
  }

  /** The operations by which people went, of themselves or not. */
  departures(): ReadonlyArray<OpNode> {
    if (this.#departures?.version !== this.version) {
      const { validOps } = this.view;
      const nodes = this.opSet.nodes.filter(
        ({ op, key }) =>
          (op.body.type === 'remove' || op.body.type === 'leave') && validOps.has(key),
      );
      this.#departures = { version: this.version, nodes };
    }
    return this.#departures.nodes;
  }

  /** By whom somebody who is no member any more was removed, or that they left. */
  departureOf(identityHex: string): ControlOp | undefined {
    if (this.view.levels.has(identityHex)) return undefined;
    const own = this.departures().filter(
      ({ op: { body, identityId } }) =>
        identityHex === toHex(body.type === 'remove' ? body.identityId : identityId),
    );
    const last = own.filter((node) => !own.some((other) => isBefore(node, other)));
    return last.sort((a, b) => (a.key < b.key ? -1 : 1))[0]?.op;
  }

  /**
   * What a device that was taken out may still be given: the operation that did it and what led to
   * it, beyond what whoever holds this epoch knows. Empty for devices of members and of strangers.
   */
  lastWords(
    { devSignPub, identityHex }: { readonly devSignPub: Uint8Array; readonly identityHex: string },
    epochId: Uint8Array,
  ): ReadonlyArray<Uint8Array> {
    if (this.isMemberDevice(devSignPub)) return [];
    const departure = this.departureOf(identityHex) ?? this.#forkOf(devSignPub);
    if (departure === undefined) return [];
    return opsSince(this.opSet, departure.opId, epochId).map(({ bytes }) => bytes);
  }

  /** By which a device is out although its person is not. */
  #forkOf(devSignPub: Uint8Array): ControlOp | undefined {
    const { validOps } = this.view;
    return this.opSet.nodes.find(
      ({ op: { forkProof }, key }) =>
        forkProof !== undefined &&
        validOps.has(key) &&
        forkProof.logs.some((log) => equalBytes(log.devSignPub, devSignPub)),
    )?.op;
  }

  /** So many devices that each says less often what the others know already. */
  get isCrowd(): boolean {
    return this.view.devices.length > limits.smallGroupDevicesMax;
  }

  isMember(identityId: Uint8Array): boolean {
    return this.view.levels.has(toHex(identityId));
  }

  /** A member whose words count: readers only read. */
  isWriter(identityId: Uint8Array): boolean {
    return (this.view.levels.get(toHex(identityId)) ?? levels.reader) >= levels.member;
  }

  isMemberDevice(devSignPub: Uint8Array): boolean {
    return this.ownerOf(toHex(devSignPub)) !== undefined;
  }

  /** The member whose device it is, both in hex. */
  ownerOf(deviceHex: string): string | undefined {
    const { view } = this;
    if (this.#owners?.view !== view) {
      const byDevice = new Map(
        view.devices.map(({ devSignPub, identityId }) => [toHex(devSignPub), toHex(identityId)]),
      );
      this.#owners = { view, byDevice };
    }
    return this.#owners.byDevice.get(deviceHex);
  }

  /**
   * Takes operations as received, verifies and keeps what is good, and returns those that are new
   * here. They are not stored before `writes` was committed and `stored` said so. Beyond the limit
   * nothing is taken: a member who signs without end costs the others that much and no more.
   */
  async accept(
    received: ReadonlyArray<Uint8Array>,
    source: string,
  ): Promise<ReadonlyArray<ControlOp>> {
    const added: ControlOp[] = [];
    for (const bytes of received) {
      if (this.version >= limits.opsMax) break;
      const op = decodeOp(bytes);
      if (!op.ok || this.op(op.value.opId) !== undefined) continue;
      if (!(await verifyOpSignature(this.#deps.core.backend, op.value))) continue;
      const outcome = addOp(this.opSet, op.value, source);
      if (outcome.status === 'added') added.push(...outcome.ops);
    }
    this.#unstored = [...this.#unstored, ...added];
    return added;
  }

  /** Signs an operation that has seen everything held, merging heads first where they are many. */
  async author(body: OpBody): Promise<ControlOp> {
    const isCreate = body.type === 'create';
    for (;;) {
      const position = isCreate
        ? { parents: [], depth: 0, isMergeNeeded: false }
        : nextPosition(this.opSet);
      const op = await signOp({
        deviceSigner: this.#deps.me.device,
        convId: isCreate ? zeroId : this.convId,
        parents: position.parents,
        depth: position.depth,
        identityId: this.#deps.me.identity.identityId,
        body: position.isMergeNeeded ? { type: 'merge' } : body,
      });
      const outcome = addOp(this.opSet, op, 'own');
      assert(outcome.status === 'added' || outcome.status === 'held', 'own operations fit');
      this.#unstored = [...this.#unstored, op];
      if (!position.isMergeNeeded) return op;
    }
  }

  /** The records of what is not stored yet. */
  writes(): { readonly writes: ReadonlyArray<Write>; readonly stored: () => void } {
    const pending = this.#unstored;
    return {
      writes: pending.flatMap((op) =>
        this.#deps.vault.sealTwice(['p', this.convId, op.opId], op.bytes),
      ),
      stored: () => {
        this.#unstored = this.#unstored.filter((op) => !pending.includes(op));
      },
    };
  }

  /** Stores what is not stored yet. */
  async store(): Promise<Result<undefined, StorageFailure>> {
    const { writes, stored } = this.writes();
    if (writes.length === 0) return ok(undefined);
    const committed = await this.#deps.vault.commit(writes);
    if (!committed.ok) return err(committed.error);
    stored();
    return ok(undefined);
  }
}
