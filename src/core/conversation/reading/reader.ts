/**
 * What is read of a conversation: the fold of its entries under the rules of the membership of now.
 * When what is shown of which entry changes, everything is read once more (PROTOCOL §3 rule 7).
 */
import { toHex } from '../../../base/bytes.ts';
import type { View } from '../../../protocol/membership/membership.ts';
import type { EntryPlace, Epoch, OpenedEntry } from '../../epochs/epoch.ts';
import type { Arrival, EpochLogs } from '../../epochs/epoch-logs.ts';
import { Fold, type CarriedOp, type FoldInput } from './fold.ts';
import type { MembershipState } from '../membership/membership-state.ts';
import { logKeyOf, type ContentLimits } from './content-limits.ts';
import { limitsOf } from './own-closings.ts';
import { standingRules, type StandingRules } from './standing.ts';

export interface ReaderInput extends Omit<FoldInput, 'rules' | 'arrivedAtMs' | 'limitOf'> {
  readonly membership: MembershipState;
  readonly logs: EpochLogs;
  /** Whose entry it is; undefined: of nobody who may write there. */
  readonly authorOf: (entry: OpenedEntry) => string | undefined;
}

export class Reader {
  /** How far each log counts. */
  readonly limits: ContentLimits<Epoch>;
  readonly #input: ReaderInput;
  #rules: StandingRules;
  #fold: Fold;

  constructor(input: ReaderInput) {
    this.#input = input;
    this.limits = limitsOf(input.membership, input.logs);
    this.#rules = this.#rulesUnder([]);
    this.#fold = this.#foldUnder(this.#rules);
  }

  get fold(): Fold {
    return this.#fold;
  }

  /** From where on a log is withheld. */
  forkSeq({ idHex }: Epoch, writerPub: Uint8Array): number | undefined {
    return this.#rules.forkSeqOf(idHex, toHex(writerPub));
  }

  /** Whether what lies there is for reading, as far as is known now. */
  isCounted(place: EntryPlace): boolean {
    const isShown = this.#rules.standingOf(place) === 'shown';
    return isShown && place.seq <= this.limits.limitOf(logKeyOf(place.epochHex, place.writerHex));
  }

  onEntry(entry: OpenedEntry, arrival: Arrival): void {
    this.#fold.projection.see(entry.body.lamport);
    const authorHex = this.#input.authorOf(entry);
    if (authorHex !== undefined) this.#fold.take(entry, authorHex, arrival);
  }

  /** Operations that came since the last call. */
  takeCarriedOps(): ReadonlyArray<CarriedOp> {
    this.#fold.gaps.settle();
    return this.#fold.takeCarriedOps();
  }

  /** [FK4] After operations came: reads again where the rules are no longer the same. */
  async renew(): Promise<void> {
    const rules = this.#rulesUnder(this.#input.membership.view.forks);
    if (rules.key === this.#rules.key) return;
    this.#rules = rules;
    await this.again();
  }

  /** Reads everything that is held anew. */
  async again(): Promise<void> {
    const before = this.#fold.projection;
    this.#fold = this.#foldUnder(this.#rules, (key) => {
      const item = before.byKey(key);
      return item?.type === 'message' ? item.arrivedAtMs : undefined;
    });
    await this.#input.logs.refold();
    // All of them are held by now; what is left is where they show.
    for (const op of this.takeCarriedOps()) this.#fold.notice(op);
  }

  /** After entries came: shows and hides what counts now (CL4). */
  refresh(): void {
    this.limits.settle();
    this.#fold.refresh();
  }

  #rulesUnder(forks: View['forks']): StandingRules {
    return standingRules({ forks }, (logKey) => this.limits.deviceOf(logKey));
  }

  #foldUnder(rules: StandingRules, arrivedAtMs?: FoldInput['arrivedAtMs']): Fold {
    return new Fold({
      ...this.#input,
      rules,
      limitOf: (logKey) => this.limits.limitOf(logKey),
      ...(arrivedAtMs && { arrivedAtMs }),
    });
  }
}
