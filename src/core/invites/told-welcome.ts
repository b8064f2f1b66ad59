/**
 * What this device's last open welcome told of, also in an earlier session: one that says nothing new
 * is not written again, since a room has place for so many and no more.
 */
import { toHex } from '../../base/bytes.ts';
import { decodeWelcome, joinWelcomes, type WelcomePart } from '../../protocol/invites/welcome.ts';

export interface OpenState {
  readonly epochHex: string;
  /** Number of membership operations. */
  readonly opCount: number;
}

export class ToldWelcome {
  #told: OpenState | undefined;
  /** Of earlier sessions, until they were looked at. */
  #parts: WelcomePart[] = [];

  /** A part of an open welcome in this device's own log. */
  note(part: WelcomePart): void {
    if (this.#told === undefined) this.#parts.push(part);
  }

  says({ epochHex, opCount }: OpenState): boolean {
    this.#told ??= this.#toldBefore();
    return this.#told?.epochHex === epochHex && this.#told.opCount === opCount;
  }

  tell(state: OpenState): void {
    this.#told = state;
    this.#parts = [];
  }

  #toldBefore(): OpenState | undefined {
    const last = joinWelcomes(this.#parts).at(-1);
    this.#parts = [];
    const welcome = last && decodeWelcome(last);
    if (welcome?.ok !== true) return undefined;
    return { epochHex: toHex(welcome.value.epochId), opCount: welcome.value.ops.length };
  }
}
