/** What this device has to offer, told to links, meetings, mailboxes and gossip. */
import type { Network } from '../../network/port.ts';
import type { Clock } from '../../platform/port.ts';
import { limits } from '../../protocol/limits.ts';
import type { Epoch } from '../epochs/epoch.ts';

export interface OffersHost {
  readonly clock: Clock;
  readonly network: Pick<Network, 'setTopics'>;
  /** Of all conversations, the most recent first. */
  readonly epochs: () => ReadonlyArray<Epoch>;
  /** Reads anew what is offered. */
  readonly tell: () => void;
}

/** To be told within this time. */
export type OffersChanged = (withinMs?: number) => void;

/** Many changes at once are told once. */
export const createOffers = ({ clock, network, epochs, tell }: OffersHost): OffersChanged => {
  let due: { readonly withinMs: number; readonly cancel: () => void } | undefined;
  const tellAll = (): void => {
    due = undefined;
    tell();
    const topics = epochs().map(({ keys }) => keys.topic);
    network.setTopics(topics.slice(0, limits.topicsMax));
  };
  return (withinMs = 0) => {
    if (due !== undefined && due.withinMs <= withinMs) return;
    due?.cancel();
    due = { withinMs, cancel: clock.schedule(withinMs, tellAll) };
  };
};
