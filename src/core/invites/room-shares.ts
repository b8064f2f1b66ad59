/**
 * Whose logs a room takes. Whoever has the link may write there, so who brings logs is what there is
 * to go by: a stranger's link brings the few of one device, all such links together a part of what a
 * room holds, a relay's mailbox as many as a mailbox holds, where one address fills no more than half.
 */
import { toHex } from '../../base/bytes.ts';
import { limits } from '../../protocol/limits.ts';
import type { Run } from '../../replication/runs.ts';
import type { Coming } from '../scope.ts';

const linkWritersMax = limits.incarnationsMax;

export class RoomShares {
  /** Logs by who brought them first; those that did not get in are not noted. */
  readonly #byStrangers = new Map<string, Set<string>>();
  readonly #byMailbox = new Map<string, Set<string>>();

  /** [RW1] Of these runs the ones of logs that are held, and of new ones what has a place. */
  fitting(
    runs: ReadonlyArray<Run>,
    coming: Coming,
    { held, isTrusted }: { readonly held: ReadonlySet<string>; readonly isTrusted: boolean },
  ): ReadonlyArray<Run> {
    const fresh = new Set<string>();
    return runs.filter(({ writerPub }) => {
      const writerHex = toHex(writerPub);
      if (held.has(writerHex)) return true;
      if (held.size + fresh.size >= limits.roomWritersMax) return false;
      const hasPlace = isTrusted || this.#take(writerHex, coming);
      if (hasPlace) fresh.add(writerHex);
      return hasPlace;
    });
  }

  #take(writerHex: string, { from, path }: Coming): boolean {
    const shares = path === 'mailbox' ? this.#byMailbox : this.#byStrangers;
    const share = shares.get(from) ?? new Set<string>();
    if (share.has(writerHex)) return true;
    const isFull =
      path === 'mailbox'
        ? share.size >= limits.mailboxWritersMax
        : share.size >= linkWritersMax || this.#strangersCount() >= limits.roomStrangerWritersMax;
    if (isFull) return false;
    shares.set(from, share.add(writerHex));
    return true;
  }

  #strangersCount(): number {
    return [...this.#byStrangers.values()].reduce((sum, { size }) => sum + size, 0);
  }
}
