/**
 * What crosses between the window and the core's worker: core/api.ts commands and events, and the
 * calls of network/port.ts, since WebRTC exists only in windows. Types, no code.
 */
import type { Command, CommandError, CoreEvent } from './core/api.ts';
import type { Result } from './base/result.ts';
import type { StateChange } from './core/screen/state-change.ts';
import type {
  LinkId,
  Meeting,
  NetworkEvent,
  PeerAddress,
  PeerId,
  RelayAddress,
  Verdict,
} from './network/port.ts';

/** The answer of whichever command it is; `Core.execute` knows its type again. */
export type AnyCommandResult = Result<unknown, CommandError>;

export interface CoreSetup {
  readonly pageUrl: string;
  readonly ownRelays: ReadonlyArray<string>;
  readonly wasUsed: boolean;
}

export type NetworkOrder =
  | { readonly order: 'start' }
  | { readonly order: 'setRelays'; readonly relays: ReadonlyArray<RelayAddress> }
  | {
      readonly order: 'setMeetings';
      readonly relay: RelayAddress;
      readonly meetings: ReadonlyArray<Meeting>;
    }
  | { readonly order: 'setWanted'; readonly peers: ReadonlyArray<PeerAddress> }
  | { readonly order: 'setTopics'; readonly topics: ReadonlyArray<string> }
  | { readonly order: 'publish'; readonly topic: string; readonly frame: Uint8Array }
  | { readonly order: 'closeLink'; readonly link: LinkId }
  | { readonly order: 'deny'; readonly peerId: PeerId; readonly forMs: number };

export interface ToWorker {
  readonly calls: {
    readonly execute: { readonly argument: Command; readonly answer: AnyCommandResult };
    readonly gossip: {
      readonly argument: {
        readonly topic: string;
        readonly frame: Uint8Array;
        readonly from: PeerId;
      };
      readonly answer: Verdict;
    };
    /** Stops the core; nothing is written after it. */
    readonly close: { readonly argument: undefined; readonly answer: undefined };
  };
  readonly notices:
    | { readonly type: 'setup'; readonly setup: CoreSetup }
    | { readonly type: 'network-event'; readonly event: NetworkEvent };
}

export interface ToWindow {
  readonly calls: {
    readonly send: {
      readonly argument: { readonly link: LinkId; readonly frame: Uint8Array };
      readonly answer: undefined;
    };
    readonly sendBlob: {
      readonly argument: { readonly link: LinkId; readonly frame: Uint8Array };
      readonly answer: undefined;
    };
    readonly askMailbox: {
      readonly argument: { readonly relay: RelayAddress; readonly request: Uint8Array };
      readonly answer: Uint8Array | undefined;
    };
    readonly stopNetwork: { readonly argument: undefined; readonly answer: undefined };
  };
  readonly notices:
    | { readonly type: 'core-state'; readonly change: StateChange }
    | { readonly type: 'core-event'; readonly event: Exclude<CoreEvent, { type: 'StateChanged' }> }
    | { readonly type: 'network'; readonly order: NetworkOrder };
}
