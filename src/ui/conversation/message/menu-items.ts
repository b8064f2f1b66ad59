import CheckCheck from '@lucide/svelte/icons/square-check';
import Copy from '@lucide/svelte/icons/copy';
import Forward from '@lucide/svelte/icons/forward';
import History from '@lucide/svelte/icons/history';
import Info from '@lucide/svelte/icons/info';
import MailOpen from '@lucide/svelte/icons/mail';
import MessagesSquare from '@lucide/svelte/icons/messages-square';
import Pencil from '@lucide/svelte/icons/pencil';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import RotateCw from '@lucide/svelte/icons/rotate-cw';
import Trash from '@lucide/svelte/icons/trash-2';
import Eraser from '@lucide/svelte/icons/eraser';
import type { AppState } from '../../../app/app-state.svelte.ts';
import { isEditable, type ConversationState } from '../../../app/conversation.svelte.ts';
import { t } from '../../../app/text/t.ts';
import type { MessageItem } from '../../../core/api.ts';
import type { MenuItem } from '../../parts/menu-item.ts';

interface Deps {
  readonly app: AppState;
  readonly conversation: ConversationState;
  readonly item: MessageItem;
  /** It is still there, and one can write here. */
  readonly canReply: boolean;
}

const when = (isFitting: boolean, item: MenuItem): ReadonlyArray<MenuItem> =>
  isFitting ? [item] : [];

/** Only what applies to this message, what changes it first, what takes it away last. */
export const menuItems = ({ app, conversation, item, canReply }: Deps): ReadonlyArray<MenuItem> => {
  const { acts } = conversation;
  const isThere = item.deletion === undefined;
  const { isMe } = item.author;
  const isInThread = item.threadOf !== undefined;
  const edit = () => {
    conversation.composerOf(item).edit(item);
  };
  const copy = when(isThere && item.text !== '', {
    label: t.messageDetails.copyText,
    icon: Copy,
    run: () => void app.environment.copyText(item.text),
  });
  if (item.isPast === true) return copy;
  return [
    ...when(item.delivery?.state === 'blocked' && canReply, {
      label: t.actions.resend,
      icon: RotateCw,
      run: () => void acts.resend(item.key),
    }),
    ...when(canReply && isEditable(item), { label: t.actions.edit, icon: Pencil, run: edit }),
    ...when(canReply && !isInThread, {
      label: t.actions.openThread,
      icon: MessagesSquare,
      run: () => void conversation.openThread(item.key),
    }),
    ...when(canReply, {
      label: item.isPinned ? t.actions.unpin : t.actions.pin,
      icon: item.isPinned ? PinOff : Pin,
      run: () => void acts.pin(item),
    }),
    ...copy,
    ...when(isThere, {
      label: t.actions.forward,
      icon: Forward,
      run: () => {
        acts.ask({ kind: 'forward', keys: [item.key] });
      },
    }),
    ...when(item.isEdited && isThere, {
      label: t.versions.title,
      icon: History,
      run: () => void acts.showVersions(item.key),
    }),
    { label: t.messageDetails.title, icon: Info, run: () => void app.inspect(item.key) },
    ...when(!isMe && !isInThread, {
      label: t.actions.markUnread,
      icon: MailOpen,
      run: () => void acts.markUnread(item.key),
    }),
    ...when(!isInThread, {
      label: t.actions.select,
      icon: CheckCheck,
      run: () => {
        conversation.selection.start(item.key);
      },
    }),
    ...when(isMe && canReply, {
      label: t.actions.deleteEveryone,
      icon: Trash,
      run: () => void acts.remove([item.key], 'everyone'),
    }),
    {
      label: t.actions.deleteHere,
      icon: Eraser,
      run: () => void acts.remove([item.key], 'here'),
    },
  ];
};
