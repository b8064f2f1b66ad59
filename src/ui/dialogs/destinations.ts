/** Where Mod+K leads: every conversation, and what else can be opened from anywhere. */
import Keyboard from '@lucide/svelte/icons/keyboard';
import Link from '@lucide/svelte/icons/link';
import Settings from '@lucide/svelte/icons/settings';
import UserPlus from '@lucide/svelte/icons/user-plus';
import Users from '@lucide/svelte/icons/users';
import Waypoints from '@lucide/svelte/icons/waypoints';
import type { AppState } from '../../app/app-state.svelte.ts';
import type { Panel } from '../../app/panes.svelte.ts';
import { t } from '../../app/text/t.ts';
import type { ConversationSummary } from '../../core/api.ts';

export interface Destination {
  readonly key: string;
  readonly name: string;
  /** Of a conversation; anything else has an icon. */
  readonly summary?: ConversationSummary;
  readonly icon?: typeof Users;
  go(): void;
}

const conversations = (app: AppState): ReadonlyArray<Destination> =>
  [...app.sortedConversations, ...app.archivedConversations].map((summary) => ({
    key: summary.id,
    name: t.conversationName(summary),
    summary,
    go: () => {
      app.openConversation(summary.id);
    },
  }));

const commands = (app: AppState): ReadonlyArray<Destination> => {
  const panel = (name: Panel) => (): void => {
    app.panel = name;
  };
  const { conversation } = app;
  const summary = conversation?.summary;
  const isOpenGroup = summary?.kind === 'group' && summary.closed === undefined;
  return [
    {
      key: ':invite',
      name: t.list.inviteSomeone,
      icon: UserPlus,
      go: () => void app.invite.show({ kind: 'direct' }),
    },
    ...(conversation !== undefined && isOpenGroup
      ? [
          {
            key: ':invite-here',
            name: t.invite.people,
            icon: UserPlus,
            go: () =>
              void app.invite.show({ kind: 'conversation', conversationId: conversation.id }),
          },
        ]
      : []),
    { key: ':group', name: t.list.newGroup, icon: Users, go: panel('new-group') },
    { key: ':join', name: t.list.joinWithLink, icon: Link, go: panel('paste-link') },
    {
      key: ':settings',
      name: t.list.settings,
      icon: Settings,
      go: () => {
        app.route.go({ screen: 'settings' });
      },
    },
    {
      key: ':connection',
      name: t.conversation.connectionDetails,
      icon: Waypoints,
      go: panel('connection'),
    },
    { key: ':shortcuts', name: t.shortcuts.title, icon: Keyboard, go: panel('shortcuts') },
  ];
};

export const destinations = (app: AppState): ReadonlyArray<Destination> => [
  ...conversations(app),
  ...commands(app),
];
