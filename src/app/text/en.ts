/**
 * Every word a person reads, in one place, so that tone and translation have one place. Words
 * follow UX.md §12: nothing is ever "sent", absence of others is not a failure. A further language
 * is a folder beside this file: see languages.ts.
 */
import type {
  ConversationKind,
  ConversationSummary,
  DeliveryState,
  InviteView,
  JoinStage,
  LastLine,
  MemberView,
  MessageItem,
  Presence,
  RelayView,
} from '../../core/api.ts';
import { files, filesLine } from './en-attachments.ts';
import { links } from './en-connection.ts';
import { announcement, format, lastLine, title } from './common.ts';
import * as composing from './en-composer.ts';
import { goTo, panes, search, shortcuts } from './en-navigation.ts';
import * as content from './en-content.ts';
import { messageDetails, safety } from './en-details.ts';
import { commandErrors, inviteProblems, troubles } from './en-problems.ts';
import { invite } from './en-invite.ts';
import { members } from './en-members.ts';
import { people as ofPeople } from './en-people.ts';
import {
  delivery,
  deliveryMarks,
  joinStages,
  levels,
  memberTrouble,
  messages,
  notice,
  people,
  presence,
  relayState,
  seconds,
  truth,
} from './en-states.ts';
import { counted, date, isolated, moment, number, shortTime, size } from './format.ts';

