/** The words of what is opened seldom: they come with it, not with the list. */
import type { FreeableFiles } from '../../core/api.ts';
import { counted, isolated, percent, size } from './format.ts';

const files = (count: number): string => counted(count, 'file', 'files');

const again: Record<FreeableFiles['deviceCount'], string> = {
  2: 'can be fetched again from two or more devices',
  1: 'can be fetched again from one device',
  0: 'can be fetched again when whoever gave them is here',
};

export const late = {
  export: {
    open: 'Export…',
    title: (name: string): string => `Export ${isolated(name)}`,
    what: 'Writes one ZIP file with the messages, who is here, and the files that are on this device.',
    warning: 'The copy is not encrypted: whoever gets it can read it.',
    counting: 'Counting what is here',
    contents: (messageCount: number, fileCount: number, bytes: number): string =>
      `${counted(messageCount, 'message', 'messages')}, ${files(fileCount)} (${size(bytes)})`,
    missing: (count: number): string =>
      `${files(count)} not on this device. The copy names them and does not hold them.`,
    disappearing: (count: number): string =>
      `${counted(count, 'message that disappears stays', 'messages that disappear stay')} out of it.`,
    start: 'Export',
    progress: (hundredths: number): string => `Writing ${percent(hundredths)}`,
    done: 'The copy is written.',
    broken: (count: number): string =>
      `${files(count)} could not be read whole. The copy says which.`,
    fileName: (name: string): string => `Sotto ${name}`,
    made: (when: string): string => `Copied from Sotto on ${when}. Not encrypted.`,
    people: (names: string): string => `People: ${names}`,
    notHere: (name: string): string => `${name} (not on the device that made this copy)`,
    notWhole: (name: string): string => `${name} (could not be read whole)`,
  },
  files: {
    onlyHere: (count: number): string =>
      `${files(count)} of yours ${count === 1 ? 'is' : 'are'} only on this device.`,
  },
  usage: {
    title: 'Files on this device',
    none: 'No files on this device.',
    takes: (count: number, bytes: number): string => `${files(count)}, ${size(bytes)}`,
    free: 'Free up space…',
    freeIn: (name: string): string => `Free up space in ${isolated(name)}…`,
    freeEverywhere: 'Free up space everywhere…',
    titleIn: (name: string): string => `Free up space in ${isolated(name)}`,
    titleEverywhere: 'Free up space everywhere',
    again: ({ deviceCount, count, sizeBytes }: FreeableFiles): string =>
      `${files(count)} (${size(sizeBytes)}) ${again[deviceCount]}.`,
    stays: (count: number, bytes: number): string =>
      `${files(count)} (${size(bytes)}) only here as far as is known: not touched.`,
    previews: 'Messages and small previews stay.',
    freeNow: (bytes: number): string => `Free ${size(bytes)}`,
  },
  stickers: {
    title: 'Stickers',
    emoji: 'Emoji',
    none: 'No stickers yet. Make a pack from pictures, or keep one that somebody gives you.',
    make: 'New sticker pack…',
    makeTitle: 'New sticker pack',
    collected: 'Collected',
    packName: 'Name of the pack',
    choose: 'Choose pictures',
    word: (position: string): string => `Word or emoji for picture ${position}`,
    wordHint: 'What each sticker says, also to those who hear it.',
    remove: (word: string): string => `Remove ${word}`,
    save: 'Save pack',
    one: (word: string): string => `Sticker ${word}`,
    give: (name: string): string => `Give the pack ${isolated(name)} to this conversation`,
    removePack: (name: string): string => `Remove the pack ${isolated(name)}`,
    keep: 'Add to my stickers',
    kept: 'Added to your stickers.',
    incomplete: 'Give the pack a name, and every picture a word or an emoji.',
    unusable: {
      unusable: (name: string): string => `${isolated(name)} cannot be made into a sticker.`,
      moves: (name: string): string =>
        `${isolated(name)} moves for too long to fit into a sticker, or this browser cannot draw it. Choose a shorter one, or one that stands still.`,
      'too-many': (name: string): string => `The pack is full: ${isolated(name)} was left out.`,
    },
  },
};
