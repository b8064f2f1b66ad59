/**
 * What the core needs of a network, in its own words. Wants are declared and kept: the adapter
 * holds relays, registers, dials, redials and upgrades by itself, and tells what became of it.
 *
 * A *link* is one ordered, reliable frame stream to one peer. At most one link per peer takes frames
 * at a time; when a better path comes up (relayed → direct), or a relayed link has carried its share,
 * the adapter opens the new link first, then closes the old one: between `LinkOpened` of the new one
 * and `LinkClosed` of the old one, frames may still arrive on the old one. A frame that was sent on a
 * link which then closed may be lost: whoever needs it acknowledged does so above (sync protocol).
 */
import type { MaybePromise } from '../base/result.ts';

export type LinkId = number;
export type PeerId = string;
/** A multiaddr with the relay's peer id. */
export type RelayAddress = string;

/** A multiaddr of a WebSocket at which a peer listens by itself, without its peer id. */
export type DirectAddress = string;

export type Path = 'direct' | 'relayed';

/** A libp2p node of this session, and the relays where it holds a reservation. */
export interface PeerAddress {
  readonly peerId: PeerId;
  readonly relays: ReadonlyArray<RelayAddress>;
  /** By its own word, or a liar's: which of these are dialled is the adapter's to decide. */
  readonly direct?: ReadonlyArray<DirectAddress>;
  /** As `Met` says; undefined: nothing is known of that. */
  readonly wereThere?: boolean;
}

/** A sealed blob under an opaque key: who knows the key meets there. The relay reads neither. */
export interface Meeting {
  readonly key: Uint8Array;
  readonly blob: Uint8Array;
}

export type RelayState = 'connecting' | 'up' | 'unreachable' | 'bad-address';

/** What a topic validator may say (gossipsub's three verdicts). */
export type Verdict = 'accept' | 'ignore' | 'reject';

export type NetworkEvent =
  | {
      readonly type: 'Started';
      readonly peerId: PeerId;
      readonly canWebRtc: boolean;
      /** Where this node listens, for members to dial it. */
      readonly direct?: ReadonlyArray<DirectAddress>;
    }
  /** `day` is the relay's count of days since 1970; meeting keys depend on it. */
  | {
      readonly type: 'RelayChanged';
      readonly relay: RelayAddress;
      readonly state: RelayState;
      readonly day: number | undefined;
      /** Milliseconds until the next attempt, when unreachable. */
      readonly retryMs: number | undefined;
    }
  | {
      readonly type: 'Met';
      readonly relay: RelayAddress;
      readonly key: Uint8Array;
      readonly blobs: ReadonlyArray<Uint8Array>;
      /** Before this device was, so that they do not know of it yet; else they came later. */
      readonly wereThere?: boolean;
    }
  | {
      readonly type: 'LinkOpened';
      readonly link: LinkId;
      readonly peerId: PeerId;
      readonly path: Path;
    }
  | { readonly type: 'LinkClosed'; readonly link: LinkId }
  | { readonly type: 'FrameReceived'; readonly link: LinkId; readonly frame: Uint8Array }
  /** On the stream for files beside a link; the bytes are given away. */
  | { readonly type: 'BlobReceived'; readonly link: LinkId; readonly frame: Uint8Array }
  | { readonly type: 'DialFailed'; readonly peerId: PeerId; readonly failures: number }
  /** The device has no network at all, or has it again. */
  | { readonly type: 'OnlineChanged'; readonly isOnline: boolean }
  /** The platform knows that every byte may cost, or not any more. Where it does not tell: never. */
  | { readonly type: 'MeteredChanged'; readonly isMetered: boolean };

export interface NetworkHandlers {
  event(event: NetworkEvent): void;
  /** Decides about a gossip frame; the adapter treats no answer within 500 ms as `ignore`. */
  gossip(topic: string, frame: Uint8Array, from: PeerId): MaybePromise<Verdict>;
}

export interface Network {
  /** Begins; events before `Started` do not happen. Loads lazily: nothing runs before this. */
  start(handlers: NetworkHandlers): void;
  /**
   * The relays to keep a reservation at, tried for as long as they are in the set. Replaces the set.
   * Several addresses of one relay are several ways to it; their states go together.
   */
  setRelays(relays: ReadonlyArray<RelayAddress>): void;
  /**
   * Register these, and keep asking who else is there, at this relay. Replaces the relay's set; the
   * answer to a change is all of it, later ones tell only the keys where something changed. A relay
   * outside `setRelays` is ignored. `Met` names the first of a relay's addresses.
   */
  setMeetings(relay: RelayAddress, meetings: ReadonlyArray<Meeting>): void;
  /**
   * One request to the mailbox at this relay, and its answer; undefined where the relay is not up,
   * keeps no mailbox, or gave no answer in time. Neither is read here.
   */
  askMailbox(relay: RelayAddress, request: Uint8Array): Promise<Uint8Array | undefined>;
  /**
   * Keep a link to each of these, directly where possible, relayed until then. Replaces the set. Who
   * leaves it keeps the link they have, until it ends or `closeLink`. Peers that come by themselves
   * get a link as well.
   */
  setWanted(peers: ReadonlyArray<PeerAddress>): void;
  /** Gossip topics to be subscribed to. Replaces the set. */
  setTopics(topics: ReadonlyArray<string>): void;
  /** Best effort, over direct connections only. */
  publish(topic: string, frame: Uint8Array): void;
  /**
   * Resolves when the transport has taken the frame (back-pressure); frames keep their order. Rejects
   * with an Error 'link-closed', 'link-full' (too many wait) or 'frame-size' (empty or too long).
   */
  send(link: LinkId, frame: Uint8Array): Promise<void>;
  /**
   * The same on a stream of its own beside the link, so that files delay nobody's words. It begins
   * with its first frame and ends with the link; a frame may be lost where it broke in between. The
   * bytes are given away: they are large, and not to be copied.
   */
  sendBlob(link: LinkId, frame: Uint8Array): Promise<void>;
  /** No more frames go out; `LinkClosed` follows. To a wanted peer, a new link opens after a while. */
  closeLink(link: LinkId): void;
  /** Hang up and refuse this peer for a while. */
  deny(peerId: PeerId, forMs: number): void;
  /** Ends every connection; no event follows. */
  stop(): Promise<void>;
}
