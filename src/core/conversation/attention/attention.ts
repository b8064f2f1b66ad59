/** What was read here, what others say they have read of ours, and what they are told in turn. */
import { toHex } from '../../../base/bytes.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { limits } from '../../../protocol/limits.ts';
import type { MessageName } from '../../../protocol/content-payloads.ts';
import { encodeReceipt } from '../../../protocol/payload.ts';
import type { StorageFailure, Write } from '../../../storage/port.ts';
import type { LogDeps } from '../../epochs/epoch-logs.ts';
import type { EntryPlace, OpenedEntry } from '../../epochs/epoch.ts';
import type { Settings } from '../../vault/settings.ts';
import type { Conversation } from '../conversation.ts';
import type { PlacedMessage } from '../reading/projection.ts';
import { comparePlaces } from '../reading/sorted.ts';
import { nameOfKey } from '../content/message-names.ts';
import { ReadMarks } from './read-marks.ts';
import { Unread } from './unread.ts';
import { tellsOthers } from './request.ts';

export interface AttentionInput {
  readonly deps: LogDeps;
  readonly conversation: Conversation;
  readonly settings: Settings;
  readonly isCounted: (place: EntryPlace) => boolean;
  readonly failed: (failure: StorageFailure) => void;
}

export class Attention {
  readonly unread = new Unread();
  readonly marks: ReadMarks;
  readonly #input: AttentionInput;
  readonly #ownHex: string;
  #isTellingDue = false;
  #countedBefore = 0;

  constructor(input: AttentionInput) {
    this.#input = input;
    this.#ownHex = toHex(input.deps.me.identity.identityId);
    const { conversation, isCounted } = input;
    this.marks = new ReadMarks({
      ownHex: this.#ownHex,
      projection: () => conversation.projection,
      isCounted,
    });
  }

  /** Before the logs are: what is noted then is compared with what was read. */
  async load(): Promise<Result<undefined, StorageFailure>> {
    const { deps, conversation } = this.#input;
    const stored = await deps.vault.read(['u', conversation.convId]);
    if (!stored.ok) return stored.error === 'damaged-record' ? ok(undefined) : err(stored.error);
    const isKnown = this.unread.restore(stored.value ?? null);
    if (!isKnown) this.#countedBefore = conversation.notes.readCount;
    return ok(undefined);
  }

  /** With all that is stored: what an older version had counted as read is told apart from the rest. */
  async loaded(): Promise<Result<undefined, StorageFailure>> {
    if (this.#countedBefore > 0) {
      this.unread.readFirst(this.#countedBefore);
      this.#countedBefore = 0;
      return this.#input.deps.vault.commit([this.write()]);
    }
    this.tellSoon();
    return ok(undefined);
  }

  note(entry: OpenedEntry, authorHex: string): void {
    if (authorHex !== this.#ownHex) this.unread.note(entry, authorHex);
    this.marks.note(entry, authorHex);
  }

  write(): Write {
    const { deps, conversation } = this.#input;
    return deps.vault.seal(['u', conversation.convId], this.unread.toCbor());
  }

  /** All that is here was seen. */
  async readAll(): Promise<Result<undefined, StorageFailure>> {
    if (!this.unread.readAll()) return ok(undefined);
    this.tellSoon();
    return this.#input.deps.vault.commit([this.write()]);
  }

  /** False: there is no such message by somebody else. */
  async unreadFrom(key: string | undefined): Promise<Result<boolean, StorageFailure>> {
    const { deps, conversation, settings } = this.#input;
    const from =
      key === undefined
        ? this.#newestHeard(({ authorHex }) => !settings.isBlocked(authorHex))
        : conversation.projection.message(key);
    if (from === undefined) return ok(false);
    const since = [...conversation.projection.messages(from)].filter(this.#isHeard);
    this.unread.unreadFrom(from, since);
    const saved = await deps.vault.commit([this.write()]);
    return saved.ok ? ok(true) : saved;
  }

  /** [RU5] In one entry for all that is read within a short time, in a large group a longer one. */
  tellSoon(): void {
    if (this.#isTellingDue || !this.#mayTell()) return;
    this.#isTellingDue = true;
    const { deps, conversation } = this.#input;
    const { isCrowd } = conversation.membership;
    const delayMs = isCrowd ? limits.receiptGroupDelayMs : limits.receiptDelayMs;
    deps.core.clock.schedule(delayMs, () => {
      this.#isTellingDue = false;
      void this.#tell();
    });
  }

  /** [RU6] Who is not told by others does not tell; nor does who has not answered a request. */
  #mayTell(): boolean {
    const { deps, conversation, settings } = this.#input;
    const { identityId } = deps.me.identity;
    const isHeard = conversation.kind !== 'self' && conversation.membership.isWriter(identityId);
    return settings.sharing.receipts && isHeard && tellsOthers(conversation);
  }

  async #tell(): Promise<void> {
    const { conversation, failed } = this.#input;
    const read = this.#mayTell() ? this.#untold() : [];
    if (read.length === 0) return;
    const content = conversation.content('receipt', encodeReceipt({ read }));
    const added = await conversation.outbox.replace(content);
    if (added.ok) conversation.flushSoon();
    else if (added.error !== 'too-many') failed(added.error);
  }

  /** Of each author the last message that was read, where they do not know. */
  #untold(): ReadonlyArray<MessageName> {
    const { conversation, settings } = this.#input;
    const { levels } = conversation.membership.view;
    const lasts = new Map<string, PlacedMessage>();
    let left: number = limits.readScanMax;
    for (const message of conversation.projection.newestFirst()) {
      if (left === 0) break;
      left -= 1;
      const { authorHex } = message;
      if (lasts.has(authorHex) || !this.#isHeard(message) || !levels.has(authorHex)) continue;
      const isRead = !this.unread.isUnread(message) && !settings.isBlocked(authorHex);
      if (isRead) lasts.set(authorHex, message);
    }
    return [...lasts].flatMap(([authorHex, last]) => {
      const told = this.marks.toldTo(authorHex);
      const isNews = told === undefined || comparePlaces(told, last) < 0;
      return isNews ? (nameOfKey(last.key) ?? []) : [];
    });
  }

  #newestHeard(isMeant: (message: PlacedMessage) => boolean): PlacedMessage | undefined {
    const { projection } = this.#input.conversation;
    return projection.lastMessage((message) => this.#isHeard(message) && isMeant(message));
  }

  /** By somebody else, since this person came. */
  readonly #isHeard = ({ authorHex, place }: PlacedMessage): boolean =>
    authorHex !== this.#ownHex &&
    this.#input.conversation.logs.byId(place.epochHex)?.isHistory !== true;
}
