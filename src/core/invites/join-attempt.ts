/**
 * An invite that this device follows (PROTOCOL §10): it meets whoever answers, asks to be let in,
 * or lets itself in where the invite is open, and believes only what the link's own inviter signed.
 * It goes on after a reload, until it is in or given up.
 */
import { equalBytes, isZero, toHex } from '../../base/bytes.ts';
import { ok, type Result } from '../../base/result.ts';
import { comparisonWords } from '../../protocol/invites/compare.ts';
import { encodeIdentityLog, readIdentityLogBytes } from '../../protocol/membership/identity.ts';
import { verifyLogSignatures } from '../../protocol/membership/identity.ts';
import {
  encodeJoinRequest,
  historySeedOf,
  joinProof,
  type DerivedInvite,
  type InviteLink,
} from '../../protocol/invites/invite.ts';
import type { ControlOp } from '../../protocol/membership/ops.ts';
import { encodeControl } from '../../protocol/payload.ts';
import { encodeSeal, readSeal, type Seal } from '../../protocol/epochs/seal.ts';
import {
  convIdIn,
  decodeWelcome,
  joinWelcomes,
  verifyWelcomeInvite,
  type Welcome,
  type WelcomePart,
} from '../../protocol/invites/welcome.ts';
import { limits } from '../../protocol/limits.ts';
import { isEpochValid } from '../../protocol/membership/membership.ts';
import type { JoinStage } from '../api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { OpenedEntry } from '../epochs/epoch.ts';
import type { LogDeps } from '../epochs/epoch-logs.ts';
import { inviteEntry, readAddressedPart, readAsked, readDeclined } from './invite-entries.ts';
import { InviteRoom } from './invite-room.ts';
import { OpenJoins } from './open-joins.ts';
import { SealedWelcomes, sealedWelcomeEntry } from './sealed-welcome.ts';
import type { StoreFailure } from '../vault/segments.ts';

export interface JoinHost {
  changed(room: InviteRoom, cause: 'own' | 'received'): void;
  shown(): void;
  /** An empty conversation object with this id, or the one that is there. */
  conversation(convId: Uint8Array): Conversation;
  /** The conversation holds what it needs: keep it, and end this attempt in the same stroke. */
  joined(
    attempt: JoinAttempt,
    conversation: Conversation,
  ): Promise<Result<undefined, StoreFailure>>;
  learnRelays(relays: ReadonlyArray<string>): void;
}

export class JoinAttempt {
  readonly link: InviteLink;
  readonly derived: DerivedInvite;
  readonly inviteId: Uint8Array;
  readonly idHex: string;
  readonly room: InviteRoom;
  readonly #deps: LogDeps;
  readonly #host: JoinHost;
  readonly #parts: WelcomePart[] = [];
  /** [HI3] What the link gives of before. */
  readonly #history: Seal[] = [];
  readonly #sealed: SealedWelcomes;
  /** What came since the welcome: others who let themselves in, and what members did. */
  readonly #others: OpenJoins;
  readonly #tried = new Set<string>();
  #hasAsked = false;
  #isDeclined = false;
  #askedBy: Uint8Array | undefined;
  #words: ReadonlyArray<string> = [];
  joinedConversation: Conversation | undefined;

