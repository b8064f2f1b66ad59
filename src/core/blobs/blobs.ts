/**
 * Files of all conversations: what is here, who has what, what is fetched from whom and given to
 * whom. Loaded when the first is met (`../attachments.ts`). Only devices of members are spoken to,
 * each about the files of the conversation it has proved itself in.
 */
import { equalBytes, toHex, utf8ToBytes } from '../../base/bytes.ts';
import { createSerialQueue, type SerialQueue } from '../../base/serial-queue.ts';
import type { Result } from '../../base/result.ts';
import type { LinkId, RelayAddress } from '../../network/port.ts';
import {
  decodeBlobFrame,
  encodeBlobFrame,
  type BlobFrame,
} from '../../protocol/blobs/blob-frames.ts';
import type { Manifest } from '../../protocol/blobs/manifest.ts';
import { limits } from '../../protocol/limits.ts';
import type { StorageFailure } from '../../storage/port.ts';
import type { AttachmentState, FetchRules } from '../api-attachments.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { LogDeps } from '../epochs/epoch-logs.ts';
import { createRateLimit, type RateLimit } from '../sync/rate-limit.ts';
import { Asking } from './asking.ts';
import type { BlobFile, BlobMode } from './blob-file.ts';
import type { Links } from '../sync/links.ts';
import { isMemberNow, type BlobPeer, type BlobWire } from './blob-peer.ts';
import { BlobShelf } from './blob-shelf.ts';
import {
  chooseDue,
  holderCountOf,
  idHexOf,
  isHeldByAll,
  isWanted,
  stateOfFile,
} from './blob-states.ts';
import { MailboxFiles } from './mailbox-files.ts';
import { BlobFetches } from './blob-fetches.ts';
import { Paced } from './paced.ts';
import { AheadReads, type Range } from './reading-ahead.ts';
import { Serving } from './serving.ts';
import { StickerShelf } from './sticker-shelf.ts';
import type { BlobParts } from '../deps.ts';

export interface BlobsHost {
  readonly links: Pick<Links, 'proved' | 'hangUp' | 'traffic'>;
  conversations(): ReadonlyArray<Conversation>;
  /** At hand, with mailboxes maybe. */
  relays(): ReadonlyArray<RelayAddress>;
  /** Resolves when these are all there are; false: they cannot be opened. */
  allOpen(): Promise<boolean>;
  /** What of it comes by itself, here and now. */
  rules(conversation: Conversation): FetchRules;
  /** What is shown of its files has changed. */
  shown(conversation: Conversation): void;
}

type Done = Promise<Result<undefined, StorageFailure>>;
type Chunk = Extract<BlobFrame, { t: 'chunk' }>;

export class Blobs {
  readonly shelf: BlobShelf;
  readonly stickers: StickerShelf;
  /** Own files that are being sealed, by the id of their draft. */
  readonly preparing = new Map<string, number>();
  readonly deps: LogDeps;
  readonly parts: BlobParts;
  readonly #host: BlobsHost;
  readonly #serving: Serving;
  readonly #wire: BlobWire;
  readonly #fetches: BlobFetches;
  readonly #mailboxes: MailboxFiles;
  readonly #aheadReads: AheadReads;
  readonly #asking: Asking;
  readonly #queues = new Map<LinkId, SerialQueue>();
  readonly #frameRate: RateLimit;
  readonly #shows: Paced<Conversation>;
  readonly #looks: Paced<Conversation>;
  #isTellDue = false;
  #isRetryDue = false;
  #isClosed = false;

