/** The words for who holds what: one message looked at closely, and whether a device may be closed. */
import type { Holding, MessageDetails, Person, PersonHolding, Safety } from '../../core/api.ts';
import { messages } from './en-states.ts';
import { counted, isolated, number } from './format.ts';
import { devicesHolding, holdingOf, othersHolding } from './holders.ts';

const devices = (count: number): string => counted(count, 'device', 'devices');

/** "Ana and 1 more have it · 3 waiting". */
const people = (details: MessageDetails): string | undefined => {
  const holding = othersHolding(details);
  if (holding === undefined) return undefined;
  const { first, moreCount, waitingCount, othersCount } = holding;
  if (waitingCount === 0) return othersCount === 1 ? undefined : 'Everyone has it';
  const name = isolated(first.name);
  const who = moreCount === 0 ? `${name} has it` : `${name} and ${number(moreCount)} more have it`;
  return `${who} · ${number(waitingCount)} waiting`;
};

const deliveredTo = (details: MessageDetails): string | undefined => {
  const holding = devicesHolding(details);
  if (holding === undefined) return undefined;
  return `Delivered to ${number(holding.haveCount)} of ${devices(holding.meantCount)}`;
};

const holdings: Record<Holding, string> = {
  has: 'has it',
  waiting: 'waiting',
  'not-meant': 'came later: not meant for this device',
};

const standings: Record<Holding | 'no-device', string> = {
  has: 'has it',
  waiting: 'waiting',
  'not-meant': 'came later',
  'no-device': 'no device',
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
  person: (holder: PersonHolding): string => standings[holdingOf(holder)],
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
