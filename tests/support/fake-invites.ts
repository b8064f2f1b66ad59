/** Invites, joins and relays of the fake core. */
import { err, ok } from '../../src/base/result.ts';
import type { Command, CommandError, InviteView, JoinView, RelayView } from '../../src/core/api.ts';
import type { FakeHost } from './fake-host.ts';

const dayMs = 24 * 3600 * 1000;

export const usualInvite = { level: 'member', usesMax: 256, lifeMs: 7 * dayMs } as const;

export const prepareInvite = (
  host: FakeHost,
  command: Extract<Command, { type: 'PrepareInvite' }>,
): InviteView => {
  const { target, isOpen, history = 'none', options = usualInvite } = command;
  const conversationId = target.kind === 'direct' ? undefined : target.conversationId;
  const invite: InviteView = {
    inviteId: host.freshKey('i'),
    conversationId,
    link: `https://sotto.example/#/i/${'abcdefghijklmnopqrstuvwxyz012345'.repeat(4)}${history === 'all' ? 'h' : ''}${isOpen ? 'o' : 'a'}`,
    isOpen,
    history,
    expiresAtMs: host.now() + options.lifeMs,
    stage: 'waiting',
    options,
  };
  if (conversationId !== undefined) host.find(conversationId).invites.push(invite);
  host.changed();
  return invite;
};

export const revokeInvite = (host: FakeHost, inviteId: string): void => {
  for (const conversation of host.conversations) {
    conversation.invites = conversation.invites.filter((invite) => invite.inviteId !== inviteId);
  }
};

export const readInvite = (host: FakeHost, link: string) => {
  const problem = /#\/i\/(mangled|newer-version|expired|own|already-member|revoked)$/u.exec(link);
  if (problem !== null) return err(problem[1] as CommandError);
  if (!link.includes('#/i/')) return err('mangled' as const);
  return ok({
    inviteId: 'invite',
    kind: 'direct' as const,
    isOpen: false,
    expiresAtMs: host.now() + 7 * dayMs,
    relays: ['/dns4/relay.example/tcp/443/wss/p2p/12D3KooWRelay'],
  });
};

export const relaysOf = (
  known: ReadonlyArray<RelayView>,
  addresses: ReadonlyArray<string>,
): ReadonlyArray<RelayView> | undefined =>
  addresses.some((address) => !address.startsWith('/'))
    ? undefined
    : [
        ...known.filter((relay) => relay.isOwn),
        ...addresses.map((address) => ({
          address,
          state: 'unreachable' as const,
          retryMs: 20_000,
          isOwn: false,
        })),
      ];

export const waitingJoin = (inviteId: string): JoinView => ({
  inviteId,
  kind: 'direct',
  stage: 'waiting-approval',
  words: ['harbour', 'lantern', 'meadow', 'violin'],
  conversationId: undefined,
});
