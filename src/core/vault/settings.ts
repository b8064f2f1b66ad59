/** What this person has settled for all conversations of this device: what is told, who is heard. */
import { err, ok, type Result } from '../../base/result.ts';
import {
  arrayUpTo,
  booleanOf,
  bytesUpTo,
  recordOf,
  textUpTo,
  tupleOf,
} from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import type { StorageFailure } from '../../storage/port.ts';
import type { FetchSettings, Sharing } from '../api.ts';
import { readFetching, usualFetching } from './fetch-rules.ts';
import type { Vault } from './vault.ts';

export interface OwnProfile {
  readonly status: string;
  /** Checked and encoded; undefined: none. */
  readonly picture: Uint8Array | undefined;
}

interface SettingsValue {
  readonly sharing: Sharing;
  readonly profile: OwnProfile;
  readonly fetching: FetchSettings;
  /** By identity in hex, as they were called when they were blocked. */
  readonly blocked: ReadonlyMap<string, string>;
}

const readSettings = recordOf(
  {
    receipts: booleanOf,
    typing: booleanOf,
    presence: booleanOf,
    status: textUpTo(limits.statusBytesMax),
    blocked: arrayUpTo(limits.blockedMax, tupleOf(textUpTo(64), textUpTo(limits.nameBytesMax))),
  },
  { picture: bytesUpTo(limits.pictureBytesMax), fetching: readFetching },
);

export class Settings {
  readonly #vault: Vault;
  #value: SettingsValue = {
    sharing: { receipts: true, typing: true, presence: true },
    profile: { status: '', picture: undefined },
    fetching: usualFetching,
    blocked: new Map(),
  };

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  get sharing(): Sharing {
    return this.#value.sharing;
  }

  get profile(): OwnProfile {
    return this.#value.profile;
  }

  /** Of files: what comes by itself where a conversation has no rules of its own. */
  get fetching(): FetchSettings {
    return this.#value.fetching;
  }

  get blocked(): ReadonlyMap<string, string> {
    return this.#value.blocked;
  }

  isBlocked(identityHex: string): boolean {
    return this.#value.blocked.has(identityHex);
  }

  async load(): Promise<Result<undefined, StorageFailure>> {
    const stored = await this.#vault.read(['settings']);
    if (!stored.ok) return stored.error === 'damaged-record' ? ok(undefined) : err(stored.error);
    const settings = readSettings(stored.value ?? null);
    if (settings === undefined) return ok(undefined);
    const { receipts, typing, presence, status, picture } = settings;
    this.#value = {
      sharing: { receipts, typing, presence },
      profile: { status, picture },
      fetching: settings.fetching ?? usualFetching,
      blocked: new Map(settings.blocked),
    };
    return ok(undefined);
  }

  setSharing(sharing: Sharing): Promise<Result<undefined, StorageFailure>> {
    return this.#save({ ...this.#value, sharing });
  }

  setProfile(profile: OwnProfile): Promise<Result<undefined, StorageFailure>> {
    return this.#save({ ...this.#value, profile });
  }

  setFetching(fetching: FetchSettings): Promise<Result<undefined, StorageFailure>> {
    return this.#save({ ...this.#value, fetching });
  }

  async setBlocked(
    identityHex: string,
    name: string | undefined,
  ): Promise<Result<undefined, StorageFailure | 'too-many'>> {
    const blocked = new Map(this.#value.blocked);
    if (name === undefined) blocked.delete(identityHex);
    else blocked.set(identityHex, name);
    if (blocked.size > limits.blockedMax) return err('too-many');
    return this.#save({ ...this.#value, blocked });
  }

  /** Counts at once, since the next change builds on it; what the disk refuses is taken back. */
  async #save(value: SettingsValue): Promise<Result<undefined, StorageFailure>> {
    const before = this.#value;
    this.#value = value;
    const { sharing, profile, fetching, blocked } = value;
    const saved = await this.#vault.commit(
      this.#vault.sealTwice(['settings'], {
        ...sharing,
        status: profile.status,
        ...(profile.picture && { picture: profile.picture }),
        fetching: { ...fetching, rules: { ...fetching.rules } },
        blocked: [...blocked],
      }),
    );
    if (!saved.ok && this.#value === value) this.#value = before;
    return saved;
  }
}
