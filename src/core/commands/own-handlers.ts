/** What a person settles about themselves: how they are called and what they tell. */
import { err, ok } from '../../base/result.ts';
import { toWireText } from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import { readPicture } from '../../protocol/picture.ts';
import { checkedName } from '../checks.ts';
import type { HandlerDeps, Handlers } from './handlers.ts';
import { meWrites } from '../vault/me.ts';

type OwnHandlers = Pick<Handlers, 'Rename' | 'SetProfile' | 'LoadPicture' | 'SetSharing'>;

export const ownHandlers = ({ inSession, refused }: HandlerDeps): OwnHandlers => ({
  Rename: ({ name }) =>
    inSession(async (session) => {
      const checked = checkedName(name);
      if (!checked.ok) return checked;
      const { vault, me } = session.deps;
      const saved = await vault.commit(meWrites(vault, { ...me, name: checked.value }));
      if (!saved.ok) return refused(saved.error);
      session.deps.me.name = checked.value;
      await session.people.profileChanged();
      return ok(undefined);
    }),
  SetProfile: ({ status, picture }) =>
    inSession(async (session) => {
      const line = toWireText(status).replace(/\s+/gu, ' ').trim();
      if (Array.from(line).length > limits.statusCharsMax) return err('too-long');
      if (picture !== undefined && picture.length > limits.pictureBytesMax) return err('too-long');
      if (picture !== undefined && readPicture(picture) === undefined) return err('bad-picture');
      const saved = await session.settings.setProfile({ status: line, picture });
      if (!saved.ok) return refused(saved.error);
      await session.people.profileChanged();
      return ok(undefined);
    }),
  LoadPicture: ({ personId, pictureId }) =>
    inSession((session) => {
      const picture = session.people.picture(personId, pictureId);
      return Promise.resolve(picture === undefined ? err('unknown-person') : ok(picture.slice()));
    }),
  SetSharing: ({ sharing }) =>
    inSession(async (session) => {
      const saved = await session.settings.setSharing(sharing);
      if (!saved.ok) return refused(saved.error);
      await session.people.sharingChanged();
      return ok(undefined);
    }),
});
