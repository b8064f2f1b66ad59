/** Bilder, Filme, Sprachnachrichten und Dateien. */
import type {
  AttachmentsLine,
  AttachmentState,
  AttachmentWait,
  FileOnItsWay,
} from '../../../core/api.ts';
import type { Cleaning } from '../../../media/cleaning.ts';
import type { CameraProblem } from '../../../media/camera.ts';
import type { MicrophoneProblem } from '../../../media/microphone.ts';
import type { ChoiceProblem } from '../../attachments/choice-problem.ts';
import type { Catalogue } from '../catalogue.ts';
import { filesText, fractionOf, sharedText } from '../common.ts';
import { counted, isolated, number, percent, playTime, size } from '../format.ts';

const people = (count: number): string => counted(count, 'Person', 'Personen');

const waits: Record<AttachmentWait, string> = {
  ask: 'Noch nicht geholt',
  holder: 'Niemand, der es hat, ist hier',
  'direct-path': 'Wartet auf einen direkten Weg',
  space: 'Kein Platz auf diesem Gerät',
};

const cleanings: Record<Cleaning, string> = {
  cleaned: 'Orts- und Kameradaten entfernt',
  original: 'Original: behält, wo, wann und womit es entstand',
  partly: 'Orts- und Kameradaten entfernt, bis auf eine verborgene Spur in diesem Film',
  'as-is': 'Dateien gehen, wie sie sind, mit dem, was sie über sich sagen',
};

const problems: Record<ChoiceProblem, (name: string) => string> = {
  corrupt: (name) => `${name} ist beschädigt und lässt sich nicht zeigen.`,
  mislabelled: (name) => `${name} ist nicht, was der Name sagt.`,
  'too-many-pixels': (name) => `${name} hat mehr als 50 Millionen Bildpunkte.`,
  empty: (name) => `${name} ist leer.`,
  unreadable: (name) => `${name} lässt sich nicht lesen.`,
  folder: (name) => `${name} ist ein Ordner. Wähle stattdessen die Dateien darin.`,
  'too-many': (name) => `${name} ist zu viel für eine Nachricht. Nimm es in die nächste.`,
};

const microphone: Record<MicrophoneProblem, string> = {
  denied:
    'Der Browser lässt Sotto nicht ans Mikrofon. Erlaube es in den Einstellungen der Website.',
  'no-microphone': 'Es wurde kein Mikrofon gefunden. Schließ eines an und versuch es noch einmal.',
  unsupported: 'Dieser Browser kann nicht aufnehmen.',
};

const camera: Record<CameraProblem, string> = {
  denied:
    'Der Browser lässt Sotto nicht an die Kamera. Erlaube es in den Einstellungen der Website.',
  'no-camera': 'Es wurde keine Kamera gefunden. Schließ eine an und versuch es noch einmal.',
  unsupported: 'Dieser Browser kann keine Kamera benutzen.',
};

export const filesLine = (line: AttachmentsLine): string =>
  filesText(line, {
    one: { image: 'Foto', video: 'Video', voice: 'Sprachnachricht', file: 'Datei' },
    many: {
      image: (count) => `${number(count)} Fotos`,
      video: (count) => `${number(count)} Videos`,
      voice: (count) => `${number(count)} Sprachnachrichten`,
      file: (count) => `${number(count)} Dateien`,
    },
  });

const giver = ({ isFromMailbox, fromCount }: FileOnItsWay): string =>
  isFromMailbox === true ? 'aus dem Briefkasten' : `von ${people(fromCount)}`;

const state = (of: AttachmentState, sizeBytes: number, isMine: boolean): string | undefined => {
  switch (of.kind) {
    case 'preparing':
      return 'Wird vorbereitet';
    case 'here':
      if (!isMine) return undefined;
      return sharedText(of, {
        sharing: (hundredths) => `Wird geteilt: ${percent(hundredths)}`,
        held: (count) => `${people(count)} ${count === 1 ? 'hat' : 'haben'} es`,
        nobody: 'Wird geteilt · noch niemand hat es',
      });
    case 'fetching':
      return `Holt ${percent(fractionOf(of.doneBytes, sizeBytes))} ${giver(of)}`;
    case 'waiting':
      return waits[of.for];
    case 'paused':
      return `Angehalten bei ${percent(fractionOf(of.doneBytes, sizeBytes))}`;
  }
};

