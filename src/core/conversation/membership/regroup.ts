/**
 * A new group with everybody but somebody (PROTOCOL §3, Escape): its maker adds the others, and puts
 * its welcome into the old group, sealed to their devices. Each device that finds one there for
 * itself takes it up by itself. The new group names the old one, whose past is read above it (RG6).
 */
import { equalBytes, toHex } from '../../../base/bytes.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { secretHash } from '../../../protocol/epochs/epoch-keys.ts';
import { openSealBox, sealSecret, type Seal } from '../../../protocol/epochs/seal.ts';
import {
  encodeGroupKey,
  openGroupPart,
  readGroupKey,
  readGroupPart,
  regroupEntry,
  sealGroupPart,
  type GroupKey,
} from '../../../protocol/invites/regroup.ts';
import {
  decodeWelcome,
  encodeWelcome,
  joinWelcomes,
  splitWelcome,
  type Welcome,
} from '../../../protocol/invites/welcome.ts';
import { limits } from '../../../protocol/limits.ts';
import { encodeIdentityLog } from '../../../protocol/membership/identity.ts';
import { isEpochValid, type View } from '../../../protocol/membership/membership.ts';
import type { DeviceBundle, OpBody } from '../../../protocol/membership/op-bodies.ts';
import type { EntryPlace, Epoch, OpenedEntry } from '../../epochs/epoch.ts';
import type { AppendFailure, Content, LogDeps } from '../../epochs/epoch-logs.ts';
import { olderSealsForNewcomer } from '../../epochs/older-epochs.ts';
import type { StoreFailure } from '../../vault/segments.ts';
import type { Conversation } from '../conversation.ts';

/** What somebody wrote into a group about a new one. */
export interface GroupOffer {
  readonly byHex: string;
  readonly epochId: Uint8Array;
  readonly secretHash: Uint8Array;
  readonly seals: ReadonlyArray<Seal>;
  readonly parts: ReadonlyArray<Uint8Array>;
}

/** Part of an offer, and where it lies: whether that counts may change. */
interface Noted<T> {
  readonly value: T;
  readonly place: EntryPlace;
}

interface Pending {
  readonly byHex: string;
  readonly epochId: Uint8Array;
  readonly keys: Array<Noted<GroupKey>>;
  readonly parts: Array<Noted<Uint8Array>>;
}

/** Collects offers until somebody asks; bounded, since any member can write them. */
export class GroupOffers {
  readonly #pending = new Map<string, Pending>();
  readonly #isCounted: (place: EntryPlace) => boolean;

  constructor(isCounted: (place: EntryPlace) => boolean) {
    this.#isCounted = isCounted;
  }

  note({ body, devSignPub, place }: OpenedEntry, byHex: string): void {
    if (body.type === regroupEntry.key) {
      const value = readGroupKey(body.payload);
      if (value === undefined) return;
      const { keys } = this.#of(value.seal.epochId, devSignPub, byHex);
      noteOnce(keys, { value, place }, limits.sealsPerEpochMax);
    } else if (body.type === regroupEntry.part) {
      const part = readGroupPart(body.payload);
      if (part === undefined) return;
      const { parts } = this.#of(part.epochId, devSignPub, byHex);
      noteOnce(parts, { value: part.box, place }, limits.invitePartsMax);
    }
  }

  get hasAny(): boolean {
    return this.#pending.size > 0;
  }

  /** [RG4] As far as they count now: not what lies beyond the end of who was removed, say. */
  all(): ReadonlyArray<GroupOffer> {
    return [...this.#pending.values()].flatMap(({ byHex, epochId, keys, parts }) => {
      const counting = this.#counting(keys);
      const hash = counting.at(-1)?.secretHash;
      const seals = counting.map(({ seal }) => seal);
      if (hash === undefined) return [];
      return [{ byHex, epochId, secretHash: hash, seals, parts: this.#counting(parts) }];
    });
  }

  /** What this person wrote; somebody else who repeats it must not end it. */
  drop({ byHex, epochId }: GroupOffer): void {
    for (const [key, pending] of this.#pending) {
      const isIt = pending.byHex === byHex && equalBytes(pending.epochId, epochId);
      if (isIt) this.#pending.delete(key);
    }
  }

  #counting<T>(noted: ReadonlyArray<Noted<T>>): ReadonlyArray<T> {
    return noted.filter(({ place }) => this.#isCounted(place)).map(({ value }) => value);
  }

  #of(epochId: Uint8Array, devSignPub: Uint8Array, byHex: string): Pending {
    const key = `${toHex(devSignPub)}/${toHex(epochId)}`;
    const known = this.#pending.get(key);
    if (known !== undefined) return known;
    const pending: Pending = { byHex, epochId, keys: [], parts: [] };
    this.#pending.set(key, pending);
    const oldest = this.#pending.size > limits.sealsWaitingMax ? this.#pending.keys().next() : null;
    if (oldest?.done === false) this.#pending.delete(oldest.value);
    return pending;
  }
}

