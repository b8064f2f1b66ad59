/** What the network said before there was anybody here: the session that begins is told the latest of it. */
import type { NetworkEvent } from '../../network/port.ts';

export class HeardBefore {
  /** `Started` first: nothing happens before it. */
  readonly #latest = new Map<string, NetworkEvent>();

  note(event: NetworkEvent): void {
    if (event.type === 'Started' || event.type === 'MeteredChanged') {
      this.#latest.set(event.type, event); // each is said when it changes, and not again
    }
    if (event.type === 'RelayChanged') this.#latest.set(event.relay, event);
  }

  tell(to: { networkEvent(event: NetworkEvent): void }): void {
    for (const event of this.#latest.values()) to.networkEvent(event);
    this.#latest.clear();
  }
}