export const en = {
  appName: 'Sotto',
  notesToSelf: 'Notes to self',
  you: 'You',
  close: 'Close',
  understood: 'OK',
  cancel: 'Cancel',
  back: 'Back',
  skip: 'Skip to the conversation',
  starting: 'Opening what is on this device',
  title,

  format,

  firstRun: {
    title: 'Sotto',
    promise: 'Private conversations, from device to device. No account, no phone number.',
    name: 'Your name',
    nameHint: 'Only people you invite see it.',
    start: 'Start',
    haveInvite: 'I have an invite',
    linkDevice: 'Link this device',
    restore: 'Restore a backup',
    nameMissing: 'Write a name first: the people you invite will see it.',
    notAudited: 'Not audited. Do not rely on it for safety of life.',
  },

  later: {
    linkTitle: 'Link this device',
    link: 'Linking a second device comes in a later version of Sotto. For now each device starts on its own: you can invite your other device like another person.',
    restoreTitle: 'Restore a backup',
    restore:
      'Backups come in a later version of Sotto, so there is nothing to restore yet. What you write stays on the devices of the people in a conversation.',
  },

  join: {
    title: 'Join',
    action: 'Join',
    reading: 'Reading the invite',
    invited: { direct: 'You are invited to talk.', group: 'You are invited to a group.' },
    asks: 'The person who made this link approves you before you are in.',
    isOpen: 'Anyone with this link can join.',
    expires: (atMs: number): string => `The link works until ${date(atMs)}.`,
    relays: (count: number): string =>
      `It brings ${counted(count, 'relay that helps', 'relays that help')} your devices find each other. Relays see addresses, not messages.`,
    withoutInvite: 'Go on without the invite',
    paste: 'Paste an invite link',
    pasteHint: 'The whole link, as you got it.',
    go: 'Continue',
    waiting: 'Waiting for approval',
    waitingRow: { direct: 'Waiting to talk', group: 'Waiting to join a group' },
    stage: (stage: JoinStage): string => joinStages[stage],
    words:
      'Compare these four words with the person who invited you. If they differ, do not go on.',
    giveUp: 'Stop waiting',
    remove: 'Remove',
    wait: 'You may close this or write elsewhere: Sotto goes on in the background.',
  },

  list: {
    label: 'Conversations',
    settings: 'Settings',
    fresh: 'New conversation',
    inviteSomeone: 'Invite someone',
    newGroup: 'New group',
    joinWithLink: 'Join with a link',
    draft: (text: string): string => `Draft: ${text}`,
    lastLine: (line: LastLine, kind: ConversationKind): string =>
      lastLine(line, kind, {
        you: 'You',
        kinds: { poll: 'Poll', location: 'Location', card: 'Contact', deleted: 'Deleted message' },
        files: filesLine,
      }),
    empty: 'Nothing here yet',
    unread: (count: number): string => `${number(count)} unread`,
    waiting: (count: number): string => `${messages(count)} waiting`,
    failed: 'Stopped',
    sections: 'Sections',
    sectionYou: 'You',
  },

  group: {
    title: 'New group',
    name: 'Group name',
    create: 'Create group',
    nameMissing: 'Give the group a name first.',
    hint: 'Members see it. You invite people next.',
  },

  invite,
  request: {
    label: 'People who want to join',
    wants: (name: string): string => `${name} wants to join`,
    into: (name: string): string => `to ${name}`,
    words: 'Both of you see the same four words. Compare them by voice.',
    approve: 'Approve',
    decline: 'Decline',
    away: 'Not online now: your answer waits for them.',
  },

  conversation: {
    none: 'Choose a conversation, or start a new one.',
    unknown: 'This conversation is not on this device.',
    log: (name: string): string => `Messages with ${name}`,
    details: 'Details',
    connectionDetails: 'Connection details',
    truthLine: ({ truth: line, waitingCount, kind }: ConversationSummary): string =>
      waitingCount > 0 && kind !== 'self'
        ? `${truth(line)} · ${messages(waitingCount)} only on this device`
        : truth(line),
    emptySelf: 'A place for your own notes. Everything here works without a network.',
    emptySelfInvite: 'Talk with somebody: a link or a QR code is all they need.',
    emptyDirect: (name: string): string => `You and ${name} can write now.`,
    emptyGroup: 'Only you are here so far. Invite people with a link.',
    emptyGroupMany: 'Nobody has written yet.',
    newMessages: 'New messages',
    toLatest: 'Jump to latest',
    late: (count: number): string => `${counted(count, 'older message', 'older messages')} arrived`,
    newBelow: (count: number): string => `${number(count)} new`,
    earlier: (count: number): string => `${messages(count)} before these`,
    failed: (errorId: string): string =>
      `Sotto stopped this conversation to protect it. What is stored here is untouched. Error ${errorId}`,
    longWaiting: (name: string, heardAtMs: number | undefined, nowMs: number): string =>
      `${
        heardAtMs === undefined
          ? `${name} has not been online yet.`
          : `${name} has not been online since ${moment(heardAtMs, nowMs)}.`
      } This will be delivered when you are both online.`,
    longWaitingGroup: 'Nobody else is online. This will be delivered when somebody is.',
  },

  message: {
    ...content.message,
    delivery,
    mark: (state: DeliveryState): string => deliveryMarks[state],
    late: (item: MessageItem, nowMs: number): string =>
      `Received late: written ${moment(item.sentAtMs, nowMs)}, arrived ${moment(item.arrivedAtMs ?? item.sentAtMs, nowMs)}`,
    notice,
    gap: (count: number, name: string | undefined): string => {
      const from = name === undefined ? '' : ` from ${isolated(name)}`;
      return count === 1
        ? `1 earlier message${from} has not arrived yet`
        : `${number(count)} earlier messages${from} have not arrived yet`;
    },
  },

  announcer: {
    message: (item: MessageItem): string =>
      announcement(item.author.name, content.message.content(item)),
    many: (count: number): string => counted(count, 'new message', 'new messages'),
  },

  members,
  people: ofPeople,

  actions: content.actions,
  selection: content.selection,
  quote: content.quote,
  reactions: content.reactions,
  mention: content.mention,
  link: content.link,
  code: content.code,
  poll: content.poll,
  place: content.place,
  card: content.card,
  pins: content.pins,
  thread: content.thread,
  versions: content.versions,
  disappearing: content.disappearing,
  ...composing,
  files,

  connection: {
    label: 'Connection',
    title: 'Connection details',
    offline: 'Offline. You can keep reading and writing; messages go out later.',
    starting: 'Getting ready to connect',
    connected: (directCount: number, relayedCount: number): string =>
      `Connected: ${[
        ...(directCount > 0 ? [`${number(directCount)} directly`] : []),
        ...(relayedCount > 0 ? [`${number(relayedCount)} through a relay`] : []),
      ].join(', ')}`,
    alone: 'No one else is online',
    noRelay: 'Cannot reach any relay',
    noRelayRetry: (ms: number): string => `Cannot reach any relay: retrying in ${seconds(ms)}`,
    noRelaySet: 'No relay yet: add one in settings',
    connecting: 'Connecting',
    peers: 'Peers',
    direct: 'Directly connected',
    relayed: 'Through a relay',
    directNote: 'Direct connections go from browser to browser. The other side sees your address.',
    relays: 'Relays',
    relayNote:
      'Relays help devices find each other and carry sealed messages. They cannot read them.',
    noRelays: 'None',
    relayState: (relay: RelayView): string =>
      relay.isOwn ? `${relayState(relay)} · of this page` : relayState(relay),
    webRtc: 'WebRTC',
    webRtcYes: 'Works in this browser',
    webRtcNo: 'Missing in this browser: everything goes through relays',
    network: 'Network',
    networkOn: 'This device says it is online',
    networkOff: 'This device says it is offline',
    here: 'In this conversation',
    ...links,
    presence,
  },

  details: {
    title: 'Details',
    members: 'Members',
    trouble: memberTrouble,
    level: (level: MemberView['level']): string => levels[level],
    me: '(you)',
    presence,
    presenceShort: (value: Presence, nowMs: number): string => {
      if (value.kind === 'here') return 'here now';
      return value.kind === 'heard' ? `seen ${shortTime(value.atMs, nowMs)}` : 'unknown';
    },
    devices: (count: number): string => counted(count, 'device', 'devices'),
    invites: 'Living invites',
    noInvites: 'None',
    inviteKind: ({ isOpen, options }: Pick<InviteView, 'isOpen' | 'options'>): string =>
      [
        isOpen ? 'Anyone with the link' : 'With approval',
        ...(options.level === 'member' ? [] : [`as ${levels[options.level].toLowerCase()}`]),
      ].join(' · '),
    revoke: 'Revoke',
    people: (count: number): string => people(count),
  },

  messageDetails,
  safety,

  settings: {
    title: 'Settings',
    profile: 'Profile',
    name: 'Your name',
    nameHint: 'Only people you invite see it.',
    save: 'Save',
    saved: 'Saved',
    appearance: 'Appearance',
    theme: 'Theme',
    themes: { system: 'System', light: 'Light', dark: 'Dark', contrast: 'Contrast' },
    accent: 'Accent colour',
    accents: { teal: 'Teal', blue: 'Blue', violet: 'Violet', pink: 'Pink', green: 'Green' },
    density: 'Density',
    densities: { comfortable: 'Comfortable', compact: 'Compact' },
    textSize: 'Text size',
    language: 'Language',
    languageSystem: 'System',
    languageOutOfReach: 'This language could not be fetched. Connect once, then choose it again.',
    letterKeys: 'Single-letter shortcuts',
    letterKeysHint: 'Only where the list or the messages have the focus.',
    shortcuts: 'Keyboard shortcuts',
    relays: 'Relays',
    relaysHint:
      'A relay helps your devices find others and passes sealed messages on while there is no direct way. It sees addresses, not messages.',
    relayAddress: 'Relay address',
    relayExample: '/dns4/relay.example/tcp/443/wss/p2p/…',
    addRelay: 'Add relay',
    removeRelay: (address: string): string => `Remove ${address}`,
    noRelays: 'No relay. Devices can still talk while they are connected directly.',
    storage: 'Storage',
    used: (used: number, quota: number): string => `${size(used)} of ${size(quota)} used`,
    unmeasured: 'This browser does not say how much space is used.',
    kept: 'This browser has promised to keep Sotto’s data.',
    notKept: 'This browser may clear Sotto’s data when space runs out.',
    keep: 'Keep the data on this device',
    keepRefused:
      'The browser did not promise it. Installing the app or using it often makes it say yes.',
    about: 'About',
    version: (version: string): string => `Version ${version}`,
    notAudited: 'Not audited. Do not rely on it for safety of life.',
    promise:
      'Messages are encrypted on this device and readable only on the devices of the people in a conversation. Nobody can restore them for you: there is no account and no server that keeps them.',
    licence: 'Free software under the AGPL-3.0-or-later.',
  },

  shortcuts,
  search,
  goTo,
  panes,

  tab: {
    title: 'Sotto is open in another tab',
    body: 'One tab at a time talks to others. Nothing is lost: this tab can take over.',
    use: 'Use Sotto here',
  },

  troubles,
  noWebRtc: 'This browser has no WebRTC, so messages go through a relay instead of directly.',
  dismiss: 'Dismiss',
  commandErrors,
  inviteProblems,
  unusable: 'Sotto cannot start',
  conversationName: (conversation: Pick<ConversationSummary, 'kind' | 'name'>): string =>
    conversation.kind === 'self' ? 'Notes to self' : conversation.name,
};
