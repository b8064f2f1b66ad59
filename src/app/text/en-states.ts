/** The words for states that the core reports: who can be reached, who has a message, how far an invite is. */
import type {
  Closed,
  ConversationKind,
  Delivery,
  DeliveryState,
  InviteView,
  JoinStage,
  MemberLevel,
  MemberTrouble,
  Notice,
  Person,
  Presence,
  RelayView,
  SharedHistory,
  TruthLine,
} from '../../core/api.ts';
import { wholeSeconds } from './common.ts';
import { counted, isolated, moment, number, timer } from './format.ts';

export const seconds = (ms: number): string => `${number(wholeSeconds(ms))} s`;

export const people = (count: number): string => counted(count, 'person', 'people');
export const messages = (count: number): string => counted(count, 'message', 'messages');

export const truth = (line: TruthLine): string => {
  switch (line.kind) {
    case 'only-you':
      return 'Only you can read this';
    case 'direct':
      return line.peopleCount === 1
        ? 'Direct · here now'
        : `Direct · ${number(line.onlineCount)} of ${people(line.peopleCount)} online`;
    case 'relayed':
      return line.peopleCount === 1
        ? 'Through your relay · here now'
        : `Through your relay · ${number(line.onlineCount)} of ${people(line.peopleCount)} online`;
    case 'alone':
      return 'No one else is online';
    case 'offline':
      return 'You are offline';
    case 'catching-up':
      return `Catching up ${number(line.haveCount)} of ${number(line.totalCount)}`;
    case 'no-relay':
      return line.retryMs === undefined
        ? 'Cannot reach any relay'
        : `Cannot reach any relay: retrying in ${seconds(line.retryMs)}`;
    case 'connecting':
      return 'Connecting';
  }
};

const waitingFor = (kind: ConversationKind, name: string): string => {
  if (kind === 'self') return 'Only on this device';
  return kind === 'direct' && name !== ''
    ? `Waiting for ${name}`
    : 'Waiting for a device to come online';
};

const forNobody = 'Nobody else was here yet: only you have it';

const holders = ({ haveCount, peopleCount }: Delivery): string =>
  haveCount >= peopleCount
    ? 'Everyone has it'
    : `${number(haveCount)} of ${people(peopleCount)} have it · ${number(peopleCount - haveCount)} waiting`;

/** Counts people, never devices, and never says "sent" (UX.md §B3). */
export const delivery = (status: Delivery, kind: ConversationKind, name: string): string => {
  const { isForNobody = false } = status;
  switch (status.state) {
    case 'saved':
      return isForNobody ? forNobody : waitingFor(kind, name);
    case 'parked':
      return isForNobody ? forNobody : 'In the mailbox. No one has it yet.';
    case 'delivered':
      if (kind === 'self') return 'On another of your devices';
      return kind === 'direct' ? 'Delivered' : holders(status);
    case 'read':
      return kind === 'group' ? `Read · ${holders(status)}` : 'Read';
    case 'blocked':
      return 'You were removed before this was delivered';
    case 'expired':
      return 'Gone from this device before anyone received it';
  }
};

const named = (who: Person, mine: string): string => (who.isMe ? mine : isolated(who.name));

const ownHistories =
  'A device of yours sent two different histories, so others no longer take what it writes. A restored backup can cause it.';

/** A restored backup does it as well as a lie: only the person can tell. */
const twoHistories = (who: Person): string =>
  who.isMe
    ? ownHistories
    : `${isolated(who.name)}’s device sent two different histories. Ask ${isolated(who.name)}.`;

export const memberTrouble = (trouble: MemberTrouble, who: Person): string => {
  if (trouble === 'two-histories') return twoHistories(who);
  return who.isMe
    ? 'Your identity log does not match itself: somebody else may have your recovery phrase.'
    : `${isolated(who.name)}’s identity log does not match. Ask ${isolated(who.name)}.`;
};

const levelNouns: Record<MemberLevel, string> = {
  owner: 'an owner',
  admin: 'an admin',
  member: 'a member',
  reader: 'a reader',
};

