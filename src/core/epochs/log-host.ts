/** Whose logs these are: what a scope answers and is told while entries come in and go out. */
import type { Result } from '../../base/result.ts';
import type { Bind } from '../../protocol/epochs/bind.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import type { CborValue } from '../../protocol/cbor.ts';
import type { ForkEvidence } from '../../replication/gate.ts';
import type { CoreDeps } from '../deps.ts';
import type { Me } from '../vault/me.ts';
import type { Segments, StoreFailure } from '../vault/segments.ts';
import type { Vault } from '../vault/vault.ts';
import type { Epoch, OpenedEntry } from './epoch.ts';
import type { RunFault } from './run-fault.ts';

export interface LogDeps {
  readonly core: CoreDeps;
  readonly me: Me;
  readonly vault: Vault;
  readonly segments: Segments;
}

export interface Admitted {
  readonly freshCount: number;
  /** The worst among the runs that were left out. */
  readonly fault: RunFault | undefined;
}

export type AppendFailure = StoreFailure | 'epoch-full';

export interface AppendedEntry {
  readonly seq: number;
  readonly writerPub: Uint8Array;
  readonly envelope: Envelope;
}

/** How an entry came to this device: it decides what is announced, never what is accepted. */
export type Arrival = 'disk' | 'own' | 'live' | 'catch-up';

/** What a scope makes of its entries. */
export interface LogHost {
  /** Whether this device may write in the epoch: one of its recipients; anybody in an invite. */
  mayWrite(epoch: Epoch, devSignPub: Uint8Array): boolean;
  onBind(epoch: Epoch, bind: Bind, arrival: Arrival): void;
  onEntry(entry: OpenedEntry, arrival: Arrival): void;
  onFork(epoch: Epoch, evidence: ForkEvidence): void;
  /** From where on a log does not count, since its device has two histories; undefined: all does. */
  forkSeq(epoch: Epoch, writerPub: Uint8Array): number | undefined;
  /** The greatest lamport seen in the scope. */
  greatestLamport(): number;
  /** The bundle this device's next bind publishes. */
  bindContent(epoch: Epoch): Promise<Result<Pick<Bind, 'closes' | 'prekeyBundle'>, StoreFailure>>;
}

/** Something to append: everything of a body that does not depend on its place in the log. */
export interface Content {
  readonly type: string;
  readonly mid: Uint8Array;
  readonly sentAt: number;
  readonly payload: CborValue;
}
