/** Commands about relays and connections. */
import { err, ok } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import { isRelayAddress } from '../checks.ts';
import type { HandlerDeps, Handlers } from './handlers.ts';
import { linksOf } from '../screen/state-view.ts';
import type { Relays } from '../sync/relays.ts';

type ConnectionHandlers = Pick<Handlers, 'SetRelays' | 'SetOwnRelays' | 'InspectLinks'>;

export const connectionHandlers = (
  { inSession, context, refused }: HandlerDeps,
  relays: () => Relays,
): ConnectionHandlers => ({
  SetRelays: ({ addresses }) =>
    inSession(async () => {
      const added = addresses.map((address) => address.trim());
      if (added.length > limits.relaysMax) return err('too-many');
      if (!added.every(isRelayAddress)) return err('bad-address');
      const saved = await relays().setAdded(added);
      return saved.ok ? saved : refused(saved.error);
    }),
  SetOwnRelays: ({ addresses }) => {
    const isFine = addresses.length <= limits.relaysMax && addresses.every(isRelayAddress);
    if (isFine) relays().setOwn(addresses);
    return Promise.resolve(isFine ? ok(undefined) : err('bad-address'));
  },
  InspectLinks: () =>
    inSession((session) => Promise.resolve(ok(linksOf(session, context(session))))),
});
