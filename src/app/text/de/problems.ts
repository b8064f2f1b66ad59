/** Was schiefging, was das bedeutet, und was man tun kann. */
import type { CommandError, InviteProblem, Trouble } from '../../../core/api.ts';

export const inviteProblems: Record<InviteProblem, string> = {
  mangled:
    'Das ist kein vollständiger Einladungslink. Bitte noch einmal darum, oder kopiere ihn ganz.',
  'newer-version':
    'Diese Einladung stammt von einem neueren Sotto. Lade diese Seite neu, um es zu bekommen.',
  expired: 'Diese Einladung ist abgelaufen. Bitte um eine neue.',
  own: 'Das ist deine eigene Einladung. Gib sie jemand anderem: Sie wird auf dessen Gerät geöffnet.',
  'already-member': 'Du bist schon in dieser Unterhaltung. Sie steht in deiner Liste.',
  revoked: 'Diese Einladung wurde zurückgenommen. Bitte um eine neue.',
};

export const commandErrors: Record<CommandError, string> = {
  ...inviteProblems,
  'not-ready': 'Sotto ist dafür noch nicht bereit. Versuch es gleich noch einmal.',
  'unknown-conversation': 'Diese Unterhaltung ist nicht auf diesem Gerät.',
  'unknown-invite': 'Diese Einladung gibt es nicht mehr.',
  'unknown-request': 'Diese Anfrage gibt es nicht mehr.',
  'unknown-message': 'Diese Nachricht wird hier nicht mehr gezeigt.',
  'unknown-person': 'Diese Person ist nicht mehr in der Unterhaltung.',
  empty: 'Schreib zuerst etwas.',
  'too-long': 'Das ist zu lang. Kürze es, oder verteile es auf mehrere Nachrichten.',
  'bad-address':
    'Das ist keine Relay-Adresse. Sie sieht so aus: /dns4/relay.example/tcp/443/wss/p2p/…',
  'file-not-here':
    'Eine Datei darin ist nicht auf diesem Gerät. Hol sie zuerst, dann leite sie weiter.',
  'bad-stickers': 'Das ist keine Stickersammlung, die sich verwenden lässt.',
  'bad-picture': 'Dieses Bild lässt sich nicht verwenden. Versuch es mit einem anderen.',
  'too-many': 'Mehr kann dieses Gerät nicht behalten. Entferne zuerst etwas.',
  'not-allowed': 'Das darfst du in dieser Unterhaltung nicht.',
  'disk-full':
    'Nicht gespeichert: Auf diesem Gerät ist kein Platz mehr. Schaffe Platz und versuch es noch einmal.',
  'storage-failed':
    'Nicht gespeichert: Der Speicher des Browsers hat versagt. Lade diese Seite neu und versuch es noch einmal.',
  'conversation-failed':
    'Diese Unterhaltung wurde nach einem Fehler angehalten; was gespeichert ist, ist unberührt.',
  busy: 'Zu viel auf einmal. Versuch es gleich noch einmal.',
};

export const troubles: Record<Trouble, string> = {
  'disk-full':
    'Auf diesem Gerät ist kein Platz mehr. Du kannst alles lesen; neue Nachrichten werden wieder gespeichert, sobald Platz ist.',
  'storage-open-failed':
    'Sotto konnte seine Daten in diesem Browser nicht öffnen. Ein privates Fenster oder strenge Einstellungen können der Grund sein. Nichts wurde verändert.',
  'storage-blocked':
    'Ein anderer Tab mit einem älteren Sotto hält die Daten. Schließ die anderen Tabs und lade dann diesen neu.',
  'storage-newer':
    'Die Daten hier stammen von einem neueren Sotto. Lade diese Seite neu, um es zu bekommen; nichts wurde verändert.',
  'storage-failed':
    'Der Speicher des Browsers hat versagt. Was du siehst, ist sicher; lade diese Seite neu, bevor du weiterschreibst.',
  'storage-lost':
    'Der Browser hat Daten gelöscht, die hier waren. Die anderen in deinen Unterhaltungen haben noch, was sie erhalten haben.',
  'core-failed':
    'Ein Teil von Sotto kam nicht an. Prüfe die Verbindung und lade diese Seite neu. Was gespeichert ist, ist unberührt.',
  'no-webrtc':
    'Dieser Browser hat kein WebRTC; Nachrichten gehen deshalb über ein Relay statt direkt.',
};
