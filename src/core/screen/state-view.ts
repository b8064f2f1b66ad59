/** The small state of core/api.ts, from what a session and the network tell. */
import { toHex } from '../../base/bytes.ts';
import type { ConnectionView, LinkView, Person, RelayView } from '../api.ts';
import { personOf } from '../conversation/views/person-view.ts';
import type { Session } from '../session.ts';
import type { ViewContext } from '../conversation/views/view-context.ts';

/** What the network last said of itself. */
export interface NetworkStatus {
  readonly isOnline: boolean;
  readonly isStarted: boolean;
  readonly canWebRtc: boolean;
  readonly relays: ReadonlyArray<RelayView>;
}

const bestOf = (relays: ReadonlyArray<RelayView>): ViewContext['relay'] => {
  const states = relays.map(({ state }) => state);
  if (states.includes('up')) return 'up';
  if (states.includes('connecting')) return 'connecting';
  return states.length > 0 ? 'unreachable' : 'none';
};

export const contextOf = (
  session: Session,
  { isOnline, relays }: NetworkStatus,
  nowMs: number,
): ViewContext => {
  const waits = relays.flatMap(({ retryMs }) => retryMs ?? []);
  return {
    ownHex: toHex(session.deps.me.identity.identityId),
    ownName: session.deps.me.name,
    isReachable: (identityHex) => isReachable(session, identityHex),
    settings: session.settings,
    conversations: () => session.conversations(),
    attachmentState: (conversationId, manifest) =>
      session.attachments.stateOf(session.conversation(conversationId), manifest),
    filesOnlyHere: (conversation) => session.attachments.onlyHereCount(conversation),
    nowMs,
    isOnline,
    relay: bestOf(relays),
    retryMs: waits.length > 0 ? Math.min(...waits) : undefined,
  };
};

/** A device of theirs is in some conversation of this person. */
const isReachable = (session: Session, identityHex: string): boolean =>
  session
    .conversations()
    .some(({ membership }) =>
      membership.view.devices.some(({ identityId }) => toHex(identityId) === identityHex),
    );

export const connectionOf = (
  session: Session | undefined,
  status: NetworkStatus,
): ConnectionView => {
  const paths = session?.links.paths ?? [];
  return {
    ...status,
    directCount: paths.filter((path) => path === 'direct').length,
    relayedCount: paths.filter((path) => path === 'relayed').length,
  };
};

/** Each connection with the people behind it: one device may be known from several conversations. */
export const linksOf = (session: Session, context: ViewContext): ReadonlyArray<LinkView> =>
  session.links.inspect().map(({ path, deviceHexes, traffic }) => {
    const people = new Map<string, Person>();
    for (const conversation of session.conversations()) {
      for (const deviceHex of deviceHexes) {
        const identityHex = conversation.identityOf(deviceHex);
        if (identityHex === undefined) continue;
        people.set(identityHex, personOf(conversation, identityHex, context));
      }
    }
    const { openForMs, quietForMs, sentBytes, receivedBytes } = traffic;
    return {
      people: [...people.values()],
      path,
      openForMs,
      quietForMs,
      sentBytes,
      receivedBytes,
    };
  });
