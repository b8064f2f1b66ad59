/** Keys and what they do, finding a conversation, and the panes of the window. */
import type { ShortcutName } from '../shortcuts.ts';

const names: Record<ShortcutName, string> = {
  'next-conversation': 'Next conversation',
  'previous-conversation': 'Previous conversation',
  'next-unread': 'Next unread',
  'previous-unread': 'Previous unread',
  'go-to': 'Go to a conversation or command',
  search: 'Search',
  'nth-conversation': 'Conversation by number',
  'new-conversation': 'New conversation',
  'next-region': 'Next region',
  'previous-region': 'Previous region',
  details: 'Show or hide details',
  help: 'Show these shortcuts',
  latest: 'Jump to latest',
  'oldest-unread': 'Oldest unread',
  'mark-read': 'Mark as read',
  close: 'Close, one layer per press',
  'message-details': 'Message details',
  reply: 'Reply',
  react: 'React',
  'mark-unread': 'Mark as unread',
  emoji: 'Emoji',
  attach: 'Attach',
  bold: 'Bold',
  italic: 'Italic',
  strike: 'Strike',
  code: 'Code',
  'edit-last': 'Edit my last message, in an empty field',
  'leave-mode': 'Cancel reply or edit',
  walk: 'Walk the messages',
  write: 'Jump to latest and write',
  enter: 'Hand over the message',
  'send-later': 'Send later',
  newline: 'New line',
};

export const shortcuts = {
  title: 'Keyboard shortcuts',
  where: {
    anywhere: 'Anywhere',
    list: 'In the list',
    timeline: 'In the messages',
    composer: 'While writing',
  },
  names,
  /** What is written on the keys; on a Mac the first three are signs. */
  keys: {
    Mod: 'Ctrl',
    Alt: 'Alt',
    Shift: 'Shift',
    PageUp: 'PgUp',
    PageDown: 'PgDn',
    Home: 'Home',
    End: 'End',
    Enter: 'Enter',
    Escape: 'Esc',
  },
  /** In a tooltip, behind what the key does. */
  hint: (name: string, keys: string): string => `${name} (${keys})`,
};

/** The list's own search box (UX.md §A): names for now, messages when they can be searched. */
export const search = {
  messages: 'Search messages',
  placeholder: 'Search',
  results: 'Search results',
  nothing: 'No conversation has this name.',
  namesOnly: 'Only names are searched so far, not what messages say.',
};

export const goTo = {
  title: 'Go to',
  field: 'Conversation or command',
  options: 'Conversations and commands',
  nothing: 'Nothing is called that.',
};

export const panes = {
  listWidth: 'Width of the list',
};
