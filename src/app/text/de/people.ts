/** Was andere von dir erfahren, wen du hörst, was aus einer Unterhaltung wird. */
import { isolated, number } from '../format.ts';

export const people = {
  security: 'Sicherheit',
  receipts: 'Anderen sagen, was ich gelesen habe',
  receiptsHint: 'Ist das aus, siehst du auch nicht, was sie gelesen haben.',
  typing: 'Anderen sagen, wenn ich schreibe',
  typingHint: 'Ist das aus, siehst du auch nicht, wenn sie schreiben.',
  presence: 'Anderen sagen, wenn ich da bin',
  presenceHint:
    'Ist das aus, siehst du auch nicht, wenn sie da sind. Geräte, mit denen du verbunden bist, können trotzdem erkennen, dass du online bist.',
  blocked: 'Blockierte Personen',
  noneBlocked: 'Niemand ist blockiert.',
  unblock: (name: string): string => `${name} nicht mehr blockieren`,

  status: 'Über dich',
  statusHint: 'Eine kurze Zeile, die alle sehen, mit denen du eine Unterhaltung teilst.',
  picture: 'Bild',
  choosePicture: 'Bild auswählen',
  removePicture: 'Bild entfernen',

  requests: 'Wer dir schreiben möchte',
  wantsToTalk: (name: string): string => `${isolated(name)} möchte mit dir sprechen`,
  requestHint:
    'Ihr kennt euch aus einer Gruppe. Bis du antwortest, erfährt dort niemand, was du gelesen hast.',
  accept: 'Annehmen',
  decline: 'Ablehnen',

  message: 'Schreiben',
  block: 'Blockieren',

  actions: (name: string): string => `Aktionen für ${name}`,
  markUnread: 'Als ungelesen markieren',
  mute: 'Stummschalten',
  unmute: 'Nicht mehr stummschalten',
  muted: 'stumm',
  archive: 'Archivieren',
  unarchive: 'Aus dem Archiv holen',
  archived: 'Archiviert',
  archivedCount: (count: number): string => `Archiviert (${number(count)})`,
  delete: 'Löschen',
  deleteTitle: (name: string): string => `${isolated(name)} löschen?`,
  deleteText: {
    group:
      'Du trittst aus der Gruppe aus, und alles von ihr wird auf diesem Gerät gelöscht. Die anderen behalten, was sie haben.',
    direct:
      'Alles davon wird auf diesem Gerät gelöscht, und was hier noch geschrieben wird, erreicht dich nicht mehr. Die andere Seite behält, was sie hat.',
  },
  writing: (names: ReadonlyArray<string>): string =>
    names.length === 1
      ? `${isolated(names[0] ?? '')} schreibt`
      : `${number(names.length)} Personen schreiben`,
};