/** In place of the composer. */
export const closed = (why: Closed): string => {
  switch (why.kind) {
    case 'removed':
      return why.by === undefined
        ? 'You were removed. What is here stays on this device.'
        : `You were removed by ${isolated(why.by.name)}. What is here stays on this device.`;
    case 'left':
      return 'You left. What is here stays on this device.';
    case 'reader':
      return 'You can read here, not write.';
    case 'two-histories':
      return ownHistories;
  }
};

export const notice = (line: Notice): string => {
  switch (line.kind) {
    case 'created':
      return `${named(line.by, 'You')} created the group`;
    case 'regrouped':
      return line.without === undefined
        ? `${named(line.by, 'You')} made this group out of another one, without somebody`
        : `${named(line.by, 'You')} made this group anew, without ${named(line.without, 'you')} · above is what was written before`;
    case 'joined':
      return `${named(line.who, 'You')} joined and ${reads[line.history]}`;
    case 'added': {
      const whom = line.who.isMe ? 'you, and you' : `${isolated(line.who.name)}, who`;
      return `${named(line.by, 'You')} added ${whom} ${reads[line.history]}`;
    }
    case 'removed':
      return `${named(line.by, 'You')} removed ${named(line.who, 'you')} · what comes next has new keys`;
    case 'left':
      return `${named(line.who, 'You')} left · what comes next has new keys`;
    case 'level':
      return `${named(line.by, 'You')} made ${named(line.who, 'you')} ${levelNouns[line.level]}`;
    case 'timer':
      return line.timerMs === undefined
        ? `${named(line.by, 'You')} turned disappearing messages off`
        : `${named(line.by, 'You')} set messages to disappear after ${timer(line.timerMs)}`;
    case 'forked':
      return twoHistories(line.who);
  }
};

const reads: Record<SharedHistory, string> = {
  none: 'can read nothing from before',
  since: 'can read what was written since the link was made',
  all: 'can read everything from before',
};

export const presence = (value: Presence, nowMs: number): string => {
  switch (value.kind) {
    case 'here':
      return value.path === 'direct' ? 'here now, directly' : 'here now, through a relay';
    case 'heard':
      return `last heard from ${moment(value.atMs, nowMs)}`;
    case 'unknown':
      return 'not heard from yet';
  }
};

export const levels: Record<MemberLevel, string> = {
  owner: 'Owner',
  admin: 'Admin',
  member: 'Member',
  reader: 'Reader',
};

export const inviteStages: Record<InviteView['stage'], string> = {
  waiting: 'Waiting for them to open it. You may close this.',
  parked: 'In the mailbox: this link works while you are away, too.',
  opened: 'Opened. Connecting to them.',
  asked: 'Somebody wants to join. Compare the four words.',
  joined: 'Joined.',
};

export const joinStages: Record<JoinStage, string> = {
  looking:
    'Looking for the person who invited you. Their device may be offline: this goes on by itself when it is back.',
  parked:
    'Your request is in the mailbox. No one who can approve it is online: you are in as soon as they do. You may close this.',
  connecting: 'Connecting to the person who invited you.',
  'waiting-approval': 'They have been asked. You are in as soon as they approve.',
  joined: 'You are in. Opening the conversation.',
  declined: 'They declined. Nothing of yours was kept there.',
};

export const relayState = (relay: RelayView): string => {
  switch (relay.state) {
    case 'up':
      return 'Connected';
    case 'connecting':
      return 'Connecting';
    case 'unreachable':
      return relay.retryMs === undefined
        ? 'Does not answer'
        : `Does not answer: retrying in ${seconds(relay.retryMs)}`;
    case 'bad-address':
      return 'Not a relay address';
  }
};

export const deliveryMarks: Record<DeliveryState, string> = {
  saved: 'Waiting',
  parked: 'In the mailbox',
  delivered: 'Delivered',
  read: 'Read',
  blocked: 'Not delivered',
  expired: 'Gone',
};
