/**
 * An invite that this device answers for: its own, or one of a group it may add people to
 * (PROTOCOL §10). It shows who asks, lets them in on a yes (or at once where the invite is open),
 * and sends the welcome, also after a crash between the two.
 */
import { assert } from '../../base/assert.ts';
import { equalBytes, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { CborValue } from '../../protocol/cbor.ts';
import { comparisonWords } from '../../protocol/invites/compare.ts';
import { encodeIdentityLog, type IdentityLog } from '../../protocol/membership/identity.ts';
import {
  decodeJoinRequest,
  verifyJoinRequest,
  type JoinRequest,
} from '../../protocol/invites/invite.ts';
import { limits } from '../../protocol/limits.ts';
import type { ControlOp, InviteBody } from '../../protocol/membership/ops.ts';
import { encodeControl, readControl } from '../../protocol/payload.ts';
import type { InviteView } from '../api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Epoch, OpenedEntry } from '../epochs/epoch.ts';
import type { AppendFailure, LogDeps } from '../epochs/epoch-logs.ts';
import { addedAs, fitsInOp, fittingIn, type Asker } from './asker.ts';
import {
  encodeAddressedPart,
  encodeAsked,
  encodeDeclined,
  inviteEntry,
  readAddressedPart,
  readAsked,
  readDeclined,
} from './invite-entries.ts';
import { InviteRoom } from './invite-room.ts';
import { makeWelcome } from './make-welcome.ts';
import { OpenJoins } from './open-joins.ts';
import { readWelcomeKey, sealedWelcomeEntry } from './sealed-welcome.ts';
import { SharedHistory } from './shared-history.ts';
import { ToldWelcome } from './told-welcome.ts';
import { welcomeEntries, type WelcomeSeals } from './welcome-entries.ts';

const everybody = new Uint8Array(32);

export interface HostedInviteHost {
  changed(room: InviteRoom, cause: 'own' | 'received'): void;
  /** Who waits, or the stage, may have changed. */
  shown(): void;
  /** Addresses of relays to put into welcomes. */
  relays(): ReadonlyArray<string>;
  /** The conversation that a yes leads to, if it is there already. */
  target(invite: HostedInvite, asker: Asker): Conversation | undefined;
  /** Makes the direct conversation with who asked; stored when it resolves. */
  createDirect(
    invite: HostedInvite,
    asker: Asker,
  ): Promise<Result<Conversation, AppendFailure | 'too-many'>>;
  /** Whether one more may come in: not expired, not revoked, not used up. */
  isLiving(invite: HostedInvite): boolean;
  /** Whether this person may add people; other members only look who let themselves in. */
  mayAdmit(invite: HostedInvite): boolean;
}

export class HostedInvite {
  readonly inviteId: Uint8Array;
  readonly idHex: string;
  readonly body: InviteBody;
  readonly op: ControlOp;
  /** Where the invite operation is: a group, or Notes to self for a direct conversation. */
  readonly home: Conversation;
  readonly room: InviteRoom;
  readonly #deps: LogDeps;
  readonly #host: HostedInviteHost;
  readonly #inviterLog: IdentityLog;
  /** Requests as they came, before they were looked at. */
  #incoming: JoinRequest[] = [];
  readonly #askers = new Map<string, Asker>();
  readonly #askedTo = new Set<string>();
  readonly #declinedTo = new Set<string>();
  readonly #welcomedTo = new Set<string>();
  readonly #approved = new Set<string>();
  readonly #openJoins: OpenJoins;
  readonly #openWelcome = new ToldWelcome();
  readonly #shared: SharedHistory;

  constructor(
    deps: LogDeps,
    host: HostedInviteHost,
    {
      op,
      home,
      inviterLog,
    }: {
      readonly op: ControlOp;
      readonly home: Conversation;
      readonly inviterLog: IdentityLog;
    },
  ) {
    assert(op.body.type === 'invite', 'an invite is made by its operation');
    this.#deps = deps;
    this.#host = host;
    this.#inviterLog = inviterLog;
    this.op = op;
    this.home = home;
    this.body = op.body;
    this.inviteId = op.body.inviteId;
    this.idHex = toHex(this.inviteId);
    this.#openJoins = new OpenJoins(this.inviteId);
    this.#shared = new SharedHistory(op, deps.me.device.publicKey);
    this.room = new InviteRoom(deps, {
      inviteId: op.body.inviteId,
      pseudoSecret: op.body.pseudoSecret,
      settle: () => this.settle(),
      onEntry: (entry) => {
        this.#onEntry(entry);
      },
      onPeers: () => {
        host.shown();
      },
      isTrusted: (devSignPub) => home.membership.isMemberDevice(devSignPub),
      changed: (room, cause) => {
        host.changed(room, cause);
      },
    });
  }

  get isDirect(): boolean {
    return this.home.kind === 'self';
  }

  get #isOpenGroup(): boolean {
    return this.body.isOpen && !this.isDirect;
  }

  /** What it lets newcomers read of before. */
  get history(): InviteBody['history'] {
    return this.body.history;
  }

  /** Who waits for a yes or a no. */
  get waiting(): ReadonlyArray<Asker> {
    if (!this.#host.isLiving(this) || !this.#host.mayAdmit(this)) return [];
    return [...this.#askers.values()].filter(
      (asker) =>
        !this.#declinedTo.has(asker.deviceHex) &&
        !this.#welcomedTo.has(asker.deviceHex) &&
        !this.#isIn(asker),
    );
  }

  get stage(): InviteView['stage'] {
    if (this.#welcomedTo.size > 0) return 'joined';
    if (this.#askers.size > 0) return 'asked';
    if (this.room.peers.length > 0) return 'opened';
    return this.body.isOpen && this.room.isParked ? 'parked' : 'waiting';
  }

  isReachable(asker: Asker): boolean {
    return this.room.peers.some((peer) => peer.deviceHex === asker.deviceHex);
  }

  /** Inside the room's queue: looks at what came and does what is due. */
  async settle(): Promise<void> {
    await this.#lookAtRequests();
    if (this.#isOpenGroup) {
      await this.#openJoins.takeUp(this.home, this.#host.mayAdmit(this));
      if (this.#host.isLiving(this)) await this.#refreshOpen();
    }
    if (this.#host.mayAdmit(this)) {
      for (const asker of this.#askers.values()) await this.#answer(asker);
    }
    this.#host.shown();
  }

  /** Before `decide` has its turn: others may be let in with them. */
  approve(deviceHex: string): void {
    this.#approved.add(deviceHex);
  }

  async decide(
    deviceHex: string,
    isApproved: boolean,
  ): Promise<Result<undefined, AppendFailure | 'too-many'>> {
    const asker = this.#askers.get(deviceHex);
    if (asker === undefined) return ok(undefined);
    if (isApproved) return this.#letIn(asker);
    this.#declinedTo.add(deviceHex);
    return this.room.append([
      { type: inviteEntry.declined, payload: encodeDeclined(asker.request.devSignPub) },
    ]);
  }

  /** Inside the room's queue: whoever finds an old welcome here finds this beside it. */
  async sayRevoked(op: ControlOp): Promise<void> {
    if (!this.#isOpenGroup || this.#openWelcome.hasTold(op)) return;
    await this.room.append([{ type: 'control', payload: encodeControl(op.bytes) }]);
  }

  /** An open invite's room tells the newest epoch and operations to whoever reads it. */
  async #refreshOpen(): Promise<void> {
    const { home } = this;
    const history = await this.#shared.news(home);
    const all = home.membership.all();
    const news = this.#openWelcome.news(all);
    if (this.#host.mayAdmit(this)) {
      await (news === 'whole' ? this.#tellWhole(all) : this.#tell(news));
    } else if (history.length > 0) {
      if (news === 'whole') return; // beside no welcome it is of no use
      await this.#tell(news); // nobody could place the epoch without its operation
    }
    if (history.length === 0) return;
    const told = await this.room.append(
      history.map((payload) => ({ type: inviteEntry.history, payload })),
    );
    if (told.ok) for (const payload of history) this.#shared.note(payload);
  }

  async #tellWhole(all: ReadonlyArray<ControlOp>): Promise<void> {
    const epoch = this.home.epochs.choose();
    if (epoch === undefined) return;
    const parts = await this.#makeWelcome(this.home, epoch, { seals: [], olderSeals: [] });
    if (!parts.ok) return;
    const sent = await this.room.append(
      parts.value.map((part) => ({
        type: inviteEntry.welcome,
        payload: encodeAddressedPart({ to: everybody, part }),
      })),
    );
    if (sent.ok) this.#openWelcome.tellWhole(all);
  }

  async #tell(news: ReadonlyArray<ControlOp>): Promise<void> {
    if (news.length === 0) return;
    const told = await this.room.append(
      news.map(({ bytes }) => ({ type: 'control', payload: encodeControl(bytes) })),
    );
    if (!told.ok) return;
    for (const { bytes } of news) this.#openWelcome.noteOp(bytes);
  }

  async #lookAtRequests(): Promise<void> {
    const incoming = this.#incoming;
    this.#incoming = [];
    for (const request of incoming) {
      if (this.#askers.size >= limits.requestsMax) return;
      const deviceHex = toHex(request.devSignPub);
      if (this.#askers.has(deviceHex) || !fitsInOp(request)) continue;
      const log = await verifyJoinRequest(this.#deps.core.backend, request, this.body.invPub);
      if (!log.ok) continue;
      const words = await comparisonWords(
        this.#inviterLog.rootPub,
        log.value.rootPub,
        this.inviteId,
      );
      this.#askers.set(deviceHex, { deviceHex, request, log: log.value, words });
    }
  }

  /** What is due for somebody who asked: the welcome if they are in, else a sign that we saw it. */
  async #answer(asker: Asker): Promise<void> {
    const { deviceHex, request } = asker;
    if (this.#declinedTo.has(deviceHex) || this.#welcomedTo.has(deviceHex)) return;
    if (this.#isIn(asker) || (this.#host.isLiving(this) && this.body.isOpen && this.isDirect)) {
      await this.#letIn(asker);
      return;
    }
    if (!this.#host.isLiving(this)) return;
    if (this.#askedTo.has(deviceHex)) return;
    this.#askedTo.add(deviceHex);
    const inviterLog = encodeIdentityLog(this.#inviterLog);
    await this.room.append([
      { type: inviteEntry.asked, payload: encodeAsked({ to: request.devSignPub, inviterLog }) },
    ]);
  }

  async #letIn(asker: Asker): Promise<Result<undefined, AppendFailure | 'too-many'>> {
    if (!this.#isIn(asker)) {
      const admitted = this.isDirect
        ? await this.#host.createDirect(this, asker)
        : await this.#add(asker);
      if (!admitted.ok) return admitted;
    }
    return this.#welcome(asker);
  }

  /** [IV4] With all others who are said yes to by now: one epoch is enough for them. */
  async #add(first: Asker): Promise<Result<unknown, AppendFailure>> {
    const { home, body, inviteId } = this;
    const others = this.waiting.filter((one) => one !== first && this.#approved.has(one.deviceHex));
    const added = await home.run(async (): Promise<Result<unknown, AppendFailure>> => {
      const ops: ControlOp[] = [];
      const together = fittingIn(home.membership.view, [first, ...others]);
      if (!together.includes(first)) return err('epoch-full');
      const how = { level: body.role, history: body.history, inviteId };
      for (const asker of together) {
        ops.push(await home.membership.author({ type: 'add', ...addedAs(asker), ...how }));
      }
      return home.publish(ops, 'add');
    });
    this.#approved.clear();
    return added.ok ? added.value : err('failed');
  }

  /** [WE7] With all others who came in by now and have none. */
  async #welcome(asker: Asker): Promise<Result<undefined, AppendFailure>> {
    const conversation = this.#host.target(this, asker);
    if (conversation === undefined || this.#welcomedTo.has(asker.deviceHex)) return ok(undefined);
    const welcomed = await conversation.run(async (): Promise<Result<undefined, AppendFailure>> => {
      const chosen = conversation.epochs.choose();
      const epoch = chosen?.secret ? ok(chosen) : await conversation.publish([], 'welcome');
      if (!epoch.ok) return epoch;
      const made = await welcomeEntries(this.#deps.core, {
        ...{ inviteId: this.inviteId, conversation, epoch: epoch.value },
        askers: [asker, ...this.#unwelcomed(conversation).filter((other) => other !== asker)],
        make: (seals) => this.#makeWelcome(conversation, epoch.value, seals),
      });
      if (!made.ok) return err('failed');
      const told = await this.room.append(made.value.entries);
      if (told.ok) for (const one of made.value.askers) this.#welcomedTo.add(one.deviceHex);
      return told;
    });
    return welcomed.ok ? welcomed.value : err('failed');
  }

  #unwelcomed(conversation: Conversation): ReadonlyArray<Asker> {
    return [...this.#askers.values()].filter(
      (asker) =>
        this.#host.target(this, asker) === conversation &&
        this.#isIn(asker) &&
        !this.#declinedTo.has(asker.deviceHex) &&
        !this.#welcomedTo.has(asker.deviceHex),
    );
  }

  #makeWelcome(conversation: Conversation, epoch: Epoch, seals: WelcomeSeals) {
    return makeWelcome(this.#deps.core.backend, {
      ...{ conversation, epoch, ...seals },
      inviteOp: this.op,
      inviterLog: this.#inviterLog,
      relays: this.#host.relays(),
    });
  }

  #isIn(asker: Asker): boolean {
    return this.#host.target(this, asker)?.membership.isMember(asker.log.identityId) === true;
  }

  #onEntry({ body, devSignPub }: OpenedEntry): void {
    const isOwn = equalBytes(devSignPub, this.#deps.me.device.publicKey);
    switch (body.type) {
      case inviteEntry.request:
        this.#onRequest(body.payload, devSignPub);
        return;
      case inviteEntry.asked: {
        const asked = readAsked(body.payload);
        if (asked && isOwn) this.#askedTo.add(toHex(asked.to));
        return;
      }
      case inviteEntry.declined: {
        const declined = readDeclined(body.payload);
        if (declined && isOwn) this.#declinedTo.add(toHex(declined.to));
        return;
      }
      case inviteEntry.welcome: {
        const addressed = readAddressedPart(body.payload);
        // Who may not add people tells only what is new beside the welcomes of others.
        const isHeeded = isOwn || !this.#host.mayAdmit(this);
        if (addressed && isHeeded) this.#openWelcome.note(addressed.part);
        return;
      }
      case inviteEntry.history:
        if (isOwn) this.#shared.note(body.payload);
        return;
      case sealedWelcomeEntry.key: {
        const key = readWelcomeKey(body.payload);
        if (key && isOwn) this.#welcomedTo.add(toHex(key.to));
        return;
      }
      case 'control': {
        const op = readControl(body.payload);
        if (op) this.#openWelcome.noteOp(op);
        this.#openJoins.note(body);
        return;
      }
      case 'seal':
        this.#openJoins.note(body);
        return;
      default: // nothing else means anything here
    }
  }

  #onRequest(payload: CborValue, devSignPub: Uint8Array): void {
    const request = decodeJoinRequest(payload);
    const isWanted =
      request.ok &&
      equalBytes(request.value.devSignPub, devSignPub) &&
      this.#incoming.length < limits.requestsMax;
    if (isWanted) this.#incoming.push(request.value);
  }
}
