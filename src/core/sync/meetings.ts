/**
 * Being found and finding (PROTOCOL §8): at each relay this device leaves, for each epoch it wants
 * to be found under, its address sealed for that epoch's members, and dials whom it finds.
 */
import { toHex } from '../../base/bytes.ts';
import type {
  DirectAddress,
  Meeting,
  NetworkEvent,
  PeerId,
  RelayAddress,
} from '../../network/port.ts';
import { limits } from '../../protocol/limits.ts';
import { openPeerRecord, rendezvousKey, sealPeerRecord } from '../../protocol/rendezvous.ts';
import type { CoreDeps } from '../deps.ts';
import type { Epoch } from '../epochs/epoch.ts';
import type { Scope } from '../scope.ts';
import { FoundPeers } from './found-peers.ts';

/** Where others are met. */
interface Place {
  readonly epoch: Epoch;
  /** Of members; in an invite's room is whoever has the link. */
  readonly isConversation: boolean;
}

interface Self {
  readonly peerId: PeerId;
  /** Where this device listens. */
  readonly direct: ReadonlyArray<DirectAddress>;
}

interface Sealed {
  readonly meeting: Meeting;
  readonly says: string;
  readonly atMs: number;
}

export class Meetings {
  readonly #deps: CoreDeps;
  readonly #scopes: () => ReadonlyArray<Scope>;
  readonly #dayByRelay = new Map<RelayAddress, number>();
  readonly #placeByKey = new Map<string, Place>();
  readonly #sealed = new WeakMap<Epoch, Sealed>();
  readonly #found: FoundPeers;
  #self: Self | undefined;
  #isWantedDue = false;
  #cancelRefresh: (() => void) | undefined;

  constructor(
    deps: CoreDeps,
    scopes: () => ReadonlyArray<Scope>,
    isProved: (peerId: PeerId) => boolean,
  ) {
    this.#deps = deps;
    this.#scopes = scopes;
    this.#found = new FoundPeers(isProved);
  }

  started({ peerId, direct = [] }: Extract<NetworkEvent, { type: 'Started' }>): void {
    this.#self = { peerId, direct };
  }

  relayChanged({ relay, state, day }: Extract<NetworkEvent, { type: 'RelayChanged' }>): void {
    const isUp = state === 'up' && day !== undefined;
    const known = this.#dayByRelay.get(relay);
    if (isUp) this.#dayByRelay.set(relay, day);
    else if (this.#dayByRelay.delete(relay)) this.#found.forgetOrder();
    if (known !== (isUp ? day : undefined)) this.refresh();
  }

  /** Epochs or relays changed, or what was left is getting old: leave it all again. */
  refresh(): void {
    if (this.#self === undefined) return;
    this.#cancelRefresh?.();
    this.#cancelRefresh = this.#deps.clock.schedule(limits.meetingTtlMs / 2, () => {
      this.refresh();
    });
    this.#placeByKey.clear();
    for (const [relay, day] of this.#dayByRelay) {
      this.#deps.network.setMeetings(relay, this.#meetingsOf(day, this.#self));
    }
    this.#setWanted();
  }

  met({ key, blobs, wereThere }: Extract<NetworkEvent, { type: 'Met' }>): void {
    const place = this.#placeByKey.get(toHex(key));
    if (place === undefined || blobs.length === 0) return;
    const { epoch, isConversation } = place;
    const nowMs = this.#deps.clock.now();
    for (const blob of blobs) {
      const record = openPeerRecord(epoch.keys.rdvSeal, blob);
      if (!record.ok || record.value.peerId === this.#self?.peerId) continue;
      const { peerId, relays, direct } = record.value;
      // Their clock is theirs: what the relay still holds is worth a try, for as long as we keep it.
      const address = {
        ...{ peerId, relays },
        ...(direct !== undefined && isConversation && { direct }),
        ...(wereThere !== undefined && { wereThere }),
      };
      this.#found.note(epoch.idHex, address, nowMs + limits.meetingTtlMs);
    }
    this.#setWantedSoon();
  }

  close(): void {
    this.#cancelRefresh?.();
  }

  #meetingsOf(day: number, self: Self): ReadonlyArray<Meeting> {
    const places = this.#scopes().flatMap((scope) => {
      const isConversation = scope.operations !== undefined;
      return scope.offeredEpochs().map((epoch): Place => ({ epoch, isConversation }));
    });
    return places.slice(0, limits.meetingsPerRelayMax).map((place) => {
      const meeting = this.#meetingOf(place, day, self);
      this.#placeByKey.set(toHex(meeting.key), place);
      return meeting;
    });
  }

  /**
   * What was sealed a moment ago and says the same is left again as it is. [NP8] Where this device
   * listens is for members of a conversation: neither the relay nor who only has a link is told.
   */
  #meetingOf({ epoch, isConversation }: Place, day: number, { peerId, direct }: Self): Meeting {
    const nowMs = this.#deps.clock.now();
    const relays = [...this.#dayByRelay.keys()].slice(0, limits.relaysPerInviteMax);
    const says = [day, peerId, ...relays].join();
    const known = this.#sealed.get(epoch);
    const isFresh = Math.abs(nowMs - (known?.atMs ?? 0)) < limits.meetingTtlMs / 4;
    if (known?.says === says && isFresh) return known.meeting;
    const record = {
      ...{ peerId, relays, expiresAtMs: nowMs + limits.meetingTtlMs },
      ...(isConversation && direct.length > 0 && { direct }),
    };
    const meeting = {
      key: rendezvousKey(epoch.keys.rdv, day),
      blob: sealPeerRecord(epoch.keys.rdvSeal, this.#deps.random.bytes(24), record),
    };
    this.#sealed.set(epoch, { meeting, says, atMs: nowMs });
    return meeting;
  }

  /** A relay tells of every meeting by itself, and of all of them at once. */
  #setWantedSoon(): void {
    if (this.#isWantedDue) return;
    this.#isWantedDue = true;
    this.#deps.clock.schedule(0, () => {
      this.#setWanted();
    });
  }

  #setWanted(): void {
    this.#isWantedDue = false;
    this.#deps.network.setWanted(this.#found.wanted(this.#deps.clock.now()));
  }
}
