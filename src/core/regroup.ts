/** Conversations that grow out of others, made here or by others (see conversation/regroup.ts). */
import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import { ok, type Result } from '../base/result.ts';
import { convIdIn } from '../protocol/invites/welcome.ts';
import type { ConversationSpec, OpBody, Predecessor } from '../protocol/membership/op-bodies.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { Staged } from './conversation/outbox.ts';
import {
  addsOf,
  enterGroup,
  offerOf,
  openOffer,
  type GroupOffer,
} from './conversation/membership/regroup.ts';
import type { Epoch } from './epochs/epoch.ts';
import type { AppendFailure, LogDeps } from './epochs/epoch-logs.ts';
import type { CoreFailure } from './failures.ts';
import type { StoreFailure } from './vault/segments.ts';
import type { Settings } from './vault/settings.ts';
import { limits } from '../protocol/limits.ts';

/** What is stored in the transaction that makes a conversation, when its first epoch is drawn. */
export type Alongside = (
  fresh: Conversation,
  epoch: Epoch,
) => Promise<Result<Staged, AppendFailure | 'too-many'>>;

export interface RegroupHost {
  conversations(): ReadonlyArray<Conversation>;
  /** The one with this id; not kept before `keep`. */
  conversation(convId: Uint8Array): Conversation;
  create(
    spec: ConversationSpec,
    others: ReadonlyArray<OpBody>,
    alongside: Alongside,
  ): Promise<Result<Conversation, AppendFailure | 'too-many'>>;
  keep(conversation: Conversation): Promise<Result<undefined, StoreFailure>>;
  failed(failure: CoreFailure): void;
  readonly settings: Settings;
  /** Of a conversation that is gone from this device. */
  wasForgotten(epochId: Uint8Array): boolean;
}

export class Regroup {
  readonly #deps: LogDeps;
  readonly #host: RegroupHost;
  readonly #underWay = new Set<string>();

  constructor(deps: LogDeps, host: RegroupHost) {
    this.#deps = deps;
    this.#host = host;
  }

  /** Stored when it resolves; the others hear of it in the old group, as soon as somebody is there. */
  async make(
    home: Conversation,
    withoutId: Uint8Array,
  ): Promise<Result<Conversation, AppendFailure | 'too-many'>> {
    const { core, me } = this.#deps;
    const { conversation: old } = home.membership.view;
    assert(old?.kind === 'group', 'only groups are made anew');
    const adds = await addsOf(this.#deps, home, toHex(withoutId));
    const { name, policy } = old;
    const creator = me.identity.identityId;
    const predecessor: Predecessor = {
      convId: home.convId,
      withoutId,
      cuts: home.limits.seenOf(toHex(withoutId)),
      untilLamport: home.greatestLamport(),
    };
    const nonce = core.random.bytes(16);
    // [RG5] One transaction: a crash leaves no group that the others in it never hear of.
    const made = await this.#host.create(
      { kind: 'group', nonce, name, policy, creator, predecessor },
      adds,
      async (fresh, epoch) => {
        const offer = await offerOf(this.#deps, fresh, { epoch });
        if (!offer.ok) return offer;
        return home.outbox.stage(
          offer.value.map(({ type, payload }) => home.content(type, payload)),
        );
      },
    );
    if (made.ok) home.flushSoon();
    return made;
  }

  /** Enters what others made with this person in it; what is not whole yet waits. */
  async takeUp(home: Conversation): Promise<void> {
    if (home.isRequest) return; // a stranger leads nowhere
    for (const offer of home.offers.all()) {
      if (this.#host.settings.isBlocked(offer.byHex)) continue;
      const key = `${offer.byHex}/${toHex(offer.epochId)}`;
      if (this.#underWay.has(key)) continue;
      this.#underWay.add(key);
      const taken = await this.#take(home, offer);
      this.#underWay.delete(key);
      if (!taken.ok) this.#host.failed(taken.error);
      else if (taken.value) home.offers.drop(offer);
    }
  }

  #requestCount(): number {
    return this.#host.conversations().filter(({ isRequest, notes }) => {
      return isRequest && notes.request === 'waiting';
    }).length;
  }

  /** True: nothing more is to be done for it. */
  async #take(home: Conversation, offer: GroupOffer): Promise<Result<boolean, StoreFailure>> {
    const epochHex = toHex(offer.epochId);
    if (this.#host.conversations().some(({ logs }) => logs.byId(epochHex))) return ok(true);
    if (this.#host.wasForgotten(offer.epochId)) return ok(true);
    const opened = await openOffer(this.#deps, home, offer);
    const convId = opened && convIdIn(opened.welcome.ops);
    if (opened === undefined || convId === undefined) return ok(false);
    const fresh = this.#host.conversation(convId);
    const isKnown = this.#host.conversations().includes(fresh);
    if (!isKnown && this.#requestCount() >= limits.contactRequestsMax) return ok(false);
    const entered = await fresh.run(() =>
      enterGroup(this.#deps, { home, fresh, offer, ...opened }),
    );
    if (!entered.ok) return ok(false);
    if (!entered.value.ok) return entered.value;
    if (!entered.value.value) return ok(true);
    // [CT1] What a stranger began waits for an answer.
    if (!isKnown && fresh.kind === 'direct') fresh.notes.request = 'waiting';
    const kept = await this.#host.keep(fresh);
    return kept.ok ? ok(true) : kept;
  }
}
