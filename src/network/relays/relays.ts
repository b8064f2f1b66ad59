/**
 * The set of relays to keep. Two addresses of one relay (over WebSocket, and over WebRTC without a
 * certificate) are two ways to it: one keeper tries both, and speaks for both.
 */
import type { Libp2p } from '@libp2p/interface';
import { limits } from '../../protocol/limits.ts';
import type { Meeting, NetworkEvent, RelayAddress } from '../port.ts';
import { parseRelayAddress, type ParsedRelay } from './relay-address.ts';
import { RelayKeeper } from './relay-keeper.ts';
import type { Timing } from '../timing.ts';

export interface RelaysOptions {
  readonly node: Libp2p;
  readonly timing: Timing;
  emit(event: NetworkEvent): void;
  isMissingPeers(): boolean;
}

export interface Relays {
  set(addresses: ReadonlyArray<RelayAddress>): void;
  setMeetings(address: RelayAddress, meetings: ReadonlyArray<Meeting>): void;
  isUp(address: RelayAddress): boolean;
  askMailbox(address: RelayAddress, request: Uint8Array): Promise<Uint8Array | undefined>;
  kick(): void;
  stop(): void;
}

interface Kept {
  readonly key: string;
  readonly addresses: ReadonlyArray<RelayAddress>;
  readonly keeper: RelayKeeper;
}

/** By relay, in the order given; what cannot be read is left to the caller. */
const groupByRelay = (parsed: ReadonlyArray<ParsedRelay>): Map<string, ParsedRelay[]> => {
  const groups = new Map<string, ParsedRelay[]>();
  for (const one of parsed) {
    const id = one.peerId.toString();
    groups.set(id, [...(groups.get(id) ?? []), one]);
  }
  return groups;
};

export const createRelays = ({ node, timing, emit, isMissingPeers }: RelaysOptions): Relays => {
  const keptById = new Map<string, Kept>();
  const meetingsByAddress = new Map<RelayAddress, ReadonlyArray<Meeting>>();
  let refused: ReadonlyArray<RelayAddress> = [];

  const meetingsOf = (addresses: ReadonlyArray<RelayAddress>): Meeting[] => {
    // The same key at two addresses of one relay is registered once.
    const byKey = new Map<string, Meeting>();
    for (const address of addresses) {
      for (const meeting of meetingsByAddress.get(address) ?? []) {
        byKey.set(meeting.key.join(), meeting);
      }
    }
    return [...byKey.values()];
  };

  const keep = (group: ReadonlyArray<ParsedRelay>): Kept | undefined => {
    const [first] = group;
    if (first === undefined) return undefined;
    const addresses = group.map(({ address }) => address);
    const keeper = new RelayKeeper({
      node,
      timing,
      peerId: first.peerId,
      multiaddrs: group.map((one) => one.multiaddr),
      isMissingPeers,
      onState: (state, { day, retryMs }) => {
        for (const relay of addresses) emit({ type: 'RelayChanged', relay, state, day, retryMs });
      },
      onMet: (met) => {
        for (const one of met) emit({ type: 'Met', relay: first.address, ...one });
      },
    });
    keeper.setMeetings(meetingsOf(addresses));
    return { key: addresses.join(' '), addresses, keeper };
  };

  const refuse = (addresses: ReadonlyArray<RelayAddress>): void => {
    for (const relay of addresses) {
      if (refused.includes(relay)) continue;
      const nothing = { day: undefined, retryMs: undefined };
      emit({ type: 'RelayChanged', relay, state: 'bad-address', ...nothing });
    }
    refused = addresses;
  };

  const keeperOf = (address: RelayAddress): RelayKeeper | undefined =>
    [...keptById.values()].find(({ addresses }) => addresses.includes(address))?.keeper;

  return {
    set: (addresses) => {
      const unique = [...new Set(addresses)];
      const parsed = unique.map(parseRelayAddress).flatMap((one) => (one.ok ? [one.value] : []));
      const groups = groupByRelay(parsed);
      for (const [id, { key, keeper }] of keptById) {
        if (
          groups
            .get(id)
            ?.map(({ address }) => address)
            .join(' ') === key
        )
          continue;
        keeper.stop();
        keptById.delete(id);
      }
      for (const [id, group] of groups) {
        if (keptById.has(id) || keptById.size >= limits.relaysMax) continue;
        const kept = keep(group);
        if (kept !== undefined) keptById.set(id, kept);
      }
      for (const address of meetingsByAddress.keys()) {
        if (!unique.includes(address)) meetingsByAddress.delete(address);
      }
      refuse(unique.filter((address) => !parseRelayAddress(address).ok));
    },
    setMeetings: (address, meetings) => {
      meetingsByAddress.set(address, meetings);
      for (const { addresses, keeper } of keptById.values()) {
        if (addresses.includes(address)) keeper.setMeetings(meetingsOf(addresses));
      }
    },
    isUp: (address) => keeperOf(address)?.isUp === true,
    askMailbox: async (address, request) => keeperOf(address)?.askMailbox(request),
    kick: () => {
      for (const { keeper } of keptById.values()) keeper.kick();
    },
    stop: () => {
      for (const { keeper } of keptById.values()) keeper.stop();
      keptById.clear();
    },
  };
};
