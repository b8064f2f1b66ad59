/**
 * What an open invite's room tells already: this device's last open welcome, also of an earlier
 * session, and the operations that stand in the room beside it, whoever wrote them. A room has place
 * for so much and no more, so what is new is told by itself; the whole is written again only when as
 * much has come as it held, which keeps what newcomers have to fetch in bounds as well.
 */
import { toHex } from '../../base/bytes.ts';
import { decodeWelcome, joinWelcomes, type WelcomePart } from '../../protocol/invites/welcome.ts';
import { limits } from '../../protocol/limits.ts';
import { opIdOf, type ControlOp } from '../../protocol/membership/ops.ts';

type TellableOp = Pick<ControlOp, 'opId' | 'bytes'>;

export class ToldWelcome {
  /** Ids of the operations in the room. */
  readonly #told = new Set<string>();
  /** Operations in the last whole welcome; undefined: there was none. */
  #wholeCount: number | undefined;
  /** Of earlier sessions, until they were looked at. */
  #parts: WelcomePart[] = [];

  /** A part of an open welcome: of this device's own, or of others where it writes none. */
  note(part: WelcomePart): void {
    const isWanted = this.#wholeCount === undefined;
    if (isWanted && this.#parts.length < limits.welcomePartsKeptMax) this.#parts.push(part);
  }

  /** An operation in anybody's log here. */
  noteOp(bytes: Uint8Array): void {
    if (this.#told.size < limits.opsMax) this.#told.add(toHex(opIdOf(bytes)));
  }

  hasTold({ opId }: TellableOp): boolean {
    return this.#told.has(toHex(opId));
  }

  /** Which of all operations are to be told, or that all of them are, as one welcome. */
  news<Op extends TellableOp>(all: ReadonlyArray<Op>): ReadonlyArray<Op> | 'whole' {
    this.#lookBack();
    if (this.#wholeCount === undefined) return 'whole';
    const besideMax = Math.max(this.#wholeCount, limits.welcomeOpsBesideMin);
    if (all.length - this.#wholeCount > besideMax) return 'whole';
    return all.filter(({ opId }) => !this.#told.has(toHex(opId)));
  }

  tellWhole(all: ReadonlyArray<TellableOp>): void {
    this.#wholeCount = all.length;
    this.#parts = [];
    for (const { bytes } of all) this.noteOp(bytes);
  }

  #lookBack(): void {
    const last = joinWelcomes(this.#parts).at(-1);
    this.#parts = [];
    const welcome = last && decodeWelcome(last);
    if (welcome?.ok !== true) return;
    this.#wholeCount = welcome.value.ops.length;
    for (const bytes of welcome.value.ops) this.noteOp(bytes);
  }
}
