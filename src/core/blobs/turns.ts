/**
 * Whose turn it is among files that wait to be fetched. A few are fetched at a time; one person who
 * names thousands that nobody has must not hold up what others sent, nor what was asked for here. So
 * the next is of the person, then of the conversation, of which the fewest are being fetched, and of
 * those of whom it was whose turn is longest ago.
 */

export interface Claim {
  /** Who wrote the message that names it. */
  readonly sender: string;
  readonly scopeId: string;
  /** When its last turn began; undefined: it had none. */
  readonly turnMs: number | undefined;
}

const never = -1;

/** Begun by what is being fetched; each turn that is given counts from then on. */
export class Turns<C extends Claim> {
  readonly #activeBySender = new Map<string, number>();
  readonly #activeByScope = new Map<string, number>();
  readonly #lastBySender = new Map<string, number>();
  readonly #waitingBySender = new Map<string, C[]>();

  constructor(active: ReadonlyArray<C>, waiting: ReadonlyArray<C>) {
    for (const claim of active) this.#count(claim);
    for (const claim of [...active, ...waiting]) this.#noteTurn(claim);
    for (const claim of waiting) {
      const own = this.#waitingBySender.get(claim.sender) ?? [];
      own.push(claim);
      this.#waitingBySender.set(claim.sender, own);
    }
    for (const own of this.#waitingBySender.values()) {
      // The last one goes first: taken from the end.
      own.reverse().sort((a, b) => (b.turnMs ?? never) - (a.turnMs ?? never));
    }
  }

  /** Takes out whose turn is next; undefined: nobody waits. */
  next(): C | undefined {
    let best: C | undefined;
    for (const own of this.#waitingBySender.values()) {
      const first = own.at(-1);
      if (first !== undefined && (best === undefined || this.#isBefore(first, best))) best = first;
    }
    if (best !== undefined) this.#waitingBySender.get(best.sender)?.pop();
    return best;
  }

  /** It had something to ask for, and asked. */
  given(claim: C, nowMs: number): void {
    this.#count(claim);
    this.#lastBySender.set(claim.sender, nowMs);
  }

  #count({ sender, scopeId }: C): void {
    this.#activeBySender.set(sender, (this.#activeBySender.get(sender) ?? 0) + 1);
    this.#activeByScope.set(scopeId, (this.#activeByScope.get(scopeId) ?? 0) + 1);
  }

  #noteTurn({ sender, turnMs = never }: C): void {
    this.#lastBySender.set(sender, Math.max(turnMs, this.#lastBySender.get(sender) ?? never));
  }

  #isBefore(one: C, other: C): boolean {
    const ranks = [one, other].map(({ sender, scopeId }) => [
      this.#activeBySender.get(sender) ?? 0,
      this.#activeByScope.get(scopeId) ?? 0,
      this.#lastBySender.get(sender) ?? never,
    ]);
    const [a = [], b = []] = ranks;
    const at = a.findIndex((rank, i) => rank !== b[i]);
    return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
  }
}
