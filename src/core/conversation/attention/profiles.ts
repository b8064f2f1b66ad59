/** How people want to be seen in a conversation, by what they wrote of themselves there. */
import { toHex } from '../../../base/bytes.ts';
import { limits } from '../../../protocol/limits.ts';
import { encodeProfile, readProfile, type ProfilePayload } from '../../../protocol/profile.ts';
import type { StorageFailure } from '../../../storage/port.ts';
import type { LogDeps } from '../../epochs/epoch-logs.ts';
import type { OpenedEntry } from '../../epochs/epoch.ts';
import type { Settings } from '../../vault/settings.ts';
import type { Conversation } from '../conversation.ts';
import type { Place } from '../reading/projection.ts';
import { comparePlaces } from '../reading/sorted.ts';
import { pictureIdOf } from '../views/picture-id.ts';
import { tellsOthers } from './request.ts';

export interface Profile extends ProfilePayload {
  readonly lamport: number;
  /** By its writer's clock. */
  readonly sentAt: number;
  readonly hash: string;
  readonly place: Place;
  /** Names the picture; undefined: none that may be shown. */
  readonly pictureId: string | undefined;
}

export interface ProfilesInput {
  readonly deps: LogDeps;
  readonly conversation: Conversation;
  readonly settings: Settings;
  readonly isCounted: (place: Place) => boolean;
  readonly failed: (failure: StorageFailure) => void;
}

export class Profiles {
  readonly #input: ProfilesInput;
  /** By person, the latest first. */
  readonly #byPerson = new Map<string, ReadonlyArray<Profile>>();

  constructor(input: ProfilesInput) {
    this.#input = input;
  }

  note({ body, place, hash: entryHash }: OpenedEntry, authorHex: string): void {
    const payload = body.type === 'profile' ? readProfile(body.payload) : undefined;
    if (payload === undefined) return;
    const profile: Profile = {
      ...payload,
      lamport: body.lamport,
      sentAt: body.sentAt,
      hash: entryHash,
      place,
      pictureId: pictureIdOf(payload.picture),
    };
    const others = (this.#byPerson.get(authorHex) ?? []).filter(
      (known) => known.hash !== entryHash,
    );
    const latest = [profile, ...others].sort((a, b) => comparePlaces(b, a));
    this.#byPerson.set(authorHex, latest.slice(0, limits.profilesKeptMax));
  }

  /** [PF3] The latest by (lamport, hash) that counts. */
  of(identityHex: string): Profile | undefined {
    return this.#byPerson.get(identityHex)?.find(({ place }) => this.#input.isCounted(place));
  }

  /** Says it where it is not what was said last. */
  async tell(): Promise<void> {
    if (this.#mayTell() && this.#isNews()) await this.#say();
  }

  /** [PF4] Also where somebody has come who cannot read that; in a large group only who speaks does. */
  async tellNewcomers({ isSpeaking = false } = {}): Promise<void> {
    const isDue = isSpeaking ? this.#isLarge && this.#isLongAgo() : !this.#isLarge;
    if (isDue && this.#mayTell() && this.#hasNewcomers()) await this.#say();
  }

  async #say(): Promise<void> {
    const { conversation, failed } = this.#input;
    const content = conversation.content('profile', encodeProfile(this.#own()));
    const added = await conversation.outbox.replace(content);
    if (added.ok) conversation.flushSoon();
    else if (added.error !== 'too-many') failed(added.error);
  }

  #own(): ProfilePayload {
    const { deps, settings } = this.#input;
    const { status, picture } = settings.profile;
    return { name: deps.me.name, status, picture, isPresenceHidden: !settings.sharing.presence };
  }

  #mayTell(): boolean {
    const { deps, conversation } = this.#input;
    const isHeard = conversation.membership.isWriter(deps.me.identity.identityId);
    return isHeard && conversation.kind !== 'self' && tellsOthers(conversation);
  }

  /** Nothing was said yet: then others call this person as they were added. */
  #isNews(): boolean {
    const { deps, conversation } = this.#input;
    const told = this.#told();
    const own = this.#own();
    const name = told?.name ?? conversation.nameOf(toHex(deps.me.identity.identityId));
    const isSame =
      name === own.name &&
      (told?.status ?? '') === (own.status ?? '') &&
      (told?.isPresenceHidden ?? false) === (own.isPresenceHidden ?? false) &&
      told?.pictureId === pictureIdOf(own.picture);
    return !isSame;
  }

  /** Where everybody would say it to everybody who comes. */
  get #isLarge(): boolean {
    return this.#input.conversation.membership.isCrowd;
  }

  #isLongAgo(): boolean {
    const told = this.#told();
    const nowMs = this.#input.deps.core.clock.now();
    return told === undefined || Math.abs(nowMs - told.sentAt) >= limits.profileAgainMs;
  }

  #hasNewcomers(): boolean {
    const { conversation } = this.#input;
    const { levels } = conversation.membership.view;
    const told = this.#told();
    if (told === undefined) return this.#hasMoreThanName();
    const epoch = conversation.logs.byId(told.place.epochHex);
    const readers = new Set(epoch && conversation.epochs.recipients(epoch).values());
    return [...levels.keys()].some((identityHex) => !readers.has(identityHex));
  }

  #hasMoreThanName(): boolean {
    const { status, picture, isPresenceHidden } = this.#own();
    return (status ?? '') !== '' || picture !== undefined || isPresenceHidden === true;
  }

  #told(): Profile | undefined {
    return this.#byPerson.get(toHex(this.#input.deps.me.identity.identityId))?.[0];
  }
}
