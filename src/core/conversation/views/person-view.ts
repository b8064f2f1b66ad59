/** A person as the screen shows them, wherever they stand. */
import type { Person, Presence } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import type { ViewContext } from './view-context.ts';
import { pictureIdOf } from './picture-id.ts';

export const personOf = (
  conversation: Pick<Conversation, 'nameOf' | 'profiles'>,
  identityHex: string,
  context: ViewContext,
): Person => {
  if (identityHex === context.ownHex) return ownPerson(context);
  const name = conversation.nameOf(identityHex) ?? identityHex.slice(0, 8);
  const profile = conversation.profiles.of(identityHex);
  return {
    id: identityHex,
    name,
    isMe: false,
    ...(profile?.status !== undefined && { status: profile.status }),
    ...(profile?.pictureId !== undefined && { pictureId: profile.pictureId }),
  };
};

/** Whose device this is, and what they have settled. */
export type Own = Pick<ViewContext, 'ownHex' | 'ownName' | 'settings'>;

export const ownPerson = ({ ownHex, ownName, settings }: Own): Person => {
  const { status, picture } = settings.profile;
  const pictureId = pictureIdOf(picture);
  return {
    id: ownHex,
    name: ownName,
    isMe: true,
    ...(status !== '' && { status }),
    ...(pictureId !== undefined && { pictureId }),
  };
};

/** [PR1] Nothing of it is shown to who does not tell, nor of who does not want it told. */
export const presenceOf = (
  conversation: Conversation,
  identityHex: string,
  { ownHex, settings }: ViewContext,
): Presence => {
  const isMe = identityHex === ownHex;
  const isHidden = conversation.profiles.of(identityHex)?.isPresenceHidden === true;
  if (!isMe && (!settings.sharing.presence || isHidden)) return { kind: 'unknown' };
  const own = conversation.peers.filter(
    ({ deviceHex }) => conversation.identityOf(deviceHex) === identityHex,
  );
  if (own.length > 0) {
    return { kind: 'here', path: own.some(({ path }) => path === 'direct') ? 'direct' : 'relayed' };
  }
  const atMs = conversation.notes.heardMs(identityHex);
  return atMs === undefined ? { kind: 'unknown' } : { kind: 'heard', atMs };
};
