/**
 * Takes a conversation off this device. A marker is stored first, so that what is begun is finished,
 * at the next start if need be: its segments, its journal, its records with every key, then the
 * marker. What is left is which epochs it had, so that an old offer does not bring it back.
 */
import { toHex } from '../base/bytes.ts';
import { ok, type Result } from '../base/result.ts';
import { arrayUpTo, bytesOf, recordOf } from '../protocol/cbor.ts';
import { limits } from '../protocol/limits.ts';
import type { StorageFailure, Write } from '../storage/port.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { LogDeps } from './epochs/epoch-logs.ts';
import { segmentGroupOf } from './vault/segments.ts';
import type { Vault } from './vault/vault.ts';

type Done = Promise<Result<undefined, StorageFailure>>;

/** Records that a conversation has one or several of; the conversation itself goes last. */
const prefixes = ['m', 's', 'u', 'd', 'k', 'o', 'q', 'p', 'b', 'e', 'c'] as const;

const readMarker = recordOf({ convId: bytesOf(32) });
const readEpochId = (value: unknown): Uint8Array | undefined =>
  typeof value === 'object' &&
  value !== null &&
  'epochId' in value &&
  value.epochId instanceof Uint8Array
    ? value.epochId
    : undefined;
const readTomb = recordOf({
  convId: bytesOf(32),
  epochIds: arrayUpTo(limits.forgottenEpochsMax, bytesOf(32)),
});

interface Tomb {
  readonly convId: Uint8Array;
  readonly epochIds: ReadonlyArray<Uint8Array>;
}

export interface ForgettingHost {
  /** It is stopped: nobody finds it here any more. */
  gone(conversation: Conversation): Promise<void>;
  failed(failure: StorageFailure): void;
}

export class Forgetting {
  readonly #deps: LogDeps;
  readonly #host: ForgettingHost;
  readonly #vault: Vault;
  readonly #epochs = new Set<string>();
  readonly #conversations = new Set<string>();

  constructor(deps: LogDeps, host: ForgettingHost) {
    this.#deps = deps;
    this.#host = host;
    this.#vault = deps.vault;
  }

  /** It was of a conversation that is gone from here. */
  hadEpoch(epochId: Uint8Array): boolean {
    return this.#epochs.has(toHex(epochId));
  }

  /** It was here, and nothing is to bring it back by itself. */
  hadConversation(convId: Uint8Array): boolean {
    return this.#conversations.has(toHex(convId));
  }

  /** [FG1] Before anything else is loaded: finishes what was begun. */
  async resume(): Done {
    const [tombs, markers] = await Promise.all([this.#vault.list(['z']), this.#vault.list(['x'])]);
    if (!tombs.ok) return tombs;
    if (!markers.ok) return markers;
    for (const value of tombs.value.values) {
      const tomb = readTomb(value);
      if (tomb !== undefined) this.#remember(tomb);
    }
    for (const value of markers.value.values) {
      const marker = readMarker(value);
      const erased = marker && (await this.#erase(marker.convId));
      if (erased?.ok === false) return erased;
    }
    return ok(undefined);
  }

  /** From when it resolves on it is gone, whatever happens; a leave is given time to reach somebody. */
  async forget(conversation: Conversation): Done {
    const { convId, membership } = conversation;
    const begun = await this.#vault.commit([this.#vault.seal(['x', convId], { convId })]);
    if (!begun.ok) return begun;
    conversation.isForgotten = true;
    const ownHex = toHex(this.#deps.me.identity.identityId);
    const hasLeft = membership.departureOf(ownHex) !== undefined;
    this.#deps.core.clock.schedule(hasLeft ? limits.forgetGraceMs : 0, () => {
      void this.#finish(conversation);
    });
    return ok(undefined);
  }

  async #finish(conversation: Conversation): Promise<void> {
    await conversation.close();
    await this.#host.gone(conversation);
    const erased = await this.#erase(conversation.convId);
    if (!erased.ok) this.#host.failed(erased.error); // the next start goes on from here
  }

  async #erase(convId: Uint8Array): Done {
    const epochs = await this.#vault.list(['e', convId]);
    if (!epochs.ok) return epochs;
    const epochIds = epochs.value.values.flatMap((value) => readEpochId(value) ?? []);
    const segments = await this.#deps.segments.forget(segmentGroupOf(convId));
    if (!segments.ok) return segments;
    const tomb = { convId, epochIds: epochIds.slice(-limits.forgottenEpochsMax) };
    // A second attempt finds fewer epochs: what the first one remembered stays.
    const isFirst = epochIds.length > 0;
    const first = await this.#vault.commit(isFirst ? [this.#vault.seal(['z', convId], tomb)] : []);
    if (!first.ok) return first;
    this.#remember(tomb);
    const due: Write[] = epochIds.map((epochId) => this.#vault.remove(['w', epochId]));
    for (const prefix of prefixes) {
      const below = await this.#vault.removals([prefix, convId]);
      if (!below.ok) return below;
      for (const write of below.value) due.push(write);
    }
    for (let at = 0; at < due.length; at += limits.commitWritesMax) {
      const removed = await this.#vault.commit(due.slice(at, at + limits.commitWritesMax));
      if (!removed.ok) return removed;
    }
    return this.#vault.commit([this.#vault.remove(['x', convId])]);
  }

  #remember({ convId, epochIds }: Tomb): void {
    this.#conversations.add(toHex(convId));
    for (const epochId of epochIds) this.#epochs.add(toHex(epochId));
  }
}
