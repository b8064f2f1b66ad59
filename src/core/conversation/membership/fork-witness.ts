/**
 * Two histories of one device (PROTOCOL §3 rule 7): what the gate finds becomes a `fork` operation
 * that anybody can check. Whoever sees one waits a moment, so that not everybody writes the same.
 */
import { concatBytes, equalBytes, toHex } from '../../../base/bytes.ts';
import { limits } from '../../../protocol/limits.ts';
import { skeletonOf } from '../../../protocol/envelope.ts';
import type { Bind } from '../../../protocol/epochs/bind.ts';
import { readForkProof, type ForkedLog } from '../../../protocol/membership/fork.ts';
import type { View } from '../../../protocol/membership/membership.ts';
import type { ForkBody } from '../../../protocol/membership/op-bodies.ts';
import type { Signed } from '../../../protocol/signed-record.ts';
import type { ForkEvidence } from '../../../replication/gate.ts';
import type { Epoch } from '../../epochs/epoch.ts';
import type { EpochLogs, LogDeps } from '../../epochs/epoch-logs.ts';
import type { MembershipState } from './membership-state.ts';

export interface ForkWitnessInput {
  readonly membership: MembershipState;
  readonly logs: () => EpochLogs;
  /** There is something to `testify`: to be called inside the queue. */
  readonly onDue: () => void;
}

const isAmong = (binds: View['forkedBinds'], { signedBytes }: Signed): boolean =>
  binds.some((bind) => equalBytes(bind.signedBytes, signedBytes));

export class ForkWitness {
  readonly #deps: LogDeps;
  readonly #input: ForkWitnessInput;
  /** By epoch and writer. */
  readonly #found = new Map<string, ForkBody>();
  /** Writers by epoch, device and incarnation: there is one. */
  readonly #bound = new Map<string, Uint8Array>();
  #isDue = false;
  #looked: View['forkedBinds'] = [];

  constructor(deps: LogDeps, input: ForkWitnessInput) {
    this.#deps = deps;
    this.#input = input;
  }

  /** The gate was offered another history than the one that is held. */
  onFork(epoch: Epoch, { writerPub, held, offered }: ForkEvidence): void {
    const bind = this.#input.logs().bindBytes(epoch, writerPub);
    if (bind === undefined) return;
    const [runA, runB] = [held.map(skeletonOf), offered.map(skeletonOf)];
    this.#note({ type: 'fork', bind, runA, runB });
  }

  /** One device and incarnation with two writers are two histories as well. */
  onBind(epoch: Epoch, { devSignPub, incarnation, writerPub }: Bind): void {
    const key = `${epoch.idHex}/${toHex(devSignPub)}/${String(incarnation)}`;
    const known = this.#bound.get(key);
    if (known === undefined || equalBytes(known, writerPub)) {
      this.#bound.set(key, writerPub);
      return;
    }
    const logs = this.#input.logs();
    const [bind, otherBind] = [logs.bindBytes(epoch, known), logs.bindBytes(epoch, writerPub)];
    if (bind === undefined || otherBind === undefined) return;
    this.#note({ type: 'fork', bind, otherBind, runA: [], runB: [] });
  }

  /**
   * Operations came. Of a log that parts at its bind everybody says which one they hold: what it closes
   * is what the proofs show, and a liar may have proved it with one that closes less.
   */
  look(): void {
    const { forkedBinds } = this.#input.membership.view;
    if (forkedBinds === this.#looked) return;
    this.#looked = forkedBinds;
    const logs = this.#input.logs();
    for (const shown of forkedBinds) {
      const epoch = logs.byId(toHex(shown.epochId));
      const bind = epoch && logs.bindBytes(epoch, shown.writerPub);
      const otherBind = concatBytes(shown.signedBytes, shown.signature);
      if (bind !== undefined) this.#note({ type: 'fork', bind, otherBind, runA: [], runB: [] });
    }
  }

  /** What is to be said now, and nobody has said yet. */
  due(): ReadonlyArray<ForkBody> {
    const found = [...this.#found.values()];
    this.#found.clear();
    return found.filter((body) => this.#isNews(body));
  }

  #note(body: ForkBody): void {
    const [log] = readForkProof(body)?.logs ?? [];
    if (log === undefined || !this.#isNews(body)) return;
    if (this.#found.size >= limits.devicesMax) return;
    this.#found.set(`${toHex(log.epochId)}/${toHex(log.writerPub)}`, body);
    if (this.#isDue) return;
    this.#isDue = true;
    const { clock, random } = this.#deps.core;
    const [share = 0] = random.bytes(1);
    clock.schedule(Math.floor((limits.epochJitterMaxMs * share) / 256), () => {
      this.#isDue = false;
      this.#input.onDue();
    });
  }

  /** A device does not accuse itself; nor is said twice what was proved from here or from before. */
  #isNews(body: ForkBody): boolean {
    const { forks, forkedBinds } = this.#input.membership.view;
    const proof = readForkProof(body);
    if (proof === undefined) return false;
    const { logs, binds } = proof;
    const ownPub = this.#deps.me.device.publicKey;
    if (logs.some(({ devSignPub }) => equalBytes(devSignPub, ownPub))) return false;
    const isKnown = ({ epochId, devSignPub, writerPub, seq }: ForkedLog): boolean =>
      forks.some(
        (known) =>
          equalBytes(known.epochId, epochId) &&
          equalBytes(known.writerPub, writerPub) &&
          equalBytes(known.devSignPub, devSignPub) &&
          known.seq <= seq,
      );
    const areBindsKnown =
      logs.every(({ seq }) => seq > 0) || binds.every((bind) => isAmong(forkedBinds, bind));
    return !logs.every(isKnown) || !areBindsKnown;
  }
}
