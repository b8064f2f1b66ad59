/**
 * Coming together without a link (PROTOCOL §3): writing to somebody known from a group, answering
 * who does, adding a contact to a group. Each is an offer inside a conversation that both have.
 */
import { equalBytes, toHex } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import { limits } from '../protocol/limits.ts';
import { mayAuthor } from '../protocol/membership/membership.ts';
import { levels, type ConversationSpec, type OpBody } from '../protocol/membership/op-bodies.ts';
import { convIdOf } from '../protocol/membership/ops.ts';
import type { CommandError, SharedHistory } from './api.ts';
import type { Conversation } from './conversation/conversation.ts';
import { introductionOf, offerOf } from './conversation/membership/regroup.ts';
import type { AppendFailure, LogDeps } from './epochs/epoch-logs.ts';
import type { Epoch } from './epochs/epoch.ts';
import { commandErrorOf } from './failures.ts';
import { directBodyOf } from './invites/followed-invites.ts';

export interface ContactsHost {
  conversations(): ReadonlyArray<Conversation>;
  create(
    spec: ConversationSpec,
    others: ReadonlyArray<OpBody>,
  ): Promise<Result<Conversation, AppendFailure | 'too-many'>>;
  /** A request was accepted or turned down; it is stored. */
  answered(conversation: Conversation): Promise<void>;
}

interface Offer {
  readonly home: Conversation;
  readonly epoch: Epoch;
  readonly toId: Uint8Array;
}

type Answer<T> = Promise<Result<T, CommandError>>;

export class Contacts {
  readonly #deps: LogDeps;
  readonly #host: ContactsHost;
  /** Conversations that somebody was offered since the start: not told again and again. */
  readonly #offered = new Set<string>();

  constructor(deps: LogDeps, host: ContactsHost) {
    this.#deps = deps;
    this.#host = host;
  }

  /** [CT1] The conversation with a member of this group; where there is none, one that they are offered. */
  async message(home: Conversation, personHex: string): Answer<Conversation> {
    const person = await introductionOf(this.#deps, home, personHex);
    const isOther = personHex !== toHex(this.#ownId);
    const isMember = person !== undefined && home.membership.isMember(person.identityId);
    if (!isOther || !isMember || home.kind !== 'group') return err('unknown-person');
    const body = directBodyOf(this.#ownId, person.identityId);
    const known = this.#byId(convIdOf(body));
    if (known?.notes.request === 'declined') return this.#takeBack(known);
    if (known !== undefined && known.fold.isAnswered) return ok(known);
    if (known === undefined && this.#unanswered() >= limits.contactOffersMax)
      return err('too-many');
    const { identityLog, name, prekeyBundles } = person;
    const identity: OpBody = { type: 'identity', identityLog, name, prekeyBundles };
    const made = known ? ok(known) : await this.#host.create(body.conversation, [identity]);
    if (!made.ok) return err(commandErrorOf(made.error));
    const epoch = made.value.epochs.choose({ isQuiet: true });
    if (epoch === undefined) return ok(made.value);
    const offered = await this.#offer(made.value, { home, epoch, toId: person.identityId });
    return offered.ok ? ok(made.value) : offered;
  }

  /** [CT2] Adds the other person of a direct conversation; they are told there. */
  async add(
    group: Conversation,
    { personHex, history }: { readonly personHex: string; readonly history: SharedHistory },
  ): Answer<undefined> {
    const home = this.#directWith(personHex);
    const person = home && (await introductionOf(this.#deps, home, personHex));
    if (home === undefined || person === undefined || group.kind !== 'group') {
      return err('unknown-person');
    }
    if (!mayAuthor(group.membership.view, this.#ownId, 'add')) return err('not-allowed');
    const added = await group.run(async (): Promise<Result<Epoch, AppendFailure>> => {
      // Also after a crash between the two: a member whom nothing has reached.
      const isIn = group.membership.isMember(person.identityId);
      const chosen = isIn ? group.epochs.choose() : undefined;
      if (chosen !== undefined) return ok(chosen);
      const body: OpBody = { type: 'add', level: levels.member, history, ...person };
      return group.publish(isIn ? [] : [await group.membership.author(body)], 'add');
    });
    if (!added.ok) return err('busy');
    if (!added.value.ok) return err(commandErrorOf(added.value.error));
    const epoch = added.value.value;
    return this.#offer(group, { home, epoch, toId: person.identityId });
  }

  /** [CT3] Turned down it is gone from sight, and from the network, until this person writes. */
  async answer(conversation: Conversation, isAccepted: boolean): Answer<undefined> {
    if (!conversation.isRequest) return err('unknown-request');
    const { notes } = conversation;
    const before = notes.request;
    notes.request = isAccepted ? 'none' : 'declined';
    const saved = await notes.save();
    if (!saved.ok) {
      notes.request = before;
      return err(commandErrorOf(saved.error));
    }
    await this.#host.answered(conversation);
    return ok(undefined);
  }

  /** They have met by a link: that answers whatever was asked before. */
  async met({ notes }: Conversation): Promise<void> {
    if (notes.request === 'none') return;
    notes.request = 'none';
    await notes.save();
  }

  async #takeBack(declined: Conversation): Answer<Conversation> {
    const accepted = await this.answer(declined, true);
    return accepted.ok ? ok(declined) : accepted;
  }

  async #offer(fresh: Conversation, { home, epoch, toId }: Offer): Answer<undefined> {
    const key = `${fresh.id}/${toHex(toId)}`;
    if (this.#offered.has(key)) return ok(undefined);
    const offer = await offerOf(this.#deps, fresh, { epoch, toId });
    if (!offer.ok) return err(commandErrorOf(offer.error));
    for (const { type, payload } of offer.value) {
      const told = await home.send(type, payload);
      if (!told.ok) return err(commandErrorOf(told.error));
    }
    this.#offered.add(key);
    return ok(undefined);
  }

  get #ownId(): Uint8Array {
    return this.#deps.me.identity.identityId;
  }

  #byId(convId: Uint8Array): Conversation | undefined {
    return this.#host.conversations().find((known) => equalBytes(known.convId, convId));
  }

  /** Of who is a contact: it is no request that waits. */
  #directWith(personHex: string): Conversation | undefined {
    return this.#host.conversations().find(({ kind, isRequest, membership }) => {
      return kind === 'direct' && !isRequest && membership.view.levels.has(personHex);
    });
  }

  /** Begun here, and nothing has come back. */
  #unanswered(): number {
    return this.#host.conversations().filter(({ kind, fold, notes }) => {
      return kind === 'direct' && !fold.isAnswered && notes.request === 'none';
    }).length;
  }
}
