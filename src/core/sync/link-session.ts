/**
 * One link from its opening to its end: both sides greet with tags of the epochs they may speak
 * about, recognise the shared ones, and prove under each which device they are (PROTOCOL §7). From
 * then on frames of that scope are its `CatchUp`'s.
 */
import { equalBytes, toHex } from '../../base/bytes.ts';
import { limits } from '../../protocol/limits.ts';
import {
  decodeSyncFrame,
  encodeSyncFrame,
  epochTag,
  openHello,
  openOps,
  opParts,
  sealHello,
  sealOps,
  type LinkEnd,
  type SyncFrame,
} from '../../protocol/sync-frames.ts';
import { mailboxOfSignal } from '../../protocol/signal.ts';
import { inspect } from '../../replication/inspect.ts';
import { CatchUp } from './catch-up.ts';
import type { CoreDeps } from '../deps.ts';
import type { Epoch } from '../epochs/epoch.ts';
import type { Arrivals } from './arrivals.ts';
import type { Me } from '../vault/me.ts';
import type { Scope } from '../scope.ts';

/** Fits every link, relayed ones too. */
const opPartBytesMax = limits.syncReplyRelayedBytesMax;

export interface LinkSessionInput {
  readonly me: Me;
  readonly ownPeerId: string;
  readonly peerId: string;
  readonly path: 'direct' | 'relayed';
  readonly send: (frame: Uint8Array) => Promise<void>;
  readonly scopes: () => ReadonlyArray<Scope>;
  readonly arrivals: (scope: Scope) => Arrivals;
  /** For each frame of nothing that is shared: false when they are too many. */
  readonly mayStray: () => boolean;
  /** A device of this scope came, changed or caught up. */
  readonly onPeersChanged: (scope: Scope) => void;
}

interface Offer {
  readonly scope: Scope;
  readonly epoch: Epoch;
}

export class LinkSession {
  readonly peerId: string;
  readonly path: 'direct' | 'relayed';
  readonly #deps: CoreDeps;
  readonly #input: LinkSessionInput;
  readonly #own: LinkEnd;
  #theirs: LinkEnd | undefined;
  #theirTags: ReadonlyArray<Uint8Array> = [];
  readonly #offeredTags = new Map<string, Offer>();
  readonly #greetedTags = new Set<string>();
  /** Their tags that we have answered. */
  readonly #answered = new Set<string>();
  readonly #catchUps = new Map<string, CatchUp>();
  /** By scope: the epoch under which the other end said hello. */
  readonly #provedUnder = new Map<string, Epoch>();
  #isClosed = false;

  constructor(deps: CoreDeps, input: LinkSessionInput) {
    this.#deps = deps;
    this.#input = input;
    this.peerId = input.peerId;
    this.path = input.path;
    this.#own = { peerId: input.ownPeerId, nonce: deps.random.bytes(32) };
    this.greet();
  }

  catchUp(scope: Scope): CatchUp | undefined {
    return this.#catchUps.get(scope.scopeId);
  }

  provedUnder(scope: Scope): Epoch | undefined {
    return this.#provedUnder.get(scope.scopeId);
  }

  /** The other end has proved to be a device of a scope of ours. */
  get isShared(): boolean {
    return this.#catchUps.size > 0;
  }

