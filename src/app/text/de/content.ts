/** Woraus Nachrichten bestehen, und was man mit ihnen tun kann. */
import type {
  Card,
  Deletion,
  MessageItem,
  PinView,
  Poll,
  PollOption,
  Quote,
  Reaction,
} from '../../../core/api.ts';
import type { LinkOddity } from '../../links.ts';
import type { Catalogue } from '../catalogue.ts';
import {
  messageContent,
  messageName,
  peopleNames,
  pinText,
  quoteText,
  reactionChip,
} from '../common.ts';
import { filesLine } from './attachments.ts';
import { coordinates, isolated, moment, number, plural, remaining, timer } from '../format.ts';
import { messages } from './states.ts';

const left = (leftMs: number): string => remaining(leftMs) ?? 'unter 1 Min.';

const votes = (count: number): string => plural(count, { one: '# Stimme', other: '# Stimmen' });

const deletion = (item: MessageItem, { askedCount, confirmedCount }: Deletion): string => {
  if (!item.author.isMe) return 'Gelöscht von der Person, die sie schrieb';
  return askedCount === 0
    ? 'Gelöscht'
    : `${plural(askedCount, { one: '# Gerät', other: '# Geräte' })} um Löschung gebeten · ${number(confirmedCount)} bestätigt`;
};

const content = (item: MessageItem): string =>
  messageContent(item, {
    deletion,
    poll: (question) => `Umfrage: ${question}`,
    place: (where) => `Standort: ${where}`,
    card: (name) => `Kontakt: ${name}`,
    files: filesLine,
  });

const oddities: Record<LinkOddity, string> = {
  'other-host': 'Der Text dieses Links nennt einen anderen Ort als den, zu dem er führt.',
  punycode:
    'Diese Adresse hat Buchstaben, die wie andere aussehen können. Sie wird gezeigt, wie sie wirklich ist.',
  'mixed-script':
    'Diese Adresse mischt Buchstaben mehrerer Schriften, wie es nachgeahmte Adressen tun.',
};

const message = {
  name: (item: MessageItem, status: string | undefined): string =>
    messageName(item, status, {
      you: 'Du',
      edited: 'bearbeitet',
      comma: ', ',
      content: content(item),
    }),
  content,
  edited: 'bearbeitet',
  showVersions: 'bearbeitet: frühere Fassungen zeigen',
  forwarded: 'Weitergeleitet',
  pinned: 'Angeheftet',
  deletion,
  disappears: (leftMs: number): string => `Verschwindet: noch ${left(leftMs)}`,
  remaining: left,
  notBegun: (timerMs: number): string => `Bleibt nach dem Lesen noch ${timer(timerMs)}`,
};

const actions: Catalogue['actions'] = {
  react: 'Reagieren',
  reply: 'Antworten',
  more: 'Mehr',
  edit: 'Bearbeiten',
  deleteEveryone: 'Alle um Löschung bitten',
  deleteHere: 'Auf diesem Gerät löschen',
  pin: 'Anheften',
  unpin: 'Lösen',
  openThread: 'Thread öffnen',
  forward: 'Weiterleiten',
  select: 'Auswählen',
  selected: (name: string): string => `Auswählen: ${name}`,
  markUnread: 'Als ungelesen markieren',
  resend: 'Noch einmal schreiben',
};

const selection: Catalogue['selection'] = {
  label: 'Ausgewählte Nachrichten',
  count: (count: number): string => `${number(count)} ausgewählt`,
  copy: 'Kopieren',
  leave: 'Auswahl beenden',
  line: (item: MessageItem, nowMs: number): string =>
    `${item.author.name}, ${moment(item.sentAtMs, nowMs)}: ${content(item)}`,
  deleteTitle: (count: number): string => `${messages(count)} löschen?`,
  deleteHere: 'Nur von diesem Gerät. Die anderen behalten, was sie haben.',
  deleteEveryone:
    'Jedes Gerät wird gebeten, sein Exemplar zu löschen. Eines, das nicht da ist, tut es, sobald es zurück ist; eine veränderte App kann es behalten.',
};

const quote: Catalogue['quote'] = {
  label: (name: string): string => `Zu dem, was ${name} geschrieben hat`,
  you: 'Du',
  text: (of: Quote): string =>
    quoteText(of, {
      missing: 'Diese Nachricht ist noch nicht angekommen',
      deleted: 'Diese Nachricht wurde gelöscht',
      files: filesLine,
    }),
  missing: 'Diese Nachricht ist noch nicht angekommen.',
  notHere: 'Diese Nachricht ist nicht auf diesem Gerät.',
  back: 'Zurück',
};

