/** The words for pictures, films, voice messages and files. */
import type {
  AttachmentsLine,
  AttachmentState,
  AttachmentWait,
  FileOnItsWay,
} from '../../core/api.ts';
import type { Cleaning } from '../../media/cleaning.ts';
import type { CameraProblem } from '../../media/camera.ts';
import type { MicrophoneProblem } from '../../media/microphone.ts';
import type { ChoiceProblem } from '../attachments/choice-problem.ts';
import { filesText, fractionOf, sharedText } from './common.ts';
import { counted, isolated, number, percent, playTime, size } from './format.ts';

const people = (count: number): string => counted(count, 'person', 'people');

const waits: Record<AttachmentWait, string> = {
  ask: 'Not fetched yet',
  holder: 'Nobody who has it is here',
  'direct-path': 'Waits for a direct path',
  space: 'No space on this device',
};

const cleanings: Record<Cleaning, string> = {
  cleaned: 'Location and camera data removed',
  original: 'Original: keeps where, when and with what it was made',
  partly: 'Location and camera data removed, but for a hidden track in this film',
  'as-is': 'Files go as they are, with what they say about themselves',
};

const problems: Record<ChoiceProblem, (name: string) => string> = {
  corrupt: (name) => `${name} is damaged and cannot be shown.`,
  mislabelled: (name) => `${name} is not what its name says it is.`,
  'too-many-pixels': (name) => `${name} has more than 50 million pixels.`,
  empty: (name) => `${name} is empty.`,
  unreadable: (name) => `${name} cannot be read.`,
  folder: (name) => `${name} is a folder. Choose the files in it instead.`,
  'too-many': (name) => `${name} is too much for one message. Put it into the next one.`,
};

const microphone: Record<MicrophoneProblem, string> = {
  denied: 'The browser does not let Sotto use the microphone. Allow it in the site settings.',
  'no-microphone': 'No microphone was found. Connect one, then try again.',
  unsupported: 'This browser cannot record.',
};

const camera: Record<CameraProblem, string> = {
  denied: 'The browser does not let Sotto use the camera. Allow it in the site settings.',
  'no-camera': 'No camera was found. Connect one, then try again.',
  unsupported: 'This browser cannot use a camera.',
};

export const filesLine = (line: AttachmentsLine): string =>
  filesText(line, {
    one: { image: 'Photo', video: 'Video', voice: 'Voice message', file: 'File' },
    many: {
      image: (count) => `${number(count)} photos`,
      video: (count) => `${number(count)} videos`,
      voice: (count) => `${number(count)} voice messages`,
      file: (count) => `${number(count)} files`,
    },
  });

const giver = ({ isFromMailbox, fromCount }: FileOnItsWay): string =>
  isFromMailbox === true ? 'the mailbox' : people(fromCount);

/** Undefined: there is nothing to say but what is seen. */
const state = (of: AttachmentState, sizeBytes: number, isMine: boolean): string | undefined => {
  switch (of.kind) {
    case 'preparing':
      return 'Preparing';
    case 'here':
      if (!isMine) return undefined;
      return sharedText(of, {
        sharing: (hundredths) => `Sharing ${percent(hundredths)}`,
        held: (count) => `${people(count)} ${count === 1 ? 'has' : 'have'} it`,
        nobody: 'Sharing · no one has it yet',
      });
    case 'fetching':
      return `Fetching ${percent(fractionOf(of.doneBytes, sizeBytes))} from ${giver(of)}`;
    case 'waiting':
      return waits[of.for];
    case 'paused':
      return `Paused at ${percent(fractionOf(of.doneBytes, sizeBytes))}`;
  }
};

export const files = {
  line: filesLine,
  state,
  size,
  playTime,
  label: 'Pictures and files',
  fetch: (name: string): string => `Fetch ${name}`,
  pause: (name: string): string => `Pause ${name}`,
  stop: (name: string): string => `Stop fetching ${name}`,
  save: (name: string): string => `Save ${name}`,
  saving: (hundredths: number): string => `Saving ${percent(hundredths)}`,
  tooLarge: 'Too large for this browser to save. Open Sotto in Chrome or Edge on a computer.',
  notShown: 'This cannot be shown here. It can be saved.',
  open: (name: string): string => `Open ${name}`,
  playVideo: (name: string, ms: number): string => `Play ${name}, ${playTime(ms)}`,
  move: (name: string): string => `Play the animation ${name}`,

  tray: {
    label: 'Chosen files',
    media: 'Picture or video',
    camera: 'Take a picture',
    file: 'File',
    preparing: 'Preparing',
    remove: (name: string): string => `Remove ${name}`,
    earlier: (name: string): string => `Move ${name} earlier`,
    later: (name: string): string => `Move ${name} later`,
    total: (count: number, bytes: number): string =>
      `${counted(count, 'file', 'files')} · ${size(bytes)}`,
    cleaning: (of: Cleaning): string => cleanings[of],
    original: 'Send original',
    originalHint: 'Keeps where, when and with what pictures and films were made.',
    untilClosed: 'Chosen files are kept until this page is closed.',
    problem: (of: ChoiceProblem, name: string): string => problems[of](isolated(name)),
    isLong: (count: number): string => `${counted(count, 'character', 'characters')} of text`,
    asFile: 'Send as a file',
    textName: 'Text',
  },
  drop: {
    to: (name: string): string => `Send to ${isolated(name)}`,
    hint: 'Esc cancels',
  },
  viewer: {
    position: (at: number, count: number): string => `${number(at)} of ${number(count)}`,
    previous: 'Previous picture',
    next: 'Next picture',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
  },
  voice: {
    record: 'Record voice message',
    name: 'Voice message',
    recording: (ms: number): string => `Recording ${playTime(ms)}`,
    paused: (ms: number): string => `Paused ${playTime(ms)}`,
    asking: 'Waiting for the microphone',
    pause: 'Pause recording',
    resume: 'Go on recording',
    finish: 'Listen first',
    cancel: 'Discard recording',
    send: 'Send voice message',
    play: 'Play voice message',
    stop: 'Pause voice message',
    position: 'Position',
    speed: (rate: number): string => `Speed ${number(rate)}×`,
    rate: (rate: number): string => `${number(rate)}×`,
    player: 'Voice message player',
    from: (name: string): string => `Voice message from ${isolated(name)}`,
    close: 'Stop and close',
    problem: (of: MicrophoneProblem): string => microphone[of],
    unusable: 'Nothing could be recorded. Try again.',
  },
  camera: {
    name: 'Picture',
    asking: 'Waiting for the camera',
    take: 'Take picture',
    problem: (of: CameraProblem): string => camera[of],
  },
  shared: {
    title: 'Send to…',
    leftOut: (count: number): string =>
      `${counted(count, 'file was', 'files were')} left out: too many, too large, or no space.`,
    discard: 'Discard',
  },
  rules: {
    title: 'Automatic downloads',
    kinds: { image: 'Pictures', voice: 'Voice messages', video: 'Videos', file: 'Other files' },
    size: 'Largest file',
    onMetered: 'Also on a metered connection',
    treatAsMetered: 'Treat this connection as metered',
    treatAsMeteredHint: 'Where data costs money and the browser does not know.',
    isMetered: 'The browser says it is.',
    asInSettings: 'As in the settings',
    own: 'Own rules',
  },
  gallery: {
    title: 'Pictures and files',
    none: 'Nothing here yet.',
    used: (bytes: number): string => `${size(bytes)} on this device`,
    free: 'Free up space',
    freeHint: 'Takes the files off this device. They can be fetched again while somebody has them.',
  },
};