export const files: Catalogue['files'] = {
  line: filesLine,
  state,
  size,
  playTime,
  label: 'Bilder und Dateien',
  fetch: (name) => `${name} holen`,
  pause: (name) => `${name} anhalten`,
  stop: (name) => `${name} nicht mehr holen`,
  save: (name) => `${name} speichern`,
  saving: (hundredths) => `Speichert ${percent(hundredths)}`,
  tooLarge:
    'Zu groß, als dass dieser Browser es speichern könnte. Öffne Sotto in Chrome oder Edge auf einem Computer.',
  notShown: 'Das lässt sich hier nicht zeigen. Es lässt sich speichern.',
  open: (name) => `${name} öffnen`,
  playVideo: (name, ms) => `${name} abspielen, ${playTime(ms)}`,
  move: (name) => `Animation ${name} abspielen`,

  tray: {
    label: 'Gewählte Dateien',
    media: 'Bild oder Video',
    camera: 'Bild aufnehmen',
    file: 'Datei',
    preparing: 'Wird vorbereitet',
    remove: (name) => `${name} entfernen`,
    earlier: (name) => `${name} weiter nach vorn`,
    later: (name) => `${name} weiter nach hinten`,
    total: (count, bytes) => `${counted(count, 'Datei', 'Dateien')} · ${size(bytes)}`,
    cleaning: (of) => cleanings[of],
    original: 'Original senden',
    originalHint: 'Behält, wo, wann und womit Bilder und Filme entstanden.',
    untilClosed: 'Gewählte Dateien bleiben, bis diese Seite geschlossen wird.',
    problem: (of, name) => problems[of](isolated(name)),
    isLong: (count) => `${counted(count, 'Zeichen', 'Zeichen')} Text`,
    asFile: 'Als Datei senden',
    textName: 'Text',
  },
  drop: {
    to: (name) => `An ${isolated(name)} senden`,
    hint: 'Esc bricht ab',
  },
  viewer: {
    position: (at, count) => `${number(at)} von ${number(count)}`,
    previous: 'Voriges Bild',
    next: 'Nächstes Bild',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
  },
  voice: {
    record: 'Sprachnachricht aufnehmen',
    name: 'Sprachnachricht',
    recording: (ms) => `Aufnahme ${playTime(ms)}`,
    paused: (ms) => `Angehalten ${playTime(ms)}`,
    asking: 'Wartet auf das Mikrofon',
    pause: 'Aufnahme anhalten',
    resume: 'Weiter aufnehmen',
    finish: 'Erst anhören',
    cancel: 'Aufnahme verwerfen',
    send: 'Sprachnachricht senden',
    play: 'Sprachnachricht abspielen',
    stop: 'Sprachnachricht anhalten',
    position: 'Stelle',
    speed: (rate) => `Tempo ${number(rate)}×`,
    rate: (rate) => `${number(rate)}×`,
    player: 'Wiedergabe der Sprachnachricht',
    from: (name) => `Sprachnachricht von ${isolated(name)}`,
    close: 'Anhalten und schließen',
    problem: (of) => microphone[of],
    unusable: 'Es ließ sich nichts aufnehmen. Versuch es noch einmal.',
  },
  camera: {
    name: 'Bild',
    asking: 'Wartet auf die Kamera',
    take: 'Auslösen',
    problem: (of) => camera[of],
  },
  shared: {
    title: 'Senden an …',
    leftOut: (count) =>
      `${counted(count, 'Datei blieb', 'Dateien blieben')} weg: zu viele, zu groß oder kein Platz auf diesem Gerät.`,
    discard: 'Verwerfen',
  },
  rules: {
    title: 'Automatisch holen',
    kinds: { image: 'Bilder', voice: 'Sprachnachrichten', video: 'Filme', file: 'Andere Dateien' },
    size: 'Größte Datei',
    onMetered: 'Auch bei einer getakteten Verbindung',
    treatAsMetered: 'Diese Verbindung als getaktet behandeln',
    treatAsMeteredHint: 'Wenn Daten Geld kosten und der Browser es nicht weiß.',
    isMetered: 'Der Browser sagt, dass sie es ist.',
    asInSettings: 'Wie in den Einstellungen',
    own: 'Eigene Regeln',
  },
  gallery: {
    title: 'Bilder und Dateien',
    none: 'Noch nichts hier.',
    used: (bytes) => `${size(bytes)} auf diesem Gerät`,
    free: 'Platz schaffen',
    freeHint:
      'Nimmt die Dateien von diesem Gerät. Sie lassen sich wieder holen, solange jemand sie hat.',
  },
};
