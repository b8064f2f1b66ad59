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

const notAudited = 'Sin auditar. No confíes en él si hay vidas en juego.';

export const words: Catalogue = {
  appName: 'Sotto',
  notesToSelf: 'Notas para mí',
  you: 'Tú',
  close: 'Cerrar',
  understood: 'De acuerdo',
  cancel: 'Cancelar',
  back: 'Atrás',
  skip: 'Saltar a la conversación',
  starting: 'Abriendo lo que hay en este dispositivo',
  title,

  format,

  firstRun: {
    title: 'Sotto',
    promise:
      'Conversaciones privadas, de dispositivo a dispositivo. Sin cuenta ni número de teléfono.',
    name: 'Tu nombre',
    nameHint: 'Solo lo ve a quien invites.',
    start: 'Empezar',
    haveInvite: 'Tengo una invitación',
    linkDevice: 'Vincular este dispositivo',
    restore: 'Restaurar una copia',
    nameMissing: 'Escribe primero un nombre: lo verá a quien invites.',
    notAudited,
  },

  later: {
    linkTitle: 'Vincular este dispositivo',
    link: 'Vincular un segundo dispositivo llegará en otra versión de Sotto. Por ahora cada dispositivo empieza por su cuenta: puedes invitar a tu otro dispositivo como a otra persona.',
    restoreTitle: 'Restaurar una copia',
    restore:
      'Las copias llegarán en otra versión de Sotto, así que aún no hay nada que restaurar. Lo que escribes se queda en los dispositivos de la gente de cada conversación.',
  },

  join: {
    title: 'Unirse',
    action: 'Unirme',
    reading: 'Leyendo la invitación',
    invited: {
      direct: 'Te invitan a conversar.',
      group: 'Te invitan a un grupo.',
    },
    asks: 'Quien creó este enlace te acepta antes de que entres.',
    isOpen: 'Cualquiera con este enlace puede unirse.',
    expires: (atMs: number): string => `El enlace funciona hasta el ${date(atMs)}.`,
    relays: (count: number): string =>
      `Trae ${plural(count, { one: '# relay que ayuda', other: '# relays que ayudan' })} a que los dispositivos se encuentren. Los relays ven direcciones, no mensajes.`,
    withoutInvite: 'Seguir sin la invitación',
    paste: 'Pega un enlace de invitación',
    pasteHint: 'El enlace entero, tal como te llegó.',
    go: 'Continuar',
    waiting: 'Esperando aprobación',
    waitingRow: { direct: 'Esperando para conversar', group: 'Esperando para unirse a un grupo' },
    stage: (stage: JoinStage): string => joinStages[stage],
    words: 'Compara estas cuatro palabras con quien te invitó. Si no son las mismas, no sigas.',
    giveUp: 'Dejar de esperar',
    remove: 'Quitar',
    wait: 'Puedes cerrar esto o escribir en otro sitio: Sotto sigue por detrás.',
  },

  list: {
    label: 'Conversaciones',
    settings: 'Ajustes',
    fresh: 'Nueva conversación',
    inviteSomeone: 'Invitar a alguien',
    newGroup: 'Nuevo grupo',
    joinWithLink: 'Unirse con un enlace',
    draft: (text: string): string => `Borrador: ${text}`,
    lastLine: (line: LastLine, kind: ConversationKind): string =>
      lastLine(line, kind, {
        you: 'Tú',
        kinds: {
          poll: 'Encuesta',
          location: 'Ubicación',
          card: 'Contacto',
          deleted: 'Mensaje eliminado',
        },
        files: filesLine,
      }),
    empty: 'Aquí no hay nada todavía',
    unread: (count: number): string => `${number(count)} sin leer`,
    waiting: (count: number): string =>
      plural(count, { one: '# mensaje en espera', other: '# mensajes en espera' }),
    failed: 'Detenida',
    sections: 'Secciones',
    sectionYou: 'Tú',
  },

  group: {
    title: 'Nuevo grupo',
    name: 'Nombre del grupo',
    create: 'Crear grupo',
    nameMissing: 'Ponle primero un nombre al grupo.',
    hint: 'Lo ven los miembros. Después invitas a gente.',
  },

  invite,
  request: {
    label: 'Quién quiere unirse',
    wants: (name: string): string => `${name} quiere unirse`,
    into: (name: string): string => `a ${name}`,
    words: 'Esa persona ve las mismas cuatro palabras que tú. Compáralas de viva voz.',
    approve: 'Aceptar',
    decline: 'Rechazar',
    away: 'Ahora no está en línea: tu respuesta le espera.',
  },

  people: ofPeople,
  conversation: {
    none: 'Elige una conversación, o empieza otra.',
    unknown: 'Esta conversación no está en este dispositivo.',
    log: (name: string): string => `Mensajes con ${name}`,
    details: 'Detalles',
    connectionDetails: 'Detalles de la conexión',
    truthLine: ({ truth: line, waitingCount, kind }: ConversationSummary): string =>
      waitingCount > 0 && kind !== 'self'
        ? `${truth(line)} · ${messages(waitingCount)} solo en este dispositivo`
        : truth(line),
    emptySelf: 'Un lugar para tus notas. Aquí todo funciona sin red.',
    emptySelfInvite: 'Habla con alguien: basta un enlace o un código QR.',
    emptyDirect: (name: string): string => `${name} y tú ya pueden escribirse.`,
    emptyGroup: 'De momento solo estás tú. Invita a gente con un enlace.',
    emptyGroupMany: 'Nadie ha escrito todavía.',
    newMessages: 'Mensajes nuevos',
    toLatest: 'Ir a lo último',
    late: (count: number): string =>
      plural(count, { one: 'Llegó # mensaje anterior', other: 'Llegaron # mensajes anteriores' }),
    newBelow: (count: number): string => plural(count, { one: '# nuevo', other: '# nuevos' }),
    earlier: (count: number): string => `${messages(count)} antes de estos`,
    failed: (errorId: string): string =>
      `Sotto detuvo esta conversación para protegerla. Lo guardado aquí sigue intacto. Error ${errorId}`,
    longWaiting: (name: string, heardAtMs: number | undefined, nowMs: number): string =>
      `${
        heardAtMs === undefined
          ? `${name} aún no ha estado en línea.`
          : `${name} no está en línea desde: ${moment(heardAtMs, nowMs)}.`
      } Esto se entregará cuando coincidan en línea.`,
    longWaitingGroup: 'No hay nadie más en línea. Esto se entregará cuando alguien lo esté.',
  },

  ...ofMessages,
  ...composing,
  files,

  message: {
    ...ofMessages.message,
    delivery,
    mark: (state: DeliveryState): string => deliveryMarks[state],
    late: (item: MessageItem, nowMs: number): string =>
      `Recibido tarde: escrito ${moment(item.sentAtMs, nowMs)}, llegado ${moment(item.arrivedAtMs ?? item.sentAtMs, nowMs)}`,
    notice,
    gap: (count: number, name: string | undefined): string => {
      const from = name === undefined ? '' : ` de ${isolated(name)}`;
      return count === 1
        ? `Aún no ha llegado 1 mensaje anterior${from}`
        : `Aún no han llegado ${number(count)} mensajes anteriores${from}`;
    },
  },

  announcer: {
    message: (item: MessageItem): string =>
      announcement(item.author.name, ofMessages.message.content(item)),
    many: (count: number): string =>
      plural(count, { one: '# mensaje nuevo', other: '# mensajes nuevos' }),
  },

  members,

  connection: {
    label: 'Conexión',
    title: 'Detalles de la conexión',
    offline: 'Sin conexión. Puedes seguir leyendo y escribiendo; los mensajes saldrán más tarde.',
    starting: 'Preparando la conexión',
    connected: (directCount: number, relayedCount: number): string =>
      `En contacto: ${[
        ...(directCount > 0
          ? [plural(directCount, { one: '# directo', other: '# directos' })]
          : []),
        ...(relayedCount > 0 ? [`${number(relayedCount)} por un relay`] : []),
      ].join(', ')}`,
    alone: 'No hay nadie más en línea',
    noRelay: 'Ningún relay responde',
    noRelayRetry: (ms: number): string => `Ningún relay responde: nuevo intento en ${seconds(ms)}`,
    noRelaySet: 'Aún no hay relay: añade uno en los ajustes',
    connecting: 'Conectando',
    peers: 'Pares',
    direct: 'Conexión directa',
    relayed: 'Por un relay',
    directNote:
      'Las conexiones directas van de navegador a navegador. La otra parte ve tu dirección.',
    relays: 'Relays',
    relayNote:
      'Los relays ayudan a los dispositivos a encontrarse y llevan mensajes sellados. No pueden leerlos.',
    noRelays: 'Ninguno',
    relayState: (relay: RelayView): string =>
      relay.isOwn ? `${relayState(relay)} · de esta página` : relayState(relay),
    webRtc: 'WebRTC',
    webRtcYes: 'Funciona en este navegador',
    webRtcNo: 'Falta en este navegador: todo pasa por relays',
    network: 'Red',
    networkOn: 'Este dispositivo dice que tiene conexión',
    networkOff: 'Este dispositivo dice que no tiene conexión',
    here: 'En esta conversación',
    ...links,
    presence,
  },

  details: {
    title: 'Detalles',
    members: 'Miembros',
    trouble: memberTrouble,
    level: (level: MemberView['level']): string => levels[level],
    me: '(tú)',
    presence,
    presenceShort: (value: Presence, nowMs: number): string => {
      if (value.kind === 'here') return 'aquí ahora';
      return value.kind === 'heard' ? `visto ${shortTime(value.atMs, nowMs)}` : 'sin señal';
    },
    devices,
    invites: 'Invitaciones vigentes',
    noInvites: 'Ninguna',
    inviteKind: ({ isOpen, options }: Pick<InviteView, 'isOpen' | 'options'>): string =>
      [
        isOpen ? 'Cualquiera con el enlace' : 'Con aprobación',
        ...(options.level === 'member' ? [] : [levels[options.level]]),
      ].join(' · '),
    revoke: 'Retirar',
    people,
  },

  messageDetails,
  safety,

  settings: {
    title: 'Ajustes',
    profile: 'Perfil',
    name: 'Tu nombre',
    nameHint: 'Solo lo ve a quien invites.',
    save: 'Guardar',
    saved: 'Guardado',
    appearance: 'Apariencia',
    theme: 'Tema',
    themes: { system: 'Sistema', light: 'Claro', dark: 'Oscuro', contrast: 'Contraste' },
    accent: 'Color de acento',
    accents: { teal: 'Turquesa', blue: 'Azul', violet: 'Violeta', pink: 'Rosa', green: 'Verde' },
    density: 'Densidad',
    densities: { comfortable: 'Cómoda', compact: 'Compacta' },
    textSize: 'Tamaño del texto',
    language: 'Idioma',
    languageSystem: 'Sistema',
    languageOutOfReach: 'No se pudo obtener este idioma. Conéctate una vez y elígelo de nuevo.',
    letterKeys: 'Atajos de una sola letra',
    letterKeysHint: 'Solo donde la lista o los mensajes tienen el foco.',
    shortcuts: 'Atajos de teclado',
    relays: 'Relays',
    relaysHint:
      'Un relay ayuda a tus dispositivos a encontrar a otros y pasa mensajes sellados mientras no hay camino directo. Ve direcciones, no mensajes.',
    relayAddress: 'Dirección del relay',
    relayExample: '/dns4/relay.example/tcp/443/wss/p2p/…',
    addRelay: 'Añadir relay',
    removeRelay: (address: string): string => `Quitar ${address}`,
    noRelays:
      'Ningún relay. Los dispositivos pueden hablar mientras estén conectados directamente.',
    storage: 'Almacenamiento',
    used: (used: number, quota: number): string => `${size(used)} de ${size(quota)} en uso`,
    unmeasured: 'Este navegador no dice cuánto espacio se usa.',
    kept: 'Este navegador ha prometido conservar los datos de Sotto.',
    notKept: 'Este navegador puede borrar los datos de Sotto si falta espacio.',
    keep: 'Conservar los datos en este dispositivo',
    keepRefused:
      'El navegador no lo prometió. Instalar la app o usarla a menudo hace que diga que sí.',
    about: 'Acerca de Sotto',
    version: (version: string): string => `Versión ${version}`,
    notAudited,
    promise:
      'Los mensajes se cifran en este dispositivo y solo se leen en los dispositivos de la gente de cada conversación. Nadie puede recuperarlos por ti: no hay cuenta ni servidor que los guarde.',
    licence: 'Software libre bajo la AGPL-3.0-or-later.',
  },

  shortcuts,
  search,
  goTo,
  panes,

  tab: {
    title: 'Sotto está abierto en otra pestaña',
    body: 'Solo una pestaña a la vez habla con los demás. No se pierde nada: esta puede tomar el relevo.',
    use: 'Usar Sotto aquí',
  },

  troubles,
  noWebRtc: troubles['no-webrtc'],
  dismiss: 'Ocultar',
  commandErrors,
  inviteProblems,
  unusable: 'Sotto no puede arrancar',
  conversationName: (conversation: Pick<ConversationSummary, 'kind' | 'name'>): string =>
    conversation.kind === 'self' ? 'Notas para mí' : conversation.name,
};
