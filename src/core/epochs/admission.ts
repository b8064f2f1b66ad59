/**
 * Entries of others on their way into the logs: the gate first, then the journal, then the document,
 * then the fold. What comes together is checked run by run and written at once.
 */
import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Bind } from '../../protocol/epochs/bind.ts';
import { limits } from '../../protocol/limits.ts';
import { checkRun, type HeldLog } from '../../replication/gate.ts';
import { isSameLog, type Run } from '../../replication/runs.ts';
import type { SignedRun } from '../../replication/signatures.ts';
import type { StoreFailure } from '../vault/segments.ts';
import type { Epoch } from './epoch.ts';
import type { LogFolding } from './log-folding.ts';
import type { Admitted, Arrival, LogDeps, LogHost } from './log-host.ts';
import { faultOf, type RunFault } from './run-fault.ts';

/** Inspected runs, all of one epoch, as they came. */
export interface Arrived {
  readonly epoch: Epoch;
  readonly runs: ReadonlyArray<Run>;
  readonly arrival: Arrival;
}

/** What became of one of them. */
export type Admittance = Result<Admitted, StoreFailure>;

export interface AdmissionInput {
  readonly host: LogHost;
  readonly folding: LogFolding;
  readonly held: (epoch: Epoch, writerPub: Uint8Array) => HeldLog;
}

interface CheckedRun {
  readonly run: SignedRun;
  readonly bind: Bind | undefined;
}

interface Outcome {
  freshCount: number;
  fault: RunFault | undefined;
  failure: StoreFailure | undefined;
}

/** Passed the gate, and is not written yet. */
interface Fresh extends CheckedRun {
  readonly epoch: Epoch;
  readonly arrival: Arrival;
  /** Of everybody who brought it. */
  readonly outcomes: Outcome[];
}

export class Admission {
  readonly #deps: LogDeps;
  readonly #input: AdmissionInput;

  constructor(deps: LogDeps, input: AdmissionInput) {
    this.#deps = deps;
    this.#input = input;
  }

  /**
   * Resolves once what was good is durably stored and folded; a run that is not good leaves the
   * others alone, and one that cannot be written those that were.
   */
  async admit(arrived: ReadonlyArray<Arrived>): Promise<ReadonlyArray<Admittance>> {
    const outcomes: Outcome[] = [];
    let fresh: Fresh[] = [];
    for (const { epoch, runs, arrival } of arrived) {
      const outcome: Outcome = { freshCount: 0, fault: undefined, failure: undefined };
      outcomes.push(outcome);
      for (const run of runs) {
        const other = fresh.find((one) => isSameLog(one.run, run));
        if (other !== undefined && isSameRun(other.run, run)) {
          other.outcomes.push(outcome);
          continue;
        }
        if (other !== undefined) {
          await this.#keep(fresh); // it is checked against what that one makes of the log
          fresh = [];
        }
        const checked = await this.#check(epoch, run);
        if (!checked.ok) outcome.fault = outcome.fault === 'invalid' ? 'invalid' : checked.error;
        else if (checked.value !== undefined && !hasManyLogs(epoch, checked.value, fresh)) {
          fresh.push({ ...checked.value, epoch, arrival, outcomes: [outcome] });
        }
      }
    }
    await this.#keep(fresh);
    return outcomes.map(({ failure, ...admitted }) =>
      failure === undefined ? ok(admitted) : err(failure),
    );
  }

  async #keep(fresh: ReadonlyArray<Fresh>): Promise<void> {
    for (const segment of new Set(fresh.map(({ epoch }) => epoch.segment))) {
      const together = fresh.filter(({ epoch }) => epoch.segment === segment);
      const runs = together.map(({ run }) => run);
      const stored = await this.#deps.segments.store({ segment, runs });
      for (const one of together) {
        if (stored.ok) this.#fold(one);
        else for (const outcome of one.outcomes) outcome.failure = stored.error;
      }
    }
  }

  #fold({ epoch, run, bind, arrival, outcomes }: Fresh): void {
    const envelopes = bind === undefined ? run.envelopes : run.envelopes.slice(1);
    this.#input.folding.fold(epoch, { bind, envelopes, arrival });
    const [first] = outcomes;
    if (first !== undefined) first.freshCount += run.envelopes.length;
  }

  /** Undefined: all of it is held. */
  async #check(epoch: Epoch, run: Run): Promise<Result<CheckedRun | undefined, RunFault>> {
    const { backend } = this.#deps.core;
    const { host, held } = this.#input;
    if (!equalBytes(run.mailbox, epoch.mailbox)) return err('invalid');
    const checked = await checkRun(backend, held(epoch, run.writerPub), run);
    if (!checked.ok) {
      if (checked.error.code === 'fork') host.onFork(epoch, checked.error.evidence);
      return err(faultOf(checked.error, run));
    }
    const { fresh } = checked.value;
    if (fresh === undefined) return ok(undefined);
    if (fresh.fromSeq > 0) return ok({ run: fresh, bind: undefined });
    const first = fresh.envelopes[0];
    assert(first !== undefined, 'a run is not empty');
    const bind = await epoch.readBind(backend, first);
    if (!bind.ok) return err('invalid');
    if (!host.mayWrite(epoch, bind.value.devSignPub)) return err('unknown-writer');
    return ok({ run: fresh, bind: bind.value });
  }
}

/** Linked entries: equal ends are equal throughout. */
const isSameRun = (a: Run, b: Run): boolean =>
  a.fromSeq === b.fromSeq && equalBytes(a.headHash, b.headHash);

/** A device has few logs in an epoch, or rows would outgrow their frame and the memory. */
const hasManyLogs = (epoch: Epoch, { bind }: CheckedRun, others: ReadonlyArray<Fresh>): boolean => {
  if (bind === undefined) return false;
  const { devSignPub } = bind;
  const more = others.filter(
    (other) => other.epoch === epoch && other.bind && equalBytes(other.bind.devSignPub, devSignPub),
  );
  return epoch.writersOf(devSignPub).length + more.length >= limits.incarnationsMax;
};
