/** The words about people: what is told them, who is heard, what becomes of a conversation. */
import { isolated, number } from './format.ts';

export const people = {
  security: 'Security',
  receipts: 'Tell others what I have read',
  receiptsHint: 'Off, you are not shown what they have read either.',
  typing: 'Tell others when I write',
  typingHint: 'Off, you are not shown when they write either.',
  presence: 'Tell others when I am here',
  presenceHint:
    'Off, you are not shown when they are here either. Devices you are connected to can still tell that you are online.',
  blocked: 'Blocked people',
  noneBlocked: 'Nobody is blocked.',
  unblock: (name: string): string => `Unblock ${name}`,

  status: 'About you',
  statusHint: 'A short line that people you share a conversation with see.',
  picture: 'Picture',
  choosePicture: 'Choose a picture',
  removePicture: 'Remove the picture',

  requests: 'People who write to you',
  wantsToTalk: (name: string): string => `${isolated(name)} wants to talk with you`,
  requestHint:
    'You know each other from a group. Until you answer, they are not told what you read.',
  accept: 'Accept',
  decline: 'Decline',

  message: 'Message',
  block: 'Block',

  actions: (name: string): string => `Actions for ${name}`,
  markUnread: 'Mark as unread',
  mute: 'Mute',
  unmute: 'Unmute',
  muted: 'muted',
  archive: 'Archive',
  unarchive: 'Move out of the archive',
  archived: 'Archived',
  archivedCount: (count: number): string => `Archived (${number(count)})`,
  delete: 'Delete',
  deleteTitle: (name: string): string => `Delete ${isolated(name)}?`,
  deleteText: {
    group:
      'You leave the group, and everything of it is erased from this device. The others keep what they have.',
    direct:
      'Everything of it is erased from this device, and nothing they write here reaches you any more. They keep what they have.',
  },
  writing: (names: ReadonlyArray<string>): string =>
    names.length === 1
      ? `${isolated(names[0] ?? '')} is writing`
      : `${number(names.length)} people are writing`,
} as const;
