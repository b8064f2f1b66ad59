/** The words for who holds what: one message looked at closely, and whether a device may be closed. */
import type { Holding, MessageDetails, Person, PersonHolding, Safety } from '../../core/api.ts';
import { messages } from './en-states.ts';
import { counted, isolated, number } from './format.ts';

const devices = (count: number): string => counted(count, 'device', 'devices');

const hasIt = ({ devices: own }: PersonHolding): boolean =>
  own.some(({ holding }) => holding === 'has');

/** "Ana and 1 more have it · 3 waiting": people, who are what counts (UX.md §B3). */
const people = ({ holders }: MessageDetails): string | undefined => {
  const others = holders.filter(({ person }) => !person.isMe);
  const [first, ...more] = others.filter(hasIt);
  if (first === undefined) return undefined;
  if (more.length + 1 === others.length) return others.length === 1 ? undefined : 'Everyone has it';
  const name = isolated(first.person.name);
  const who =
    more.length === 0 ? `${name} has it` : `${name} and ${number(more.length)} more have it`;
  return `${who} · ${number(others.length - more.length - 1)} waiting`;
};

const deliveredTo = ({ holders }: MessageDetails): string | undefined => {
  const meant = holders
    .flatMap((holder) => holder.devices)
    .filter(({ isThis, holding }) => !isThis && holding !== 'not-meant');
  if (meant.length === 0) return undefined;
  const count = meant.filter(({ holding }) => holding === 'has').length;
  return `Delivered to ${number(count)} of ${devices(meant.length)}`;
};

const holdings: Record<Holding, string> = {
  has: 'has it',
  waiting: 'waiting',
  'not-meant': 'came later: not meant for this device',
};

const person = (holder: PersonHolding): string => {
  if (holder.devices.length === 0) return 'no device';
  if (hasIt(holder)) return 'has it';
  return holder.devices.every(({ holding }) => holding === 'not-meant') ? 'came later' : 'waiting';
};

export const messageDetails = {
  more: 'More',
  actions: 'Message actions',
  copyText: 'Copy text',
  title: 'Message details',
  gone: 'This message is no longer shown here.',
  writtenBy: 'Written by',
  written: 'Written',
  arrived: 'Arrived here',
  arrivedBefore: 'Before Sotto was last opened',
  status: 'Status',
  people,
  deliveredTo,
  holders: 'Who has it',
  person,
  device: (ordinal: number, isThis: boolean): string =>
    isThis ? 'This device' : `Device ${number(ordinal)}`,
  holding: (holding: Holding): string => holdings[holding],
  /** Nobody else is told what a device holds of somebody's messages. */
  foreign: (author: Person): string =>
    `Devices say only to the author what they have, so only ${isolated(author.name)} can see who else has this.`,
};

/** "2 messages are only on this device", "3 devices hold everything". */
export const safety = {
  title: 'Safe to close',
  unsafeTitle: 'Keep this device',
  onlyHere: (count: number): string =>
    `${messages(count)} of yours ${count === 1 ? 'is' : 'are'} only on this device. Keep Sotto open now and then until somebody is online.`,
  selfOnly: 'These notes are on this device only.',
  nothing: 'You have not written here yet.',
  all: 'Every message of yours here is on another device or waits in the mailbox.',
  full: ({ fullDeviceCount }: Safety): string => {
    if (fullDeviceCount === 0) return 'No other device holds everything you wrote here.';
    return fullDeviceCount === 1
      ? '1 device holds everything.'
      : `${devices(fullDeviceCount)} hold everything.`;
  },
};
