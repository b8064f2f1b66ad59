/**
 * Identity logs told on from one conversation to another (PROTOCOL §2, "Transparency by gossip"): a
 * member of whom this device holds a longer log elsewhere, or another one, is told of where they are
 * a member, too. What is told is the log, which the root signed: a lie has no such signature.
 */
import { toHex } from '../base/bytes.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { AppendFailure, LogDeps } from './epochs/epoch-logs.ts';
import { encodeIdentityLog, type IdentityLog } from '../protocol/membership/identity.ts';
import { logsIn, newsAmong } from '../protocol/membership/log-heads.ts';
import type { ControlOp } from '../protocol/membership/ops.ts';
import { limits } from '../protocol/limits.ts';

export interface IdentityGossipHost {
  conversations(): ReadonlyArray<Conversation>;
  failed(failure: AppendFailure): void;
}

export class IdentityGossip {
  readonly #deps: LogDeps;
  readonly #host: IdentityGossipHost;
  #isDue = false;

  constructor(deps: LogDeps, host: IdentityGossipHost) {
    this.#deps = deps;
    this.#host = host;
  }

  /** Something may be known in one conversation and not in another: looked at soon, not by all at once. */
  soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const { me, core } = this.#deps;
    const share = me.device.publicKey[0] ?? 0;
    core.clock.schedule(Math.floor((limits.epochJitterMaxMs * share) / 256), () => {
      this.#isDue = false;
      void this.#tell();
    });
  }

  async #tell(): Promise<void> {
    const known = this.#known();
    if (![...known.values()].some(({ size }) => size > 1)) return;
    for (const conversation of this.#host.conversations()) {
      if (newsFor(conversation, known).length === 0) continue;
      const told = await conversation.run(() => tellIn(conversation, newsFor(conversation, known)));
      if (told.ok && !told.value.ok) this.#host.failed(told.value.error);
    }
  }

  /** By identity in hex, and by head: every log there is in any conversation. */
  #known(): KnownLogs {
    const known = new Map<string, Map<string, IdentityLog>>();
    for (const { membership } of this.#host.conversations()) {
      for (const [identityHex, merged] of membership.view.identities) {
        const logs = known.get(identityHex) ?? new Map<string, IdentityLog>();
        known.set(identityHex, logs);
        for (const log of logsIn(merged)) logs.set(toHex(log.head), log);
      }
    }
    return known;
  }
}

type KnownLogs = ReadonlyMap<string, ReadonlyMap<string, IdentityLog>>;

const newsFor = (
  { isMember, isRequest, isForgotten, membership }: Conversation,
  known: KnownLogs,
): ReadonlyArray<IdentityLog> => {
  if (!isMember || isRequest || isForgotten) return [];
  const { levels, identities } = membership.view;
  return [...levels.keys()].flatMap((identityHex) => {
    const logs = known.get(identityHex);
    if (logs === undefined || logs.size < 2) return [];
    return newsAmong(logsIn(identities.get(identityHex)), [...logs.values()]) ?? [];
  });
};

/** [ID6] Inside the queue: an operation for each log that is not known there. */
const tellIn = async (
  conversation: Conversation,
  logs: ReadonlyArray<IdentityLog>,
): ReturnType<Conversation['announce']> => {
  const ops: ControlOp[] = [];
  for (const log of logs) {
    const identityLog = encodeIdentityLog(log);
    ops.push(await conversation.membership.author({ type: 'identity', identityLog }));
  }
  return conversation.announce(ops);
};
