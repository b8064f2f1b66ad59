/** What concerns people wherever they are met: how one is seen, of whom nothing is shown. */
import { toHex } from '../base/bytes.ts';
import { err, type Result } from '../base/result.ts';
import { pictureIdOf } from './conversation/views/picture-id.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { LogDeps } from './epochs/epoch-logs.ts';
import type { Settings } from './vault/settings.ts';
import type { StoreFailure } from './vault/segments.ts';

export interface PeopleHost {
  conversations(): ReadonlyArray<Conversation>;
  shown(conversation: Conversation): void;
}

export class People {
  readonly #deps: LogDeps;
  readonly #settings: Settings;
  readonly #host: PeopleHost;

  constructor(deps: LogDeps, settings: Settings, host: PeopleHost) {
    this.#deps = deps;
    this.#settings = settings;
    this.#host = host;
  }

  /** What was kept back may be told now, and the other way round. */
  async sharingChanged(): Promise<void> {
    for (const conversation of this.#host.conversations()) conversation.attention.tellSoon();
    await this.profileChanged();
  }

  /** Says everywhere how this person wants to be seen now, where that was not said yet. */
  async profileChanged(): Promise<void> {
    for (const conversation of this.#host.conversations()) {
      await conversation.profiles.tell();
      this.#host.shown(conversation);
    }
  }

  /** Of this person or of somebody they share a conversation with. */
  picture(identityHex: string, pictureId: string): Uint8Array | undefined {
    const own = this.#settings.profile.picture;
    if (identityHex === this.#ownHex) return pictureIdOf(own) === pictureId ? own : undefined;
    return this.#host
      .conversations()
      .map(({ profiles }) => profiles.of(identityHex))
      .find((profile) => profile?.pictureId === pictureId)?.picture;
  }

  /** Hides or shows again what somebody writes, everywhere; nobody is told. */
  async block(
    identityHex: string,
    isOn: boolean,
  ): Promise<Result<undefined, StoreFailure | 'too-many' | 'unknown-person'>> {
    const name = this.#nameOf(identityHex);
    const isKnown = name !== undefined && identityHex !== this.#ownHex;
    if (isOn && !isKnown) return err('unknown-person');
    const saved = await this.#settings.setBlocked(identityHex, isOn ? name : undefined);
    for (const conversation of this.#host.conversations()) this.#host.shown(conversation);
    return saved;
  }

  get #ownHex(): string {
    return toHex(this.#deps.me.identity.identityId);
  }

  #nameOf(identityHex: string): string | undefined {
    for (const conversation of this.#host.conversations()) {
      const name = conversation.nameOf(identityHex);
      if (name !== undefined) return name;
    }
    return undefined;
  }
}