/** What is read again after a fork was noted already. */
const noteOnce = <T>(
  noted: Array<Noted<T>>,
  { value, place }: Noted<T>,
  countMax: number,
): void => {
  const isKnown = noted.some(
    ({ place: { epochHex, writerHex, seq } }) =>
      epochHex === place.epochHex && writerHex === place.writerHex && seq === place.seq,
  );
  if (!isKnown && noted.length < countMax) noted.push({ value, place });
};

/** Somebody as they are here: what an operation elsewhere says of them. */
export const introductionOf = async (
  { core }: LogDeps,
  conversation: Conversation,
  identityHex: string,
): Promise<Introduction | undefined> => {
  const { membership, epochs } = conversation;
  const log = membership.view.identities.get(identityHex)?.log;
  if (log === undefined) return undefined;
  const prekeyBundles: DeviceBundle[] = [];
  for (const { devSignPub } of log.devices.slice(0, limits.bundlesPerOpMax)) {
    const bundle = await epochs.bundles.verified(core.backend, devSignPub);
    if (bundle !== undefined) prekeyBundles.push({ devSignPub, bundle });
  }
  const name = conversation.nameOf(identityHex) ?? '';
  return { identityId: log.identityId, identityLog: encodeIdentityLog(log), prekeyBundles, name };
};

export interface Introduction {
  readonly identityId: Uint8Array;
  readonly identityLog: Uint8Array;
  readonly prekeyBundles: ReadonlyArray<DeviceBundle>;
  readonly name: string;
}

/** What the maker of the new group writes there first: everybody but them, as they are here. */
export const addsOf = async (
  deps: LogDeps,
  conversation: Conversation,
  withoutHex: string,
): Promise<ReadonlyArray<OpBody>> => {
  const ownHex = toHex(deps.me.identity.identityId);
  const bodies: OpBody[] = [];
  for (const [identityHex, level] of conversation.membership.view.levels) {
    if (identityHex === ownHex || identityHex === withoutHex) continue;
    const introduction = await introductionOf(deps, conversation, identityHex);
    if (introduction === undefined) continue;
    bodies.push({ type: 'add', level, history: 'none', ...introduction });
  }
  return bodies;
};

/** The entries for another conversation that let its people in: all of the others, or one of them. */
export const offerOf = async (
  { core, me }: LogDeps,
  fresh: Conversation,
  { epoch, toId }: { readonly epoch: Epoch; readonly toId?: Uint8Array | undefined },
): Promise<Result<ReadonlyArray<Pick<Content, 'type' | 'payload'>>, AppendFailure>> => {
  const others = fresh.membership.view.devices.filter(
    ({ devSignPub, identityId }) =>
      !equalBytes(devSignPub, me.device.publicKey) &&
      (toId === undefined || equalBytes(identityId, toId)),
  );
  const recipients = await Promise.all(
    others.map(async ({ devSignPub, inboxPub }) => ({
      devSignPub,
      inboxPub,
      prekey: await fresh.epochs.bundles.verified(core.backend, devSignPub),
    })),
  );
  const { id: epochId, secret } = epoch;
  if (secret === undefined) return err('failed'); // something in it was erased already
  const isHybrid = recipients.length <= limits.hybridDevicesMax;
  const seals = await sealSecret(core.backend, core.random, {
    epochId,
    secret,
    recipients,
    isHybrid,
  });
  const welcome: Welcome = {
    ops: fresh.membership.all().map(({ bytes }) => bytes),
    inviteOp: new Uint8Array(0),
    inviterLog: encodeIdentityLog(me.identity),
    epochId,
    seals: [],
    olderSeals: toId === undefined ? [] : await olderSealsForNewcomer(fresh.epochs, recipients),
    relays: [],
    bundles: [],
  };
  const parts = splitWelcome(encodeWelcome(welcome));
  if (!parts.ok) return err('failed');
  const promised = secretHash(secret);
  return ok([
    ...seals.map((seal) => ({
      type: regroupEntry.key,
      payload: encodeGroupKey({ secretHash: promised, seal }),
    })),
    ...parts.value.map((part) => ({
      type: regroupEntry.part,
      payload: sealGroupPart({ epochId, secret }, core.random.bytes(24), part),
    })),
  ]);
};

