/**
 * What sync needs of a conversation or an invite: epochs that may be spoken about, and to whom. Sync
 * knows epochs and devices; what their entries mean is the scope's.
 */
import type { Verdict } from '../network/port.ts';
import type { Result } from '../base/result.ts';
import type { Seal } from '../protocol/epochs/seal.ts';
import type { Row } from '../protocol/sync-frames.ts';
import type { Run } from '../replication/runs.ts';
import type { NotRun } from './contained-queue.ts';
import type { Epoch } from './epochs/epoch.ts';
import type { Admittance, Arrival, EpochLogs } from './epochs/epoch-logs.ts';

/** An authenticated device at the other end of a link, as one scope sees it. */
export interface ScopePeer {
  readonly devSignPub: Uint8Array;
  readonly deviceHex: string;
  readonly path: 'direct' | 'relayed';
  /** Nothing is known that the device has and we lack, or it has had long enough. */
  readonly isCaughtUp: boolean;
  /** It has said what it holds, and all of that is here. */
  readonly isComplete: boolean;
  /** Entries it is known to hold and we lack. */
  readonly lackingCount: number;
}

/** How entries came: what of it is announced, and whose part of a room they take. */
export interface Coming {
  readonly arrival: Arrival;
  readonly path: 'link' | 'gossip' | 'mailbox';
  /** Which link, or whose mailbox. */
  readonly from: string;
  /** The device at the other end of the link. */
  readonly devSignPub?: Uint8Array;
}

/** Inspected entries of one epoch from somebody else. */
export interface Parcel {
  readonly epoch: Epoch;
  readonly runs: ReadonlyArray<Run>;
  readonly coming: Coming;
}

export interface Scope {
  readonly scopeId: string;
  readonly logs: EpochLogs;
  /** Epochs under which others may find us, newest first; few. */
  offeredEpochs(): ReadonlyArray<Epoch>;
  /** Others, that an open link gives: nobody looks for us there, and a mailbox is to hold them. */
  sharedEpochs(): ReadonlyArray<Epoch>;
  /** Whether entries of this epoch may go to this device, and its word on it counts. */
  mayRead(epoch: Epoch, devSignPub: Uint8Array): boolean;
  /** One thing at a time in this scope. */
  run<T>(task: () => Promise<T>): Promise<Result<T, NotRun>>;
  /** Inside `run`: takes up what came, in its order; an answer for each. */
  receive(parcels: ReadonlyArray<Parcel>): Promise<ReadonlyArray<Admittance>>;
  /** What a device says it holds. */
  onRows(deviceHex: string, epoch: Epoch, rows: ReadonlyArray<Row>): void;
  /** The devices at hand, whenever one comes, goes or catches up. */
  onPeers(peers: ReadonlyArray<ScopePeer>): void;
  /** Somebody could fetch from a mailbox what this device leaves there. */
  readonly usesMailbox: boolean;
  /** What some mailbox durably holds of an epoch. */
  onParked(epoch: Epoch, rows: ReadonlyArray<Row>): void;
  /** Whether a mailbox is at hand that has given us all it holds of the offered epochs. */
  onMailbox(isAtHand: boolean): void;
  /** Membership operations; an invite has none. */
  readonly operations: ScopeOperations | undefined;
  /** What is true for a moment only; an invite has none. */
  readonly signals: ScopeSignals | undefined;
}

export interface ScopeSignals {
  /** A frame under the epoch's key, not looked at yet. */
  receive(epoch: Epoch, frame: Uint8Array): Promise<Verdict>;
}

export interface ScopeOperations {
  /** Ids of all held operations, ascending. */
  ids(): ReadonlyArray<Uint8Array>;
  /** Of all of them (SY4). */
  idsHash(): Uint8Array;
  /** Operations go only to devices of members. */
  mayHave(devSignPub: Uint8Array): boolean;
  /**
   * For a device that shares an epoch and is no member's any more: the operation that took it out and
   * what led to it.
   */
  lastWords(epoch: Epoch, devSignPub: Uint8Array): ReadonlyArray<Uint8Array>;
  /** Those among ours that are not in `ids`, parents first. */
  lackedBy(ids: ReadonlyArray<Uint8Array>): ReadonlyArray<Uint8Array>;
  /** Inside `run`: operations as received; bad ones are left out. */
  receive(ops: ReadonlyArray<Uint8Array>, source: string): Promise<void>;
  /** The secret of an epoch we hold, sealed to one of its recipients. */
  sealFor(epoch: Epoch, devSignPub: Uint8Array): Promise<Seal | undefined>;
  /** Inside `run`: such a seal, from that device. */
  receiveSeal(seal: Seal, deviceHex: string): Promise<void>;
}
