/** Beim Schreiben: das Feld, was man anhängen kann, Emoji, Umfragen, Standorte, Kontakte. */
import type { EmojiGroup, Tone } from '../../emoji.ts';
import type { Catalogue } from '../catalogue.ts';
import { isolated, number, plural } from '../format.ts';
import { closed } from './states.ts';

const groups: Record<EmojiGroup, string> = {
  smileys: 'Smileys',
  people: 'Menschen',
  nature: 'Tiere und Natur',
  food: 'Essen und Trinken',
  travel: 'Reisen und Orte',
  activities: 'Aktivitäten',
  objects: 'Gegenstände',
  symbols: 'Symbole',
  flags: 'Flaggen',
};

const toneNames: Record<Tone, string> = {
  0: 'Ohne Hautton',
  1: 'Heller Hautton',
  2: 'Mittelheller Hautton',
  3: 'Mittlerer Hautton',
  4: 'Mitteldunkler Hautton',
  5: 'Dunkler Hautton',
};

export const composer: Catalogue['composer'] = {
  message: 'Nachricht',
  send: 'Senden',
  attach: 'Anhängen',
  closed,
  editing: 'Bearbeiten',
  replyingTo: (name: string): string => `Antwort an ${isolated(name)}`,
  replyingToMe: 'Antwort an dich selbst',
  leaveReply: 'Nicht antworten',
  leaveEdit: 'Nicht bearbeiten',
  people: 'Wen du erwähnen kannst',
  emoji: 'Passende Emoji',
  everyoneHint: 'Alle hier',
};

export const emoji: Catalogue['emoji'] = {
  title: 'Emoji',
  search: 'Emoji suchen',
  recent: 'Zuletzt benutzte und häufige',
  found: 'Gefunden',
  nothing: 'Kein Emoji passt.',
  unreachable:
    'Die Liste der Emoji war nicht zu bekommen. Versuch es noch einmal, wenn du verbunden bist.',
  group: (group: EmojiGroup): string => groups[group],
  groups: 'Kategorien',
  tones: 'Hautton',
  tone: (tone: Tone): string => toneNames[tone],
};

export const newPoll: Catalogue['newPoll'] = {
  menu: 'Umfrage',
  title: 'Neue Umfrage',
  question: 'Frage',
  option: (ordinal: number): string => `Antwort ${number(ordinal)}`,
  add: 'Antwort hinzufügen',
  remove: (ordinal: number): string => `Antwort ${number(ordinal)} entfernen`,
  isMultiple: 'Mehrere Antworten',
  isAnonymous: 'Nur Zahlen',
  isAnonymousHint:
    'Namen werden nicht gezeigt. Die Geräte aller hier wissen trotzdem, wer wofür gestimmt hat.',
  create: 'Umfrage anlegen',
  questionMissing: 'Schreib zuerst eine Frage.',
  optionsMissing: 'Schreib mindestens zwei verschiedene Antworten.',
};

export const newPlace: Catalogue['newPlace'] = {
  menu: 'Standort',
  title: 'Einen Standort teilen',
  latitude: 'Breitengrad',
  longitude: 'Längengrad',
  hint: 'Sotto fragt dein Gerät nicht, wo es ist: Tippe die Koordinaten ein, oder füge beide in das erste Feld ein.',
  latitudeWrong: 'Eine Zahl zwischen -90 und 90.',
  longitudeWrong: 'Eine Zahl zwischen -180 und 180.',
  share: 'Teilen',
};

export const newCard: Catalogue['newCard'] = {
  menu: 'Kontakt',
  title: 'Einen Kontakt teilen',
  hint: 'Die Leute hier sehen den Namen und können anfragen, ob sie schreiben dürfen.',
  share: (name: string): string => `${name} teilen`,
  nobody: 'Noch gibt es niemanden zum Vorstellen.',
};

export const forward: Catalogue['forward'] = {
  title: 'Weiterleiten',
  search: 'Unterhaltungen suchen',
  action: (count: number): string =>
    count === 0
      ? 'Weiterleiten'
      : `An ${plural(count, { one: '# Unterhaltung', other: '# Unterhaltungen' })} weiterleiten`,
  nothing: 'Keine Unterhaltung passt.',
};

export const sendLater: Catalogue['sendLater'] = {
  title: 'Später senden',
  menu: 'Später senden …',
  text: 'Wortlaut',
  when: 'Datum und Uhrzeit',
  hint: 'Geht hinaus, wenn dieses Gerät zu der Zeit wach ist und Sotto offen ist, sonst so bald wie möglich danach.',
  choices: {
    hour: 'In einer Stunde',
    evening: 'Heute Abend',
    morning: 'Morgen früh',
    week: 'Montag früh',
  },
  action: 'Planen',
  past: 'Wähle eine Zeit, die noch kommt.',
  list: 'Geplante Nachrichten',
  edit: 'Diese geplante Nachricht bearbeiten',
  now: 'Jetzt senden',
  cancel: 'Diese geplante Nachricht verwerfen',
};