  constructor(
    deps: LogDeps,
    host: JoinHost,
    { link, derived }: { readonly link: InviteLink; readonly derived: DerivedInvite },
  ) {
    this.#deps = deps;
    this.#host = host;
    this.link = link;
    this.derived = derived;
    this.inviteId = derived.inviteId;
    this.idHex = toHex(derived.inviteId);
    this.#others = new OpenJoins(derived.inviteId);
    this.room = new InviteRoom(deps, {
      inviteId: derived.inviteId,
      pseudoSecret: derived.pseudoSecret,
      settle: () => this.settle(),
      onEntry: (entry) => {
        this.#onEntry(entry);
      },
      onPeers: () => {
        host.shown();
        if (!this.#isDone) void this.room.run(() => this.#readWelcomes()); // all may be here now
      },
      isTrusted: () => true, // who is a member shows only later, by what comes over any link
      changed: (room, cause) => {
        host.changed(room, cause);
      },
    });
    this.#sealed = new SealedWelcomes(deps, this.inviteId, this.room.prekeys);
  }

  get stage(): JoinStage {
    if (this.joinedConversation !== undefined) return 'joined';
    if (this.#isDeclined) return 'declined';
    if (this.#words.length > 0) return 'waiting-approval';
    if (this.room.peers.length > 0) return 'connecting';
    return this.room.isParked ? 'parked' : 'looking';
  }

  /** Known once the inviter's side has answered. */
  get words(): ReadonlyArray<string> {
    return this.#words;
  }

  /** Inside the room's queue: asks, if that was not done, and looks at what came. */
  async settle(): Promise<void> {
    if (this.#isDone) return;
    await this.#ask();
    await this.#readAsked();
    await this.#readWelcomes();
    this.#host.shown();
  }

  /** One request, in this device's log of the room: whoever may answer finds it there. */
  async #ask(): Promise<void> {
    if (this.#hasAsked || this.#isOpenGroup) return;
    const { me, core } = this.#deps;
    const bundle = await this.room.prekeys.current();
    if (!bundle.ok) return;
    const devSignPub = me.device.publicKey;
    const claim = {
      inviteId: this.inviteId,
      identityId: me.identity.identityId,
      devSignPub,
      nonce: core.random.bytes(16),
    };
    const request = encodeJoinRequest({
      identityLog: encodeIdentityLog(me.identity),
      devSignPub,
      prekeyBundles: [{ devSignPub, bundle: bundle.value }],
      name: me.name,
      nonce: claim.nonce,
      proof: await joinProof(this.derived.invSigner, claim),
    });
    const asked = await this.room.append([{ type: inviteEntry.request, payload: request }]);
    if (asked.ok) this.#hasAsked = true;
  }

  async #readAsked(): Promise<void> {
    const log = this.#askedBy && readIdentityLogBytes(this.#askedBy);
    this.#askedBy = undefined;
    if (log === undefined || !equalBytes(log.identityId, this.link.inviterRootHash)) return;
    if (!(await verifyLogSignatures(this.#deps.core.backend, log))) return;
    const own = this.#deps.me.identity.rootPub;
    this.#words = await comparisonWords(log.rootPub, own, this.inviteId);
  }

  /** A welcome may have failed for our own reasons. */
  retry(): void {
    this.#tried.clear();
  }

  get #isDone(): boolean {
    return this.joinedConversation !== undefined;
  }

  get #isOpenGroup(): boolean {
    return this.link.isOpen && this.link.kind === 'group';
  }

  async #readWelcomes(): Promise<void> {
    // Who lets themselves in seals to all they know of: they hear everybody out first.
    if (this.#isOpenGroup && !this.room.isCaughtUp) return;
    // An open link's welcome is for whoever reads it; that of a yes is sealed to who asked.
    const parts = this.#isOpenGroup ? this.#parts : await this.#sealed.parts();
    for (const bytes of joinWelcomes(parts).toReversed()) {
      if (this.#isDone) return;
      const key = toHex(bytes.subarray(-64)) + String(bytes.length);
      if (this.#tried.has(key)) continue;
      this.#tried.add(key);
      const welcome = decodeWelcome(bytes);
      if (welcome.ok) await this.#tryWelcome(welcome.value);
    }
  }

  async #tryWelcome(welcome: Welcome): Promise<void> {
    const invite = await verifyWelcomeInvite(this.#deps.core.backend, welcome, {
      invPub: this.derived.invPub,
      inviterRootHash: this.link.inviterRootHash,
    });
    if (!invite.ok) return;
    const convId = convIdIn(welcome.ops);
    if (convId === undefined) return;
    const conversation = this.#host.conversation(convId);
    const isIn = await conversation.run(async () => {
      // A crash may have come between entering and keeping: what is stored of it counts.
      const loaded =
        conversation.membership.version > 0 ? ok(undefined) : await conversation.opening.load();
      if (!loaded.ok) return false;
      await conversation.membership.accept([...welcome.ops, ...this.#others.heard()], this.idHex);
      if (conversation.isMember && conversation.epochs.choose() !== undefined) return true;
      if (!this.#isInvitedHere(conversation, invite.value.inviteOp)) return false;
      for (const { devSignPub, bundle } of welcome.bundles) {
        await conversation.epochs.bundles.hear(this.#deps.core.backend, devSignPub, bundle);
      }
      const carried = await conversation.prekeys.takeOver(this.room.prekeys);
      if (!carried.ok) return false;
      const { identityId } = this.#deps.me.identity;
      if (conversation.membership.isMember(identityId)) return this.#enter(conversation, welcome);
      return this.#isOpenGroup ? this.#letOurselvesIn(conversation) : false;
    });
    if (!isIn.ok || !isIn.value) return;
    this.#host.learnRelays(welcome.relays);
    const kept = await this.#host.joined(this, conversation);
    if (!kept.ok) return;
    this.joinedConversation = conversation;
    conversation.prekeys.outlive(this.room.prekeys);
  }

  /**
   * The conversation is the one the link was made for: a direct one with the inviter, or a group in
   * which the invite itself counts.
   */
  #isInvitedHere({ membership }: Conversation, inviteOp: ControlOp): boolean {
    const { view } = membership;
    if (this.link.kind === 'direct') {
      return view.kind === 'direct' && view.levels.has(toHex(inviteOp.identityId));
    }
    return view.kind === 'group' && view.validOps.has(toHex(inviteOp.opId));
  }

  /** Somebody added us: the epoch's secret is in the welcome, sealed to this device. */
  async #enter(conversation: Conversation, welcome: Welcome): Promise<boolean> {
    const op = conversation.membership.op(welcome.epochId);
    if (op === undefined || !isEpochValid(conversation.membership.opSet, op)) return false;
    const secret = await conversation.epochs.handOver.openAny(op, welcome.seals);
    if (secret === undefined) return false;
    const { writes, stored } = conversation.membership.writes();
    const taken = await conversation.epochs.takeUp(op, secret, writes);
    if (!taken.ok) return false;
    stored();
    await conversation.epochs.takeUpOlder(welcome.olderSeals);
    return true;
  }

  /** An open invite: our own `join`, and an epoch sealed to everybody, into the invite's room. */
  async #letOurselvesIn(conversation: Conversation): Promise<boolean> {
    const { me, core } = this.#deps;
    const { membership, epochs, prekeys } = conversation;
    const isLiving = membership.view.livingInvites.some(
      ({ body }) => equalBytes(body.inviteId, this.inviteId) && body.isOpen,
    );
    const bundle = await prekeys.current();
    if (!isLiving || !bundle.ok) return false;
    const devSignPub = me.device.publicKey;
    const nonce = core.random.bytes(16);
    const { inviteId } = this;
    const { identityId } = me.identity;
    const claim = { inviteId, identityId, devSignPub, nonce };
    const before = membership.version;
    await membership.author({
      type: 'join',
      inviteId,
      invPub: this.derived.invPub,
      nonce,
      proof: await joinProof(this.derived.invSigner, claim),
      identityLog: encodeIdentityLog(me.identity),
      prekeyBundles: [{ devSignPub, bundle: bundle.value }],
      name: me.name,
    });
    const draft = await epochs.draft('join');
    if (!draft.ok) return false;
    const { op, seals, epoch, record } = draft.value;
    const authored = membership.all().slice(before);
    const { writes, stored } = membership.writes();
    const appended = await this.room.append(
      [
        // The merges of many heads too: without them nobody could place the join.
        ...authored.map(({ bytes }) => ({ type: 'control', payload: encodeControl(bytes) })),
        ...seals.map((seal) => ({ type: 'seal', payload: encodeSeal(seal) })),
      ],
      [...record, ...writes],
    );
    if (!appended.ok) return false;
    stored();
    const begun = await epochs.begin(op, epoch);
    if (begun.ok) await epochs.takeUpOlder(this.#history, historySeedOf(this.link.secret));
    return begun.ok;
  }

  #onEntry({ body, devSignPub }: OpenedEntry): void {
    const own = this.#deps.me.device.publicKey;
    switch (body.type) {
      case inviteEntry.request:
        if (equalBytes(devSignPub, own)) this.#hasAsked = true;
        return;
      case inviteEntry.asked: {
        const asked = readAsked(body.payload);
        if (asked && equalBytes(asked.to, own)) this.#askedBy = asked.inviterLog;
        return;
      }
      case inviteEntry.declined: {
        const declined = readDeclined(body.payload);
        if (declined && equalBytes(declined.to, own)) this.#isDeclined = true;
        return;
      }
      case inviteEntry.welcome: {
        const addressed = readAddressedPart(body.payload);
        const isOpen = addressed && isZero(addressed.to);
        if (isOpen && this.#parts.length < limits.welcomePartsKeptMax) {
          this.#parts.push(addressed.part);
        }
        return;
      }
      case inviteEntry.history: {
        const seal = readSeal(body.payload);
        if (seal && this.#history.length < limits.welcomeSealsMax) this.#history.push(seal);
        return;
      }
      case sealedWelcomeEntry.key:
        this.#sealed.noteKey(body.payload);
        return;
      case sealedWelcomeEntry.part:
        this.#sealed.notePart(body.payload);
        return;
      case 'control':
        this.#others.note(body);
        return;
      default: // secrets of others' epochs are not for us
    }
  }
}