const reactions: Catalogue['reactions'] = {
  label: 'Reaktionen',
  chip: (of: Reaction): string => reactionChip(of, 'du'),
};

const mention: Catalogue['mention'] = { everyone: 'alle' };

const link: Catalogue['link'] = {
  title: 'Diesen Link öffnen?',
  leads: 'Er führt zu',
  open: 'Öffnen',
  oddity: (oddity: LinkOddity): string => oddities[oddity],
  hint: 'Die Seite sieht deine Adresse. Sie sieht nicht, wo du den Link gefunden hast.',
};

const code: Catalogue['code'] = { copy: 'Code kopieren', copied: 'Kopiert' };

const poll: Catalogue['poll'] = {
  votes: ({ voterCount }: Poll): string => votes(voterCount),
  kind: ({ isMultiple }: Poll): string => (isMultiple ? 'Mehrere Antworten' : 'Eine Antwort'),
  option: ({ text, count }: PollOption): string => `${text}: ${votes(count)}`,
  who: ({ people }: PollOption): string => peopleNames(people, 'du'),
  takeBack: 'Meine Stimme zurücknehmen',
  countsOnly: 'Zeigt nur Zahlen. Die Geräte aller hier wissen trotzdem, wer wofür gestimmt hat.',
};

const place: Catalogue['place'] = {
  label: 'Standort',
  coordinates,
  copy: 'Koordinaten kopieren',
  copied: 'Kopiert',
  open: 'In einer Karten-App öffnen',
};

const card: Catalogue['card'] = {
  label: 'Kontakt',
  message: 'Schreiben',
  messageTo: (name: string): string => `${name} schreiben`,
  unreachable: ({ person }: Card): string =>
    `${isolated(person.name)} ist von hier aus nicht zu erreichen.`,
};

const pins: Catalogue['pins'] = {
  title: 'Angeheftete Nachrichten',
  text: (pin: PinView): string => pinText(pin, filesLine),
  bar: (pin: PinView): string =>
    `Angeheftet: ${pin.author.isMe ? 'Du' : isolated(pin.author.name)}: ${pinText(pin, filesLine)}`,
  by: ({ pinnedBy }: PinView): string =>
    `Angeheftet von ${pinnedBy.isMe ? 'dir' : isolated(pinnedBy.name)}`,
  go: 'Zur angehefteten Nachricht',
  count: (count: number): string => `${number(count)} angeheftet`,
};

const thread: Catalogue['thread'] = {
  title: 'Thread',
  reply: 'Im Thread antworten',
  replies: (count: number): string => plural(count, { one: '# Antwort', other: '# Antworten' }),
  empty: 'Hier hat noch niemand geantwortet.',
};

const versions: Catalogue['versions'] = {
  title: 'Frühere Fassungen',
  original: 'Erste Fassung',
  hint: 'Wer die Nachricht hat, hat alle ihre Fassungen.',
  at: moment,
};

const disappearing: Catalogue['disappearing'] = {
  title: 'Verschwindende Nachrichten',
  off: 'Aus',
  duration: timer,
  hint: 'Für alles, was ab jetzt hier geschrieben wird, von allen. Jedes Gerät löscht sein Exemplar, wenn die Zeit um ist, gezählt ab dem Moment, in dem es die Nachricht zuerst gezeigt hat.',
  limits: 'Trotzdem kann jemand kopieren, fotografieren oder behalten, was gelesen wurde.',
  state: (timerMs: number | undefined): string => (timerMs === undefined ? 'Aus' : timer(timerMs)),
  beingErased: (count: number): string =>
    count === 1
      ? 'Eine Nachricht ist vom Bildschirm verschwunden und wird noch gelöscht: Ein älterer Schlüssel muss zuerst gehen, in ein oder zwei Wochen.'
      : `${number(count)} Nachrichten sind vom Bildschirm verschwunden und werden noch gelöscht: Ein älterer Schlüssel muss zuerst gehen, in ein oder zwei Wochen.`,
  on: (timerMs: number): string =>
    `Neue Nachrichten bleiben ${timer(timerMs)}, dann verschwinden sie`,
};

export const ofMessages = {
  message,
  actions,
  selection,
  quote,
  reactions,
  mention,
  link,
  code,
  poll,
  place,
  card,
  pins,
  thread,
  versions,
  disappearing,
};