/** The new group's operations, where the offer is for this device and whole. */
export const openOffer = async (
  { core, me }: LogDeps,
  { prekeys }: Conversation,
  offer: GroupOffer,
): Promise<{ readonly secret: Uint8Array; readonly welcome: Welcome } | undefined> => {
  const { epochId } = offer;
  for (const { ephemeralPub, boxes } of offer.seals) {
    for (const box of boxes) {
      const opened = await openSealBox(core.backend, {
        epochId,
        secretHash: offer.secretHash,
        ephemeralPub,
        box,
        prekeys: prekeys.all(),
        inboxSeed: me.inboxSeed,
      });
      if (!opened.ok) continue;
      const secret = opened.value;
      const parts = offer.parts.flatMap((part) => openGroupPart({ epochId, secret }, part) ?? []);
      const [bytes] = joinWelcomes(parts);
      const welcome = bytes && decodeWelcome(bytes);
      return welcome?.ok === true ? { secret, welcome: welcome.value } : undefined;
    }
  }
  return undefined;
};

interface Entering {
  readonly home: Conversation;
  readonly fresh: Conversation;
  readonly offer: GroupOffer;
  readonly secret: Uint8Array;
  readonly welcome: Welcome;
}

/**
 * What may come of what somebody wrote. [RG3] In a group, of another group: they made it, out of none
 * or of this one. [CT1] In a group, of a conversation with them alone. [CT2] In a direct conversation, of a group they are in.
 */
export const mayComeOf = (
  home: Pick<Conversation, 'kind' | 'convId'>,
  { membership }: { readonly membership: { readonly view: Pick<View, 'conversation' | 'levels'> } },
  [byHex, ownHex]: Pair,
): boolean => {
  const { conversation: spec, levels: people } = membership.view;
  if (home.kind === 'direct') return spec?.kind === 'group' && people.has(byHex);
  if (spec?.kind === 'group') {
    const { predecessor } = spec;
    const isOutOfHome = predecessor === undefined || equalBytes(predecessor.convId, home.convId);
    return isOutOfHome && toHex(spec.creator) === byHex;
  }
  if (spec?.kind !== 'direct') return false;
  return spec.identityIds.map(toHex).sort().join() === [byHex, ownHex].sort().join();
};

type Pair = readonly [byHex: string, ownHex: string];

/** Inside the new conversation's queue: it is entered only if it may, and this person is in it. */
export const enterGroup = async (
  { me }: LogDeps,
  { home, fresh, offer, secret, welcome }: Entering,
): Promise<Result<boolean, StoreFailure>> => {
  const { membership, prekeys, epochs } = fresh;
  await membership.accept(welcome.ops, offer.byHex);
  const isTheirs = mayComeOf(home, fresh, [offer.byHex, toHex(me.identity.identityId)]);
  const op = membership.op(offer.epochId);
  const isIn = op !== undefined && isEpochValid(membership.opSet, op);
  if (!isTheirs || !isIn || !membership.isMember(me.identity.identityId)) return ok(false);
  const carried = await prekeys.takeOver(home.prekeys);
  if (!carried.ok) return carried;
  const { writes, stored } = membership.writes();
  const taken = await epochs.takeUp(op, secret, writes);
  if (!taken.ok) return taken;
  stored();
  await epochs.takeUpOlder(welcome.olderSeals);
  return ok(true);
};
