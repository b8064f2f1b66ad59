/**
 * Small files through the mailboxes of relays, for people who are never there together: who sent one
 * leaves its sealed chunks where its message lies, unless everybody has it already; who lacks one and
 * finds nobody who has it asks there. One file after another, and nothing of it is in a hurry.
 */
import { toHex } from '../../base/bytes.ts';
import type { RelayAddress } from '../../network/port.ts';
import { dropTagOf } from '../../protocol/mailbox-chunks.ts';
import { limits } from '../../protocol/limits.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { CoreDeps } from '../deps.ts';
import type { Epoch } from '../epochs/epoch.ts';
import { WriterCerts } from '../sync/writer-certs.ts';
import type { BlobFile, Taken } from './blob-file.ts';
import { isWanted } from './blob-states.ts';
import { ChunkMailbox } from './chunk-mailbox.ts';

export interface MailboxFilesHost {
  conversations(): ReadonlyArray<Conversation>;
  files(conversation: Conversation): ReadonlyArray<BlobFile>;
  /** At hand. */
  relays(): ReadonlyArray<RelayAddress>;
  isHeldByAll(conversation: Conversation, file: BlobFile): boolean;
  /** Somebody is there who can give it, or be given it. */
  hasDirect(conversation: Conversation): boolean;
  canFetch(conversation: Conversation, file: BlobFile): boolean;
  /** Something came, or need not be left any more. */
  changed(conversation: Conversation, file: BlobFile): Promise<void>;
}

/** When somebody or something is asked next, and how long was waited last. */
interface Again {
  atMs: number;
  waitMs: number;
}

/** Where the message of a file lies, and by whom. */
interface Place {
  readonly epoch: Epoch;
  readonly writerPub: Uint8Array;
}

export class MailboxFiles {
  readonly #core: CoreDeps;
  readonly #host: MailboxFilesHost;
  readonly #certs: WriterCerts;
  readonly #mailboxes = new Map<RelayAddress, ChunkMailbox>();
  readonly #again = new WeakMap<BlobFile, Again>();
  #isDue = false;
  #isRunning = false;
  #isClosed = false;

  constructor(core: CoreDeps, host: MailboxFilesHost) {
    this.#core = core;
    this.#host = host;
    this.#certs = new WriterCerts(core.backend);
  }

  soon(delayMs: number = limits.mailboxFilesMs): void {
    if (this.#isDue || this.#isClosed) return;
    this.#isDue = true;
    this.#core.clock.schedule(delayMs, () => {
      this.#isDue = false;
      if (!this.#isRunning) void this.#look();
    });
  }

  close(): void {
    this.#isClosed = true;
  }

  /** [MB23] Its message is gone: what this device left of it need not lie there any longer. */
  async gone(conversation: Conversation, file: BlobFile): Promise<void> {
    const place = placeOf(conversation, file);
    if (file.dropSecret === undefined || place === undefined) return;
    if (!isGoneForAll(conversation, file)) return;
    const ids = await idsOf(file, slotsLeft(file));
    for (const mailbox of this.#atHand()) {
      void mailbox.drop(place.epoch.keys.mailboxId, file.dropSecret, ids);
    }
  }