  constructor(deps: LogDeps, parts: BlobParts, host: BlobsHost) {
    this.deps = deps;
    this.parts = parts;
    this.#host = host;
    const { core, vault } = deps;
    this.shelf = new BlobShelf({ vault, random: core.random, ...parts });
    this.stickers = new StickerShelf({ vault, random: core.random, ...parts });
    this.#wire = {
      peers: () => this.#peers(),
      send: ({ link, epoch }, words) => {
        const frame = encodeBlobFrame({ ...words, mailbox: epoch.mailbox });
        host.links.traffic(link)?.sent(frame);
        return core.network.sendBlob(link, frame);
      },
      deny: ({ peerId }) => {
        host.links.hangUp(peerId);
      },
    };
    this.#serving = new Serving(this.shelf, this.#wire);
    this.#asking = new Asking(this.#wire, this.#serving);
    this.#fetches = new BlobFetches({ shelf: this.shelf, wire: this.#wire, clock: core.clock });
    this.#mailboxes = this.#createMailboxes();
    this.#aheadReads = new AheadReads(core.clock);
    this.#shows = new Paced(core.clock, limits.blobLookMs, (shown) => {
      host.shown(shown);
    });
    this.#looks = new Paced(core.clock, limits.blobLookMs, (changed) => void this.look(changed));
    this.#frameRate = createRateLimit(core.clock, {
      burst: limits.blobFramesBurst,
      perSecond: limits.blobFramesPerSecond,
      keysMax: limits.linksMax,
    });
  }

  #createMailboxes(): MailboxFiles {
    const { core, me } = this.deps;
    const ownHex = toHex(me.identity.identityId);
    return new MailboxFiles(core, {
      conversations: () => this.#host.conversations(),
      files: (conversation) => this.shelf.files(conversation),
      relays: () => this.#host.relays(),
      isHeldByAll: (conversation, file) => isHeldByAll(conversation, file, ownHex),
      hasDirect: (conversation) =>
        this.#peers().some((peer) => peer.conversation === conversation && peer.path === 'direct'),
      canFetch: (conversation, { idHex }) =>
        this.#fetches.fetching(conversation, idHex)?.reach() === 'direct',
      changed: async (conversation, file) => {
        if (file.isWhole) await this.#finished(conversation, file);
        else this.#goOn(conversation);
        this.shownSoon(conversation);
      },
    });
  }

  async load(): Done {
    for (const conversation of this.#host.conversations()) {
      const loaded = await this.shelf.load(conversation);
      if (!loaded.ok) return loaded;
      this.changed(conversation);
    }
    const stickers = await this.stickers.load();
    return stickers.ok ? this.shelf.sweep(this.stickers.names()) : stickers;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#fetches.stop();
    this.#mailboxes.close();
    for (const conversation of this.#host.conversations()) await this.#saveDirty(conversation);
    await this.parts.store.close();
  }

  // ------------------------------------------------------------- what is told

  stateOf(conversation: Conversation, manifest: Manifest): AttachmentState {
    const idHex = idHexOf(manifest);
    const doneBytes = this.preparing.get(idHex);
    if (doneBytes !== undefined) return { kind: 'preparing', doneBytes };
    const file = this.shelf.file(conversation, idHex);
    if (file === undefined) return { kind: 'waiting', doneBytes: 0, for: 'holder' };
    const ownHex = toHex(this.deps.me.identity.identityId);
    const haves = this.#fetches.havesOf(conversation, idHex);
    return stateOfFile(file, {
      fetching: this.#fetches.fetching(conversation, idHex),
      haves,
      holderCount: () => holderCountOf(conversation, file, ownHex),
    });
  }

  /** Other devices that are known to have all of it. */
  deviceCount(conversation: Conversation, { idHex }: BlobFile): number {
    const haves = [...this.#fetches.havesOf(conversation, idHex).values()];
    return haves.filter(({ isWhole }) => isWhole).length;
  }

  /** [FT23] Progress is told a few times a second. */
  shownSoon(conversation: Conversation): void {
    this.#shows.soon(conversation);
  }

  /** [FT24] Something can be shown that could not be before. */
  shown(conversation: Conversation): void {
    this.#host.shown(conversation);
  }

  // ------------------------------------------------------------- what has changed

  /** Messages came, went or were deleted. */
  changed(conversation: Conversation): void {
    this.#looks.soon(conversation);
  }

  async look(conversation: Conversation): Promise<void> {
    if (this.#isClosed || conversation.isForgotten) return;
    const looked = await this.shelf.look(conversation, (file) =>
      this.#mailboxes.gone(conversation, file),
    );
    if (!looked.ok) this.#retryLater();
    chooseDue(this.shelf.files(conversation), this.#host.rules(conversation));
    this.#fetches.endGone(conversation);
    this.#goOn(conversation);
    this.#mailboxes.soon();
    this.#tellLater();
    this.shownSoon(conversation);
  }

  /** Or relays. */
  linksChanged(): void {
    this.#mailboxes.soon();
    for (const conversation of this.#host.conversations()) this.#goOn(conversation);
    const open = new Set(this.#host.links.proved().map(({ link }) => link));
    for (const link of this.#queues.keys()) if (!open.has(link)) this.#queues.delete(link);
    this.#asking.keepOnly(open);
  }

  /** Space may have come. */
  retry(): void {
    for (const conversation of this.#host.conversations()) {
      for (const file of this.shelf.files(conversation)) file.isOutOfSpace = false;
      void this.look(conversation);
    }
  }

  async setMode(conversation: Conversation, file: BlobFile, mode: BlobMode): Done {
    const before = file.mode;
    file.mode = mode;
    file.isOutOfSpace = false;
    const saved = await this.shelf.save(conversation, file);
    if (!saved.ok) file.mode = before;
    if (!isWanted(file)) this.#fetches.fetching(conversation, file.idHex)?.stop();
    this.#goOn(conversation);
    this.shownSoon(conversation);
    return saved;
  }

  /** What is missing of it is asked for first, and waited for. */
  readAhead(
    conversation: Conversation,
    file: BlobFile,
    range: Range,
  ): Promise<Uint8Array | undefined> {
    const fetching = this.#fetches.fetching(conversation, file.idHex);
    return this.#aheadReads.read(file, fetching, range);
  }

  async free(conversation: Conversation, file: BlobFile): Done {
    this.#fetches.fetching(conversation, file.idHex)?.stop();
    // What is said first holds also after a crash in between: the file is no longer counted on.
    const noted = await this.setMode(conversation, file, 'freed');
    if (!noted.ok) return noted;
    const freed = await file.free();
    const saved = await this.shelf.save(conversation, file);
    this.#tell(conversation, [file]);
    this.shownSoon(conversation);
    return freed.ok ? saved : freed;
  }

  forget(conversation: Conversation): Done {
    this.#fetches.forget(conversation);
    return this.shelf.forget(conversation);
  }

  // ------------------------------------------------------------- frames

  /** Each link's one after another; who sends more than can be looked at is hung up on. */
  frame(link: LinkId, bytes: Uint8Array): void {
    const proved = this.#host.links.proved().filter((peer) => peer.link === link);
    const [first] = proved;
    if (first === undefined) return; // from before the proof, or after the end: nothing is owed
    const queue = this.#queues.get(link) ?? createSerialQueue(limits.blobWaitingMax);
    this.#queues.set(link, queue);
    void queue
      .run(() => this.#handle(link, bytes))
      .then((handled) => {
        if (!handled.ok || !handled.value) this.#wire.deny(first);
      });
  }

  /** False: no honest peer sends this. */
  async #handle(link: LinkId, bytes: Uint8Array): Promise<boolean> {
    const frame = decodeBlobFrame(bytes);
    if (!frame.ok) return false;
    const peer = this.#peers().find(
      (one) => one.link === link && this.#speaksOf(one, frame.value.mailbox),
    );
    if (peer === undefined) return true; // of a conversation that is not shared, or not any more
    if (frame.value.t === 'chunk') return this.#onChunk(peer, frame.value);
    // Questions and answers cost little each, and are only so many.
    if (!this.#frameRate.take(utf8ToBytes(peer.peerId))) return false;
    switch (frame.value.t) {
      case 'ask':
        this.#serving.ask(peer, frame.value.ids);
        return true;
      case 'want':
        this.#serving.want(peer, frame.value.id, frame.value.slots);
        return true;
      case 'have':
        if (this.#fetches.onHave(peer, frame.value.held)) this.#goOn(peer.conversation);
        this.#tellLater(); // who has what is kept as well
        this.shownSoon(peer.conversation);
        return true;
      case 'lack':
        this.#fetches.onLack(peer, frame.value);
        return true;
    }
  }

  #speaksOf(peer: BlobPeer, mailbox: Uint8Array): boolean {
    const { conversation, devSignPub } = peer;
    const epoch = conversation.logs.all().find((one) => equalBytes(one.mailbox, mailbox));
    return epoch !== undefined && conversation.isMember && conversation.mayRead(epoch, devSignPub);
  }

  async #onChunk(peer: BlobPeer, chunk: Chunk): Promise<boolean> {
    const { conversation } = peer;
    const fetching = this.#fetches.expecting(peer, chunk);
    // Given up meanwhile, or never asked for: of those only so many.
    if (fetching === undefined) return this.#frameRate.take(utf8ToBytes(peer.peerId));
    const { file } = fetching;
    const taken = await this.#fetches.take(peer, fetching, chunk);
    if (!taken.ok) this.#retryLater();
    else if (file.isWhole) await this.#finished(conversation, file);
    else {
      this.#tellLater();
      if (!fetching.isActive) this.changed(conversation); // the next one's turn
    }
    const isPreview = file.layout.hasPreview && chunk.slot === 0;
    if (taken.ok && (isPreview || file.isWhole)) this.shown(conversation);
    else this.shownSoon(conversation);
    return true;
  }

  async #finished(conversation: Conversation, file: BlobFile): Promise<void> {
    this.#fetches.endGone(conversation);
    const saved = await this.shelf.save(conversation, file);
    if (!saved.ok) this.#retryLater();
    this.#tell(conversation, [file]);
    this.#goOn(conversation);
  }

  /** Asks who is new about what is here and what is missing, and fetches what is wanted. */
  #goOn(conversation: Conversation): void {
    if (this.#isClosed) return;
    const files = this.shelf.files(conversation);
    if (files.length === 0) return;
    for (const peer of this.#peers()) {
      if (peer.conversation === conversation) this.#asking.about(peer, files);
    }
    this.#fetches.goOn(conversation, files);
  }

  #peers(): ReadonlyArray<BlobPeer> {
    const byScope = new Map(this.#host.conversations().map((one) => [one.scopeId, one]));
    return this.#host.links.proved().flatMap((proved) => {
      const conversation = byScope.get(proved.scopeId);
      const peer = conversation && { ...proved, conversation };
      return peer !== undefined && isMemberNow(peer) ? [peer] : [];
    });
  }

  // ------------------------------------------------------------- what follows later

  #tell(conversation: Conversation, files: ReadonlyArray<BlobFile>): void {
    for (const peer of this.#peers()) {
      if (peer.conversation === conversation) this.#serving.tell(peer, files);
    }
  }

  /** So often the record says how much is here; a crash costs what came since. */
  #tellLater(): void {
    if (this.#isTellDue) return;
    this.#isTellDue = true;
    this.deps.core.clock.schedule(limits.blobTellMs, () => {
      this.#isTellDue = false;
      for (const conversation of this.#host.conversations()) void this.#saveDirty(conversation);
    });
  }

  async #saveDirty(conversation: Conversation): Promise<void> {
    const files = this.shelf.files(conversation);
    const dirty = files.filter(({ isDirty }) => isDirty);
    const known = files.filter(({ isDirty, hasNewHolders }) => !isDirty && hasNewHolders);
    // Of a file of which nothing is here there is no record.
    for (const file of [...dirty, ...known.filter(({ have }) => have.count > 0)]) {
      const saved = await this.shelf.save(conversation, file);
      if (!saved.ok) this.#retryLater();
    }
    this.#tell(conversation, dirty);
  }

  #retryLater(): void {
    if (this.#isRetryDue || this.#isClosed) return;
    this.#isRetryDue = true;
    this.deps.core.clock.schedule(limits.blobRetryMs, () => {
      this.#isRetryDue = false;
      if (!this.#isClosed) this.retry();
    });
  }
}