  /** Says (again) which epochs we may speak about, and looks again at what they said. */
  greet(): void {
    const tags: Uint8Array[] = [];
    let isNew = this.#offeredTags.size === 0;
    for (const { scope, epoch } of this.#offers()) {
      const tag = epochTag(epoch.keys.ephemeral, this.#own);
      isNew ||= !this.#greetedTags.has(toHex(tag));
      this.#greetedTags.add(toHex(tag));
      this.#offeredTags.set(toHex(tag), { scope, epoch });
      tags.push(tag);
    }
    if (isNew) this.#send({ t: 'greet', nonce: this.#own.nonce, tags });
    void this.#recognise();
  }

  /** Tells the peer what changed here. */
  changed(scope: Scope, epoch: Epoch | undefined, cause: 'own' | 'received'): void {
    this.#catchUps.get(scope.scopeId)?.changed(epoch, cause);
  }

  /** What holds for a moment goes to who is there now. */
  signal(scope: Scope, frame: Uint8Array): void {
    if (this.#catchUps.has(scope.scopeId)) this.#send({ t: 'signal', frame });
  }

  /** One frame, to its end. False: no honest peer sends this. */
  async onFrame(bytes: Uint8Array): Promise<boolean> {
    const frame = decodeSyncFrame(bytes);
    if (!frame.ok) return false;
    // [SY7] A stranger greets and says hello; the rest is looked at only so often.
    const isStray = !this.isShared && frame.value.t !== 'hello';
    if (isStray && !this.#input.mayStray()) return false;
    switch (frame.value.t) {
      case 'greet':
        return this.#onGreet(frame.value);
      case 'hello':
        return this.#onHello(frame.value);
      case 'vector':
        this.#onVector(frame.value);
        return true;
      case 'update':
        return this.#onUpdate(frame.value.update);
      case 'opset':
        this.#catchUpOf(frame.value.mailbox)?.onOpset(frame.value);
        return true;
      case 'ops':
        return this.#onOps(frame.value);
      case 'signal':
        return this.#onSignal(frame.value.frame);
      case 'seal':
        await this.#onSeal(frame.value);
        return true;
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const catchUp of this.#catchUps.values()) catchUp.close();
    this.#catchUps.clear();
  }

  #offers(): ReadonlyArray<Offer> {
    // The newest epoch of every scope before any older one, so that none is crowded out.
    return this.#input
      .scopes()
      .flatMap((scope) => scope.offeredEpochs().map((epoch, age) => ({ scope, epoch, age })))
      .sort((a, b) => a.age - b.age)
      .slice(0, limits.syncTagsMax);
  }

  async #onGreet({ nonce, tags }: Extract<SyncFrame, { t: 'greet' }>): Promise<boolean> {
    if (this.#theirs !== undefined && !equalBytes(this.#theirs.nonce, nonce)) return false;
    this.#theirs = { peerId: this.peerId, nonce };
    this.#theirTags = tags;
    await this.#recognise();
    return true;
  }

  /** Says hello under each shared epoch that has not heard one. */
  async #recognise(): Promise<void> {
    const theirs = this.#theirs;
    if (theirs === undefined) return;
    const unanswered = new Set(this.#theirTags.map(toHex).filter((t) => !this.#answered.has(t)));
    if (unanswered.size === 0) return;
    for (const offer of this.#offers()) {
      const tagHex = toHex(epochTag(offer.epoch.keys.ephemeral, theirs));
      if (unanswered.has(tagHex)) await this.#sayHello(offer, theirs);
    }
  }

  /** Once under each epoch, however often it is recognised. */
  async #sayHello({ scope, epoch }: Offer, theirs: LinkEnd): Promise<void> {
    const tag = epochTag(epoch.keys.ephemeral, theirs);
    if (this.#answered.has(toHex(tag))) return;
    this.#answered.add(toHex(tag));
    // They may answer under it before we have offered it ourselves.
    const ownTag = epochTag(epoch.keys.ephemeral, this.#own);
    this.#offeredTags.set(toHex(ownTag), { scope, epoch });
    const hello = { keys: epoch.keys, from: this.#own, to: theirs };
    const nonce = this.#deps.random.bytes(24);
    const box = await sealHello(hello, this.#input.me.device, nonce);
    this.#send({ t: 'hello', tag, box });
  }

  async #onHello({ tag, box }: Extract<SyncFrame, { t: 'hello' }>): Promise<boolean> {
    const offer = this.#offeredTags.get(toHex(tag));
    if (offer === undefined || this.#theirs === undefined) return false;
    const { scope, epoch } = offer;
    const devSignPub = await openHello(
      this.#deps.backend,
      { keys: epoch.keys, from: this.#theirs, to: this.#own },
      box,
    );
    if (!devSignPub.ok) return false;
    if (this.#catchUps.has(scope.scopeId) || this.#isClosed) return true;
    if (!scope.mayRead(epoch, devSignPub.value)) {
      await this.#sayLastWords(offer, devSignPub.value);
      return true;
    }
    // Ours goes first: what follows it would mean nothing to them.
    await this.#sayHello(offer, this.#theirs);
    const catchUp = new CatchUp(this.#deps, {
      scope,
      epoch,
      devSignPub: devSignPub.value,
      path: this.path,
      send: this.#input.send,
      source: this.peerId,
      arrivals: this.#input.arrivals(scope),
      onChange: () => {
        this.#input.onPeersChanged(scope);
      },
    });
    this.#catchUps.set(scope.scopeId, catchUp);
    this.#provedUnder.set(scope.scopeId, epoch);
    catchUp.start();
    this.#input.onPeersChanged(scope);
    return true;
  }

  /** [RM2] Somebody who was taken out and does not know yet: that they hear, and nothing more. */
  async #sayLastWords({ scope, epoch }: Offer, devSignPub: Uint8Array): Promise<void> {
    const ops = scope.operations?.lastWords(epoch, devSignPub) ?? [];
    if (ops.length === 0 || this.#theirs === undefined) return;
    await this.#sayHello({ scope, epoch }, this.#theirs);
    for (const part of opParts(ops, opPartBytesMax)) {
      const box = sealOps(epoch.keys, this.#deps.random.bytes(24), part);
      this.#send({ t: 'ops', mailbox: epoch.mailbox, box });
    }
  }

  #onVector({ epochs }: Extract<SyncFrame, { t: 'vector' }>): void {
    for (const catchUp of this.#catchUps.values()) {
      const own = epochs.filter((vector) => this.#catchUpOf(vector.mailbox) === catchUp);
      if (own.length > 0) catchUp.onVector(own);
    }
  }

  async #onUpdate(update: Uint8Array): Promise<boolean> {
    const runs = inspect(update, { bytesMax: limits.syncFrameBytesMax });
    if (!runs.ok) return false;
    const first = runs.value[0];
    const found = first && this.#find(first.mailbox);
    if (found === undefined) return true; // of an epoch we do not hold (yet)
    const catchUp = this.#catchUps.get(found.scope.scopeId);
    return (await catchUp?.onRuns(found.epoch, runs.value)) ?? true;
  }

  async #onOps({ mailbox, box }: Extract<SyncFrame, { t: 'ops' }>): Promise<boolean> {
    const found = this.#find(mailbox);
    if (found === undefined) return true;
    const { scope, epoch } = found;
    const ops = openOps(epoch.keys, box);
    if (!ops.ok) return false;
    const { operations } = scope;
    const catchUp = this.#catchUps.get(scope.scopeId);
    if (catchUp !== undefined && operations?.mayHave(catchUp.devSignPub) === true) {
      await scope.run(() => operations.receive(ops.value, catchUp.deviceHex));
    }
    return true;
  }

  async #onSeal({ mailbox, seal }: Extract<SyncFrame, { t: 'seal' }>): Promise<void> {
    const scope = this.#find(mailbox)?.scope;
    const operations = scope?.operations;
    if (scope === undefined || operations === undefined) return;
    const catchUp = this.#catchUps.get(scope.scopeId);
    if (catchUp === undefined || !operations.mayHave(catchUp.devSignPub)) return;
    await scope.run(() => operations.receiveSeal(seal, catchUp.deviceHex));
  }

  async #onSignal(frame: Uint8Array): Promise<boolean> {
    const mailbox = mailboxOfSignal(frame);
    const found = mailbox && this.#find(mailbox);
    if (found === undefined) return mailbox !== undefined;
    const { scope, epoch } = found;
    if (!this.#catchUps.has(scope.scopeId) || scope.signals === undefined) return true;
    return (await scope.signals.receive(epoch, frame)) !== 'reject';
  }

  #catchUpOf(mailbox: Uint8Array): CatchUp | undefined {
    const found = this.#find(mailbox);
    return found && this.#catchUps.get(found.scope.scopeId);
  }

  #find(mailbox: Uint8Array): Offer | undefined {
    for (const scope of this.#input.scopes()) {
      const epoch = scope.logs.all().find((e) => equalBytes(e.mailbox, mailbox));
      if (epoch !== undefined) return { scope, epoch };
    }
    return undefined;
  }

  #send(frame: SyncFrame): void {
    if (this.#isClosed) return;
    this.#input.send(encodeSyncFrame(frame)).catch(() => {
      // The link closed; the next one begins with a greeting of its own.
    });
  }
}
