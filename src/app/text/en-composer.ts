/** The words for writing: the field, what can be attached, emoji, polls, places, contacts. */
import type { EmojiGroup, Tone } from '../emoji.ts';
import { counted, isolated, number } from './format.ts';
import { closed } from './en-states.ts';

const groups: Record<EmojiGroup, string> = {
  smileys: 'Smileys',
  people: 'People',
  nature: 'Animals and nature',
  food: 'Food and drink',
  travel: 'Travel and places',
  activities: 'Activities',
  objects: 'Objects',
  symbols: 'Symbols',
  flags: 'Flags',
};

const toneNames: Record<Tone, string> = {
  0: 'No skin tone',
  1: 'Light skin tone',
  2: 'Medium-light skin tone',
  3: 'Medium skin tone',
  4: 'Medium-dark skin tone',
  5: 'Dark skin tone',
};

export const composer = {
  message: 'Message',
  send: 'Send',
  attach: 'Attach',
  closed,
  editing: 'Editing',
  replyingTo: (name: string): string => `Reply to ${isolated(name)}`,
  replyingToMe: 'Reply to yourself',
  leaveReply: 'Cancel reply',
  leaveEdit: 'Cancel editing',
  people: 'People to mention',
  emoji: 'Emoji that fit',
  everyoneHint: 'Everyone here',
};

export const emoji = {
  title: 'Emoji',
  search: 'Search emoji',
  recent: 'Recent and common',
  found: 'Found',
  nothing: 'No emoji fits.',
  unreachable: 'The list of emoji could not be fetched. Try again when you are connected.',
  group: (group: EmojiGroup): string => groups[group],
  groups: 'Categories',
  tones: 'Skin tone',
  tone: (tone: Tone): string => toneNames[tone],
};

export const newPoll = {
  menu: 'Poll',
  title: 'New poll',
  question: 'Question',
  option: (ordinal: number): string => `Option ${number(ordinal)}`,
  add: 'Add an option',
  remove: (ordinal: number): string => `Remove option ${number(ordinal)}`,
  isMultiple: 'Several answers',
  isAnonymous: 'Counts only',
  isAnonymousHint:
    'Names are not shown. The devices of everyone here know who voted for what all the same.',
  create: 'Create poll',
  questionMissing: 'Write a question first.',
  optionsMissing: 'Write at least two options that differ.',
};

export const newPlace = {
  menu: 'Location',
  title: 'Share a location',
  latitude: 'Latitude',
  longitude: 'Longitude',
  hint: 'Sotto does not ask your device where it is: type the coordinates, or paste both into the first field.',
  latitudeWrong: 'A number between -90 and 90.',
  longitudeWrong: 'A number between -180 and 180.',
  share: 'Share',
};

export const newCard = {
  menu: 'Contact',
  title: 'Share a contact',
  hint: 'The people here see the name and can ask to write to them.',
  share: (name: string): string => `Share ${name}`,
  nobody: 'There is nobody to introduce yet.',
};

export const forward = {
  title: 'Forward',
  search: 'Search conversations',
  action: (count: number): string =>
    count === 0 ? 'Forward' : `Forward to ${counted(count, 'conversation', 'conversations')}`,
  nothing: 'No conversation fits.',
};

export const sendLater = {
  title: 'Send later',
  menu: 'Send later…',
  text: 'Text',
  when: 'Date and time',
  hint: 'Goes out when this device is awake at that time with Sotto open, else as soon as it is after it.',
  choices: {
    hour: 'In an hour',
    evening: 'This evening',
    morning: 'Tomorrow morning',
    week: 'Monday morning',
  },
  action: 'Schedule',
  past: 'Choose a time that is still to come.',
  list: 'Scheduled messages',
  edit: 'Edit this scheduled message',
  now: 'Send now',
  cancel: 'Cancel this scheduled message',
};
