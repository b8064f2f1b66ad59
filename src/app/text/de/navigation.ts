export const shortcuts = {
  title: 'Tastenkürzel',
  where: {
    anywhere: 'Überall',
    list: 'In der Liste',
    timeline: 'In den Nachrichten',
    composer: 'Beim Schreiben',
  },
  names: {
    'next-conversation': 'Nächste Unterhaltung',
    'previous-conversation': 'Vorige Unterhaltung',
    'next-unread': 'Nächste ungelesene',
    'previous-unread': 'Vorige ungelesene',
    'go-to': 'Zu einer Unterhaltung oder einem Befehl',
    search: 'Suchen',
    'nth-conversation': 'Unterhaltung nach Nummer',
    'new-conversation': 'Neue Unterhaltung',
    'next-region': 'Nächster Bereich',
    'previous-region': 'Voriger Bereich',
    details: 'Details zeigen oder verbergen',
    help: 'Diese Tastenkürzel zeigen',
    latest: 'Zum Neuesten springen',
    'oldest-unread': 'Älteste ungelesene',
    'mark-read': 'Als gelesen markieren',
    close: 'Schließen, je Druck eine Ebene',
    'message-details': 'Details der Nachricht',
    reply: 'Antworten',
    react: 'Reagieren',
    'mark-unread': 'Als ungelesen markieren',
    emoji: 'Emoji',
    attach: 'Anhängen',
    bold: 'Fett',
    italic: 'Kursiv',
    strike: 'Durchgestrichen',
    code: 'Code',
    'edit-last': 'Meine letzte Nachricht bearbeiten, im leeren Feld',
    'leave-mode': 'Antwort oder Bearbeitung abbrechen',
    walk: 'Durch die Nachrichten gehen',
    write: 'Zum Neuesten springen und schreiben',
    enter: 'Die Nachricht übergeben',
    'send-later': 'Später senden',
    newline: 'Neue Zeile',
  },
  keys: {
    Mod: 'Strg',
    Alt: 'Alt',
    Shift: 'Umschalt',
    PageUp: 'Bild ↑',
    PageDown: 'Bild ↓',
    Home: 'Pos1',
    End: 'Ende',
    Enter: 'Eingabe',
    Escape: 'Esc',
  },
  hint: (name: string, keys: string): string => `${name} (${keys})`,
};

/** Das Suchfeld der Liste: vorerst Namen. */
export const search = {
  messages: 'Nachrichten durchsuchen',
  placeholder: 'Suchen',
  results: 'Suchergebnisse',
  nothing: 'Keine Unterhaltung heißt so.',
  namesOnly: 'Bisher werden nur Namen durchsucht, nicht der Text von Nachrichten.',
};

export const goTo = {
  title: 'Gehe zu',
  field: 'Unterhaltung oder Befehl',
  options: 'Unterhaltungen und Befehle',
  nothing: 'Nichts heißt so.',
};

export const panes = {
  listWidth: 'Breite der Liste',
};
