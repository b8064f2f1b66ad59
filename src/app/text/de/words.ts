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
} from '../../../core/api.ts';
import type { Catalogue } from '../catalogue.ts';
import { announcement, format, lastLine, title } from '../common.ts';
import { date, isolated, moment, number, plural, shortTime, size } from '../format.ts';
import * as composing from './composer.ts';
import { files, filesLine } from './attachments.ts';
import { goTo, panes, search, shortcuts } from './navigation.ts';
import { links } from './connection.ts';
import { ofMessages } from './content.ts';
import { invite, members, messageDetails, safety } from './details.ts';
import { commandErrors, inviteProblems, troubles } from './problems.ts';
import { people as ofPeople } from './people.ts';
import {
  delivery,
  deliveryMarks,
  devices,
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
} from './states.ts';

const notAudited =
  'Nicht unabhängig geprüft. Verlass dich nicht darauf, wenn es um Leib und Leben geht.';

export const words: Catalogue = {
  appName: 'Sotto',
  notesToSelf: 'Notizen an mich',
  you: 'Du',
  close: 'Schließen',
  understood: 'OK',
  cancel: 'Abbrechen',
  back: 'Zurück',
  skip: 'Zur Unterhaltung springen',
  starting: 'Was auf diesem Gerät ist, wird geöffnet',
  title,

  format,

  firstRun: {
    title: 'Sotto',
    promise: 'Private Unterhaltungen, von Gerät zu Gerät. Kein Konto, keine Telefonnummer.',
    name: 'Dein Name',
    nameHint: 'Nur wen du einlädst, sieht ihn.',
    start: 'Anfangen',
    haveInvite: 'Ich habe eine Einladung',
    linkDevice: 'Dieses Gerät verknüpfen',
    restore: 'Sicherung wiederherstellen',
    nameMissing: 'Schreib zuerst einen Namen: Wen du einlädst, sieht ihn.',
    notAudited,
  },

  later: {
    linkTitle: 'Dieses Gerät verknüpfen',
    link: 'Ein zweites Gerät zu verknüpfen kommt in einer späteren Version von Sotto. Bis dahin beginnt jedes Gerät für sich: Du kannst dein anderes Gerät einladen wie eine andere Person.',
    restoreTitle: 'Sicherung wiederherstellen',
    restore:
      'Sicherungen kommen in einer späteren Version von Sotto, noch gibt es nichts wiederherzustellen. Was du schreibst, bleibt auf den Geräten der Leute in einer Unterhaltung.',
  },

  join: {
    title: 'Beitreten',
    action: 'Beitreten',
    reading: 'Die Einladung wird gelesen',
    invited: {
      direct: 'Du bist zu einem Gespräch eingeladen.',
      group: 'Du bist in eine Gruppe eingeladen.',
    },
    asks: 'Wer diesen Link gemacht hat, nimmt dich an, bevor du dabei bist.',
    isOpen: 'Alle mit diesem Link können dazukommen.',
    expires: (atMs: number): string => `Der Link funktioniert bis ${date(atMs)}.`,
    relays: (count: number): string =>
      `Er bringt ${plural(count, { one: '# Relay mit, das hilft', other: '# Relays mit, die helfen' })}, dass eure Geräte einander finden. Relays sehen Adressen, keine Nachrichten.`,
    withoutInvite: 'Ohne die Einladung weiter',
    paste: 'Einladungslink einfügen',
    pasteHint: 'Den ganzen Link, so wie du ihn bekommen hast.',
    go: 'Weiter',
    waiting: 'Wartet auf Zustimmung',
    waitingRow: { direct: 'Wartet auf ein Gespräch', group: 'Wartet auf Aufnahme in eine Gruppe' },
    stage: (stage: JoinStage): string => joinStages[stage],
    words:
      'Vergleiche diese vier Wörter mit der Person, die dich eingeladen hat. Wenn sie sich unterscheiden, mach nicht weiter.',
    giveUp: 'Nicht länger warten',
    remove: 'Entfernen',
    wait: 'Du kannst das hier schließen oder anderswo schreiben: Sotto macht im Hintergrund weiter.',
  },

  list: {
    label: 'Unterhaltungen',
    settings: 'Einstellungen',
    fresh: 'Neue Unterhaltung',
    inviteSomeone: 'Jemanden einladen',
    newGroup: 'Neue Gruppe',
    joinWithLink: 'Mit einem Link beitreten',
    draft: (text: string): string => `Entwurf: ${text}`,
    lastLine: (line: LastLine, kind: ConversationKind): string =>
      lastLine(line, kind, {
        you: 'Du',
        kinds: {
          poll: 'Umfrage',
          location: 'Standort',
          card: 'Kontakt',
          deleted: 'Gelöschte Nachricht',
        },
        files: filesLine,
      }),
    empty: 'Noch nichts hier',
    unread: (count: number): string => `${number(count)} ungelesen`,
    waiting: (count: number): string =>
      plural(count, { one: '# Nachricht wartet', other: '# Nachrichten warten' }),
    failed: 'Angehalten',
    sections: 'Bereiche',
    sectionYou: 'Du',
  },

  group: {
    title: 'Neue Gruppe',
    name: 'Name der Gruppe',
    create: 'Gruppe gründen',
    nameMissing: 'Gib der Gruppe zuerst einen Namen.',
    hint: 'Mitglieder sehen ihn. Als Nächstes lädst du Leute ein.',
  },

  invite,
  request: {
    label: 'Wer dazukommen möchte',
    wants: (name: string): string => `${name} möchte dazukommen`,
    into: (name: string): string => `zu ${name}`,
    words: 'Ihr beide seht dieselben vier Wörter. Vergleicht sie im Gespräch.',
    approve: 'Annehmen',
    decline: 'Ablehnen',
    away: 'Gerade nicht online: Deine Antwort wartet.',
  },

  people: ofPeople,
  conversation: {
    none: 'Wähle eine Unterhaltung, oder beginne eine neue.',
    unknown: 'Diese Unterhaltung ist nicht auf diesem Gerät.',
    log: (name: string): string => `Nachrichten mit ${name}`,
    details: 'Details',
    connectionDetails: 'Details der Verbindung',
    truthLine: ({ truth: line, waitingCount, kind }: ConversationSummary): string =>
      waitingCount > 0 && kind !== 'self'
        ? `${truth(line)} · ${messages(waitingCount)} nur auf diesem Gerät`
        : truth(line),
    emptySelf: 'Ein Ort für deine eigenen Notizen. Hier geht alles ohne Netz.',
    emptySelfInvite: 'Sprich mit jemandem: Ein Link oder ein QR-Code genügt.',
    emptyDirect: (name: string): string => `Du und ${name} könnt jetzt schreiben.`,
    emptyGroup: 'Bisher bist nur du hier. Lade Leute mit einem Link ein.',
    emptyGroupMany: 'Noch hat niemand geschrieben.',
    newMessages: 'Neue Nachrichten',
    toLatest: 'Zum Neuesten springen',
    late: (count: number): string =>
      plural(count, {
        one: '# ältere Nachricht ist angekommen',
        other: '# ältere Nachrichten sind angekommen',
      }),
    newBelow: (count: number): string => `${number(count)} neu`,
    earlier: (count: number): string => `${messages(count)} davor`,
    failed: (errorId: string): string =>
      `Sotto hat diese Unterhaltung angehalten, um sie zu schützen. Was hier gespeichert ist, ist unberührt. Fehler ${errorId}`,
    longWaiting: (name: string, heardAtMs: number | undefined, nowMs: number): string =>
      `${
        heardAtMs === undefined
          ? `${name} war noch nicht online.`
          : `${name} war zuletzt online: ${moment(heardAtMs, nowMs)}.`
      } Das kommt an, sobald ihr beide online seid.`,
    longWaitingGroup: 'Sonst ist niemand online. Das kommt an, sobald jemand es ist.',
  },

  ...ofMessages,
  ...composing,
  files,

  message: {
    ...ofMessages.message,
    delivery,
    mark: (state: DeliveryState): string => deliveryMarks[state],
    late: (item: MessageItem, nowMs: number): string =>
      `Spät erhalten: geschrieben ${moment(item.sentAtMs, nowMs)}, angekommen ${moment(item.arrivedAtMs ?? item.sentAtMs, nowMs)}`,
    notice,
    gap: (count: number, name: string | undefined): string => {
      const from = name === undefined ? '' : ` von ${isolated(name)}`;
      return count === 1
        ? `1 frühere Nachricht${from} ist noch nicht angekommen`
        : `${number(count)} frühere Nachrichten${from} sind noch nicht angekommen`;
    },
  },

  announcer: {
    message: (item: MessageItem): string =>
      announcement(item.author.name, ofMessages.message.content(item)),
    many: (count: number): string =>
      plural(count, { one: '# neue Nachricht', other: '# neue Nachrichten' }),
  },

  members,

  connection: {
    label: 'Verbindung',
    title: 'Details der Verbindung',
    offline: 'Offline. Du kannst weiter lesen und schreiben; Nachrichten gehen später hinaus.',
    starting: 'Die Verbindung wird vorbereitet',
    connected: (directCount: number, relayedCount: number): string =>
      `Verbunden: ${[
        ...(directCount > 0 ? [`${number(directCount)} direkt`] : []),
        ...(relayedCount > 0 ? [`${number(relayedCount)} über ein Relay`] : []),
      ].join(', ')}`,
    alone: 'Sonst ist niemand online',
    noRelay: 'Kein Relay erreichbar',
    noRelayRetry: (ms: number): string => `Kein Relay erreichbar: neuer Versuch in ${seconds(ms)}`,
    noRelaySet: 'Noch kein Relay: Füge in den Einstellungen eines hinzu',
    connecting: 'Verbindung wird aufgebaut',
    peers: 'Gegenstellen',
    direct: 'Direkt verbunden',
    relayed: 'Über ein Relay',
    directNote: 'Direkt heißt: von Browser zu Browser. Die andere Seite sieht deine Adresse.',
    relays: 'Relays',
    relayNote:
      'Relays helfen Geräten, einander zu finden, und tragen versiegelte Nachrichten. Lesen können sie diese nicht.',
    noRelays: 'Keine',
    relayState: (relay: RelayView): string =>
      relay.isOwn ? `${relayState(relay)} · von dieser Seite` : relayState(relay),
    webRtc: 'WebRTC',
    webRtcYes: 'Geht in diesem Browser',
    webRtcNo: 'Fehlt in diesem Browser: Alles geht über Relays',
    network: 'Netz',
    networkOn: 'Dieses Gerät sagt, es ist online',
    networkOff: 'Dieses Gerät sagt, es ist offline',
    here: 'In dieser Unterhaltung',
    ...links,
    presence,
  },

  details: {
    title: 'Details',
    members: 'Mitglieder',
    trouble: memberTrouble,
    level: (level: MemberView['level']): string => levels[level],
    me: '(du)',
    presence,
    presenceShort: (value: Presence, nowMs: number): string => {
      if (value.kind === 'here') return 'gerade da';
      return value.kind === 'heard' ? `gesehen ${shortTime(value.atMs, nowMs)}` : 'unbekannt';
    },
    devices,
    invites: 'Gültige Einladungen',
    noInvites: 'Keine',
    inviteKind: ({ isOpen, options }: Pick<InviteView, 'isOpen' | 'options'>): string =>
      [
        isOpen ? 'Alle mit dem Link' : 'Mit Zustimmung',
        ...(options.level === 'member' ? [] : [levels[options.level]]),
      ].join(' · '),
    revoke: 'Zurücknehmen',
    people,
  },

  messageDetails,
  safety,

  settings: {
    title: 'Einstellungen',
    profile: 'Profil',
    name: 'Dein Name',
    nameHint: 'Nur wen du einlädst, sieht ihn.',
    save: 'Speichern',
    saved: 'Gespeichert',
    appearance: 'Aussehen',
    theme: 'Farben',
    themes: { system: 'System', light: 'Hell', dark: 'Dunkel', contrast: 'Kontrast' },
    accent: 'Akzentfarbe',
    accents: { teal: 'Petrol', blue: 'Blau', violet: 'Violett', pink: 'Rosa', green: 'Grün' },
    density: 'Abstände',
    densities: { comfortable: 'Luftig', compact: 'Dicht' },
    textSize: 'Schriftgröße',
    language: 'Sprache',
    languageSystem: 'System',
    languageOutOfReach:
      'Diese Sprache war nicht zu bekommen. Verbinde dich einmal und wähle sie dann noch einmal.',
    letterKeys: 'Tastenkürzel aus einem Buchstaben',
    letterKeysHint: 'Nur wo die Liste oder die Nachrichten den Fokus haben.',
    shortcuts: 'Tastenkürzel',
    relays: 'Relays',
    relaysHint:
      'Ein Relay hilft deinen Geräten, andere zu finden, und reicht versiegelte Nachrichten weiter, solange es keinen direkten Weg gibt. Es sieht Adressen, keine Nachrichten.',
    relayAddress: 'Relay-Adresse',
    relayExample: '/dns4/relay.example/tcp/443/wss/p2p/…',
    addRelay: 'Relay hinzufügen',
    removeRelay: (address: string): string => `${address} entfernen`,
    noRelays: 'Kein Relay. Geräte können sprechen, solange sie direkt verbunden sind.',
    storage: 'Speicher',
    used: (used: number, quota: number): string => `${size(used)} von ${size(quota)} belegt`,
    unmeasured: 'Dieser Browser sagt nicht, wie viel Platz belegt ist.',
    kept: 'Dieser Browser hat versprochen, die Daten von Sotto zu behalten.',
    notKept: 'Dieser Browser darf die Daten von Sotto löschen, wenn der Platz knapp wird.',
    keep: 'Die Daten auf diesem Gerät behalten',
    keepRefused:
      'Der Browser hat es nicht versprochen. Wird die App installiert oder oft benutzt, sagt er ja.',
    about: 'Über Sotto',
    version: (version: string): string => `Version ${version}`,
    notAudited,
    promise:
      'Nachrichten werden auf diesem Gerät verschlüsselt und sind nur auf den Geräten der Leute in einer Unterhaltung lesbar. Niemand kann sie für dich wiederherstellen: Es gibt kein Konto und keinen Server, der sie aufbewahrt.',
    licence: 'Freie Software unter der AGPL-3.0-or-later.',
  },

  shortcuts,
  search,
  goTo,
  panes,

  tab: {
    title: 'Sotto ist in einem anderen Tab offen',
    body: 'Es spricht immer nur ein Tab mit anderen. Nichts geht verloren: Dieser Tab kann übernehmen.',
    use: 'Sotto hier benutzen',
  },

  troubles,
  noWebRtc: troubles['no-webrtc'],
  dismiss: 'Ausblenden',
  commandErrors,
  inviteProblems,
  unusable: 'Sotto kann nicht starten',
  conversationName: (conversation: Pick<ConversationSummary, 'kind' | 'name'>): string =>
    conversation.kind === 'self' ? 'Notizen an mich' : conversation.name,
};
