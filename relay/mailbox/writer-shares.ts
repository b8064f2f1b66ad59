/**
 * From which address the writers of a mailbox came. Whoever has the key of an epoch, or an open link,
 * can certify writers without end; from one address they are half of a mailbox's at most. In memory
 * only: which address is in which mailbox is not to be written down.
 */
import { limits } from '../../src/protocol/limits.ts';

export class WriterShares {
  /** The one written to longest ago first. */
  readonly #countsByMailbox = new Map<string, Map<string, number>>();

  hasRoom(mailboxHex: string, address: string, count: number): boolean {
    const known = this.#countsByMailbox.get(mailboxHex)?.get(address) ?? 0;
    return known + count <= limits.mailboxAddressWritersMax;
  }

  add(mailboxHex: string, address: string, count: number): void {
    const counts = this.#countsByMailbox.get(mailboxHex) ?? new Map<string, number>();
    counts.set(address, (counts.get(address) ?? 0) + count);
    this.#countsByMailbox.delete(mailboxHex);
    this.#countsByMailbox.set(mailboxHex, counts);
    for (const oldest of this.#countsByMailbox.keys()) {
      if (this.#countsByMailbox.size <= limits.mailboxSharesMax) return;
      this.#countsByMailbox.delete(oldest);
    }
  }

  /** It expired: another begins. */
  forget(mailboxHex: string): void {
    this.#countsByMailbox.delete(mailboxHex);
  }
}