  async #look(): Promise<void> {
    this.#isRunning = true;
    const isLeft = await this.#all();
    this.#isRunning = false;
    if (isLeft) this.soon(limits.mailboxFilesAgainMs);
  }

  /** True: something is still to be left or fetched. */
  async #all(): Promise<boolean> {
    let isLeft = false;
    if (this.#host.relays().length === 0) return false; // the first one that comes is told of
    for (const conversation of this.#host.conversations()) {
      if (!conversation.usesMailbox) continue;
      const open = this.#host.files(conversation).filter((file) => this.#isOpen(file));
      isLeft ||= open.length > 0;
      const due = open.filter((file) => this.#isDueNow(file));
      for (const file of due.slice(-limits.mailboxFilesAtOnce)) {
        if (this.#isClosed || conversation.isForgotten) return false;
        const isMoved = isToLeave(file)
          ? await this.#leave(conversation, file)
          : await this.#fetch(conversation, file);
        this.#note(file, isMoved);
      }
    }
    return isLeft;
  }

  #isOpen(file: BlobFile): boolean {
    return isToLeave(file) ? !file.isPending : slotsLacking(file).length > 0;
  }

  #isDueNow(file: BlobFile): boolean {
    const { atMs } = this.#again.get(file) ?? { atMs: 0 };
    return this.#core.clock.monotonic() >= atMs;
  }

  #note(file: BlobFile, isMoved: boolean): void {
    const { mailboxFilesAgainMs: first, mailboxFilesAgainMaxMs: most } = limits;
    const before = this.#again.get(file)?.waitMs ?? first / 2;
    const waitMs = isMoved ? first : Math.min(most, before * 2);
    this.#again.set(file, { waitMs, atMs: this.#core.clock.monotonic() + waitMs });
  }

  #atHand(): ReadonlyArray<ChunkMailbox> {
    const relays = this.#host.relays();
    for (const relay of this.#mailboxes.keys()) {
      if (!relays.includes(relay)) this.#mailboxes.delete(relay);
    }
    for (const relay of relays) {
      if (!this.#mailboxes.has(relay)) {
        this.#mailboxes.set(relay, new ChunkMailbox(this.#core.network, relay));
      }
    }
    return [...this.#mailboxes.values()].filter(({ isAbsent }) => !isAbsent);
  }

  /** [MB21] True: nothing more is to be done for it. */
  async #leave(conversation: Conversation, file: BlobFile): Promise<boolean> {
    const place = placeOf(conversation, file);
    if (place === undefined) return false;
    let isDone = this.#host.isHeldByAll(conversation, file);
    // Who is here fetches it from this device: that comes first.
    const isWaiting = !isDone && !this.#again.has(file) && this.#host.hasDirect(conversation);
    if (isWaiting) return false;
    if (!isDone) {
      for (const mailbox of this.#atHand()) {
        if (!(await this.#leaveAt(mailbox, place, file))) continue;
        isDone = true;
        if (isSmall(file)) file.leftAtMs = Math.max(0, this.#core.clock.now());
      }
    }
    if (!isDone) return false;
    file.isOwed = false;
    file.isDirty = true;
    await this.#host.changed(conversation, file);
    return true;
  }

  async #leaveAt(mailbox: ChunkMailbox, { epoch, writerPub }: Place, file: BlobFile) {
    const { mailboxId, admitPub } = epoch.keys;
    const { dropSecret } = file;
    const slots = slotsLeft(file);
    const lacking = await mailbox.lacking(mailboxId, await idsOf(file, slots));
    const [cert] = await this.#certs.of(epoch, [{ writerPub }]);
    if (lacking === undefined || cert === undefined || dropSecret === undefined) return false;
    const dropTag = dropTagOf(dropSecret);
    for (const at of lacking) {
      const sealed = await file.sealedChunk(slots[at] ?? 0);
      if (sealed === undefined || this.#isClosed) return false;
      const leave = { mailboxId, admitPub, writerPub, cert: cert.cert, dropTag, sealed };
      if ((await mailbox.leave(leave)) !== 'stored') return false;
    }
    return true;
  }

  /** [MB24] True: something of it came. */
  async #fetch(conversation: Conversation, file: BlobFile): Promise<boolean> {
    const place = placeOf(conversation, file);
    if (place === undefined || this.#host.canFetch(conversation, file)) return false;
    let isMoved = false;
    // [MB27] Of a larger one only the preview lies there: that is not the file on its way.
    file.isFromMailbox = isWanted(file) && isSmall(file);
    for (const mailbox of this.#atHand()) {
      for (;;) {
        if (file.isFromMailbox) await this.#host.changed(conversation, file);
        const taken = await this.#takeAt(mailbox, place.epoch, file);
        isMoved ||= taken;
        if (!taken || this.#isClosed || conversation.isForgotten) break;
      }
    }
    if (isMoved || file.isFromMailbox) {
      file.isFromMailbox = false;
      await this.#host.changed(conversation, file);
    }
    return isMoved;
  }

  /** True: each that was asked for came, and is here. */
  async #takeAt(mailbox: ChunkMailbox, { keys }: Epoch, file: BlobFile): Promise<boolean> {
    const slots = slotsLacking(file).slice(0, limits.mailboxChunksTakenMax);
    if (slots.length === 0) return false;
    const chunks = await mailbox.take(keys.mailboxId, await idsOf(file, slots));
    if (chunks === undefined) return false;
    let outcome: Taken = 'taken';
    for (const [at, sealed] of chunks.entries()) {
      if (sealed.length === 0) return false;
      const taken = await file.take(slots[at] ?? 0, sealed);
      if (!taken.ok) return false;
      if (taken.value === 'bad' || taken.value === 'unknown') outcome = taken.value;
    }
    return outcome === 'taken';
  }
}

/** What was taken off this device meanwhile, others have or nobody. */
const isToLeave = ({ isOwed, isWhole }: BlobFile): boolean => isOwed && isWhole;

const isSmall = ({ manifest }: BlobFile): boolean =>
  manifest.sizeBytes <= limits.mailboxFileBytesMax;

/** What is left of a file: all of a small one, of others what goes ahead. */
const slotsLeft = (file: BlobFile): ReadonlyArray<number> => {
  const { layout } = file;
  const count = isSmall(file) ? layout.slotCount : layout.hasPreview ? 1 : 0;
  return Array.from({ length: count }, (_, slot) => slot);
};

/** Of those what this device wants and can ask for. */
const slotsLacking = (file: BlobFile): ReadonlyArray<number> => {
  if (file.isWhole || file.mode === 'paused' || file.isOutOfSpace) return [];
  const isAhead = (slot: number): boolean => file.layout.hasPreview && slot === 0;
  return slotsLeft(file).filter(
    (slot) => !file.have.has(slot) && file.isNamed(slot) && (isAhead(slot) || isWanted(file)),
  );
};

const idsOf = async (
  file: BlobFile,
  slots: ReadonlyArray<number>,
): Promise<ReadonlyArray<Uint8Array>> => {
  const ids: Uint8Array[] = [];
  for (const slot of slots) {
    const id = await file.idOf(slot);
    if (id === undefined) return ids; // an index that is damaged: what follows has no name
    ids.push(id);
  }
  return ids;
};

const placeOf = (conversation: Conversation, { keys }: BlobFile): Place | undefined => {
  for (const key of keys) {
    const item = conversation.projection.byKey(key);
    if (item?.type !== 'message') continue;
    const epoch = conversation.logs.byId(item.place.epochHex);
    const log = epoch && conversation.logs.rows(epoch).find(isBy(item.place.writerHex));
    if (epoch !== undefined && log !== undefined) return { epoch, writerPub: log.writerPub };
  }
  return undefined;
};

/** Deleted for everybody, or its time is over; what is only hidden here others may still want. */
const isGoneForAll = ({ hidden, readable }: Conversation, { keys }: BlobFile): boolean =>
  [...keys].every((key) => !hidden.has(key) || readable.annotated(key).redaction !== undefined);

const isBy =
  (writerHex: string) =>
  ({ writerPub }: { readonly writerPub: Uint8Array }): boolean =>
    toHex(writerPub) === writerHex;
