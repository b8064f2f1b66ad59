/** What a peer without a screen prints: plain lines, one for each thing it has to say. */
import type { CommandError, CoreState, JoinView, Trouble } from '../../core/api.ts';
import { commandErrors } from './en-problems.ts';

/** Names are others' words: in a terminal a control character could act. */
const printable = (text: string): string => text.replace(/\p{C}/gu, '');

const problems: Record<CommandError, string> = {
  ...commandErrors,
  'newer-version': 'This invite was made by a newer Sotto. Update this one first.',
  'storage-failed': 'The data folder cannot be written to.',
};

const troubles: Record<Exclude<Trouble, 'no-webrtc'>, string> = {
  'disk-full': 'The disk is full: nothing new is kept until there is space again.',
  'storage-open-failed': 'The data in this folder cannot be opened. Nothing was changed.',
  'storage-blocked': 'Another process uses this data folder. Stop it, or choose another folder.',
  'storage-newer': 'The data in this folder was written by a newer Sotto. Nothing was changed.',
  'storage-failed': 'Writing to the data folder failed. It is tried again.',
  'storage-lost': 'The data that was in this folder is gone.',
  'core-failed': 'A part of Sotto did not start.',
};

const joinLine = ({ stage, words }: JoinView): string | undefined => {
  switch (stage) {
    case 'looking':
    case 'connecting':
      return 'Joining: looking for somebody who answers the invite.';
    case 'parked':
      return 'Joining: the request lies in a mailbox until somebody sees it.';
    case 'waiting-approval':
      return `Joining: somebody has to approve. Both sides see these words: ${words.join(' ')}`;
    case 'declined':
      return 'Joining: the request was declined.';
    case 'joined':
      return undefined; // the conversation says so
  }
};

export const peer = {
  usage: [
    'npm run peer -- --data DIR [--name NAME] [--join LINK] [--relay ADDRESS]… [--mailbox]',
    '                [--listen HOST:PORT [--announce ADDRESS]…]',
    '',
    '  --data DIR          keeps everything this peer has; made if it is not there',
    '  --name NAME         what others see; Peer if nothing is said',
    '  --join LINK         an invite link; needed once',
    '  --relay ADDRESS     a relay to be found at; again for each further one',
    '  --mailbox           be a relay with a mailbox for others as well',
    '  --listen HOST:PORT  where members may dial this peer without a relay',
    '  --announce ADDRESS  told to them instead, where a proxy or a router stands in front',
  ].join('\n'),
  usualName: 'Peer',
  dataMissing: 'Say with --data where this peer keeps its data.',
  nameUnfit: 'The name after --name is empty or too long.',
  notARelay: (address: string): string =>
    `"${printable(address)}" is no relay address. It looks like /dns4/relay.example/tcp/443/wss/p2p/…`,
  tooManyRelays: (max: number): string => `At most ${max} relays can be given.`,
  listenUnfit: (listen: string): string =>
    `"${printable(listen)}" after --listen is no host and port. They look like 127.0.0.1:4020 or [::1]:4020`,
  announceMissing: 'Where --listen means every address of this machine, say one with --announce.',
  notDirect: (address: string): string =>
    `"${printable(address)}" after --announce cannot be dialled. It looks like /dns4/peer.example/tcp/443/wss`,
  tooManyAnnounced: (max: number): string => `At most ${max} addresses can be announced.`,
  mailboxOff:
    '--mailbox needs SOTTO_MAILBOX_MB and SOTTO_MAILBOX_DAYS to be above 0, or not to be set.',
  notListening: 'The relay could not listen anywhere: is SOTTO_WS_PORT in use?',
  notStarted: (reason: string): string => `The peer could not start: ${printable(reason)}`,
  name: (name: string): string => `Name: ${printable(name)}`,
  address: (address: string): string => `Address: ${address}`,
  listens: (address: string): string => `Listens: ${address}`,
  noAddress: 'Address: none of its own. Others find it at the relays it knows.',
  problem: (error: CommandError): string => problems[error],
  troublesOf: ({ troubles: all }: CoreState): ReadonlyArray<string> =>
    all.flatMap((trouble) => (trouble === 'no-webrtc' ? [] : [troubles[trouble]])),
  /** What there is to say of a state; each line is worth saying once. */
  linesOf: (state: CoreState): ReadonlyArray<string> => [
    ...state.connection.relays
      .filter((relay) => relay.state === 'up')
      .map(({ address }) => `Relay: ${address}`),
    ...state.joins.flatMap((join) => joinLine(join) ?? []),
    ...state.conversations
      .filter(({ kind }) => kind !== 'self')
      .map(({ name }) => `In: ${printable(name)}`),
    ...peer.troublesOf(state),
  ],
};
