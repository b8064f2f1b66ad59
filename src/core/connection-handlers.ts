/** Commands about relays and connections. */
import { err, ok, type Result } from '../base/result.ts';
import { limits } from '../protocol/limits.ts';
import type { CommandError } from './api.ts';
import { isRelayAddress } from './checks.ts';
import type { ViewContext } from './conversation/views/people.ts';
import type { CoreFailure } from './failures.ts';
import type { Handlers } from './handlers.ts';
import type { Session } from './session.ts';
import { linksOf } from './state-view.ts';
import type { Relays } from './sync/relays.ts';

export interface ConnectionHost {
  relays(): Relays;
  inSession<T>(
    act: (session: Session) => Promise<Result<T, CommandError>>,
  ): Promise<Result<T, CommandError>>;
  context(session: Session): ViewContext;
  refused(failure: CoreFailure): Result<never, CommandError>;
}

type ConnectionHandlers = Pick<Handlers, 'SetRelays' | 'SetOwnRelays' | 'InspectLinks'>;

export const connectionHandlers = (host: ConnectionHost): ConnectionHandlers => ({
  SetRelays: ({ addresses }) =>
    host.inSession(async () => {
      const added = addresses.map((address) => address.trim());
      if (added.length > limits.relaysMax) return err('too-many');
      if (!added.every(isRelayAddress)) return err('bad-address');
      const saved = await host.relays().setAdded(added);
      return saved.ok ? saved : host.refused(saved.error);
    }),
  SetOwnRelays: ({ addresses }) => {
    const isFine = addresses.length <= limits.relaysMax && addresses.every(isRelayAddress);
    if (isFine) host.relays().setOwn(addresses);
    return Promise.resolve(isFine ? ok(undefined) : err('bad-address'));
  },
  InspectLinks: () =>
    host.inSession((session) => Promise.resolve(ok(linksOf(session, host.context(session))))),
});
