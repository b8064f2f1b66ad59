/** Quién tiene qué, quién es del grupo, y el diálogo que invita. */
import type {
  Holding,
  InviteView,
  MessageDetails,
  Person,
  PersonHolding,
  Safety,
} from '../../../core/api.ts';
import type { Catalogue } from '../catalogue.ts';
import { lifeOf } from '../common.ts';
import { date, isolated, number, plural } from '../format.ts';
import { devicesHolding, holdingOf, othersHolding } from '../holders.ts';
import { devices, inviteStages } from './states.ts';

const people = (details: MessageDetails): string | undefined => {
  const holding = othersHolding(details);
  if (holding === undefined) return undefined;
  const { first, moreCount, waitingCount, othersCount } = holding;
  if (waitingCount === 0) return othersCount === 1 ? undefined : 'Lo tienen todos';
  const name = isolated(first.name);
  const who = moreCount === 0 ? `Lo tiene ${name}` : `Lo tienen ${name} y ${number(moreCount)} más`;
  return `${who} · ${plural(waitingCount, { one: 'falta #', other: 'faltan #' })}`;
};

const deliveredTo = (details: MessageDetails): string | undefined => {
  const holding = devicesHolding(details);
  if (holding === undefined) return undefined;
  return `Entregado a ${number(holding.haveCount)} de ${devices(holding.meantCount)}`;
};

const holdings: Record<Holding, string> = {
  has: 'lo tiene',
  waiting: 'en espera',
  'not-meant': 'llegó después: no era para este dispositivo',
};

const standings: Record<Holding | 'no-device', string> = {
  has: 'lo tiene',
  waiting: 'en espera',
  'not-meant': 'llegó después',
  'no-device': 'sin dispositivo',
};

export const messageDetails: Catalogue['messageDetails'] = {
  more: 'Más',
  actions: 'Acciones del mensaje',
  copyText: 'Copiar el texto',
  title: 'Detalles del mensaje',
  gone: 'Este mensaje ya no se muestra aquí.',
  writtenBy: 'De',
  written: 'Escrito',
  arrived: 'Llegó aquí',
  arrivedBefore: 'Antes de abrir Sotto por última vez',
  status: 'Estado',
  people,
  deliveredTo,
  holders: 'Quién lo tiene',
  person: (holder: PersonHolding): string => standings[holdingOf(holder)],
  device: (ordinal: number, isThis: boolean): string =>
    isThis ? 'Este dispositivo' : `Dispositivo ${number(ordinal)}`,
  holding: (holding: Holding): string => holdings[holding],
  foreign: (author: Person): string =>
    `Los dispositivos solo dicen a quien escribió un mensaje lo que tienen, así que solo ${isolated(author.name)} puede ver quién más tiene este.`,
};

export const safety: Catalogue['safety'] = {
  title: 'Puedes cerrar',
  unsafeTitle: 'Conserva este dispositivo',
  onlyHere: (count: number): string =>
    `${plural(count, { one: '# mensaje tuyo está', other: '# mensajes tuyos están' })} solo en este dispositivo. Deja Sotto abierto de vez en cuando hasta que alguien se conecte.`,
  selfOnly: 'Estas notas están solo en este dispositivo.',
  nothing: 'Aún no has escrito aquí.',
  all: 'Todos tus mensajes de aquí están en otro dispositivo o esperan en el buzón.',
  full: ({ fullDeviceCount }: Safety): string =>
    fullDeviceCount === 0
      ? 'Ningún otro dispositivo tiene todo lo que escribiste aquí.'
      : plural(fullDeviceCount, {
          one: '# dispositivo lo tiene todo.',
          other: '# dispositivos lo tienen todo.',
        }),
};

export const members: Catalogue['members'] = {
  actions: (name: string): string => `Acciones para ${name}`,
  make: {
    owner: 'Dar la propiedad',
    admin: 'Dar la administración',
    member: 'Hacer miembro',
    reader: 'Dejar solo leer',
  },
  remove: 'Quitar',
  removeTitle: (name: string): string => `¿Quitar a ${name}?`,
  removeText: (name: string): string =>
    `${isolated(name)} conserva lo que ya le llegó. Lo que se escriba desde ahora tiene claves nuevas, que ${isolated(name)} no recibe. Se retiran los enlaces con los que cualquiera puede unirse.`,
  ownerTitle: (name: string): string => `¿Dar la propiedad a ${name}?`,
  ownerText: (name: string): string =>
    `Con la propiedad se puede todo. Nadie puede quitar a ${isolated(name)} ni deshacer esto, tú tampoco.`,
  ownerAction: 'Dar la propiedad',
  regroup: (name: string): string => `Grupo nuevo sin ${name}`,
  regroupText: (name: string, group: string): string =>
    `No puedes quitar a ${isolated(name)}. Esto crea un grupo nuevo con todos los demás, que es tuyo. Lo escrito hasta ahora se lee también allí, para quien puede leerlo ahora; quien llegue después no lo lee. ${isolated(group)} continúa con ${isolated(name)} dentro, sin que sepa del grupo nuevo.`,
  regroupAction: 'Crear el grupo nuevo',
  add: 'Añadir gente',
  addSearch: 'Buscar gente',
  addNobody: 'Todas las personas con las que tienes una conversación están en este grupo.',
  addAction: 'Añadir',
  leave: 'Salir',
  leaveTitle: (group: string): string => `¿Salir de ${group}?`,
  leaveText:
    'Dejas de recibir lo que se escriba allí. Lo que hay aquí se queda en este dispositivo. Para volver necesitas otra invitación.',
  successor: 'Quién te releva',
  successorHint: 'El grupo es solo tuyo: sin relevo, nadie podrá nombrar a quien lo administre.',
  nobody: 'Nadie',
};

export const invite: Catalogue['invite'] = {
  title: 'Invitar',
  people: 'Invitar a gente',
  withLink: 'Invitar con un enlace',
  forDirect: 'Este enlace abre una conversación entre tú y otra persona.',
  forGroup: (name: string): string => `Este enlace deja entrar en ${name}.`,
  link: 'Enlace de invitación',
  making: 'Creando el enlace',
  copy: 'Copiar el enlace',
  copied: 'Copiado',
  copyFailed: 'Este navegador no dejó copiar. Selecciona el enlace y cópialo.',
  qr: 'Código QR de la invitación',
  isOpen: 'Cualquiera con el enlace puede unirse',
  asks: 'Quien reciba este enlace puede pedir unirse; tú lo aceptas.',
  opens: 'Quien reciba este enlace entra sin pedirlo, aunque no haya nadie en línea.',
  options: 'Opciones',
  history: 'Qué puede leer quien llega',
  histories: {
    none: 'Nada de lo anterior',
    since: 'Lo escrito desde que existe el enlace',
    all: 'Todo lo que sigue en este dispositivo',
  },
  historyHint: 'Quién entró y salió se ve siempre.',
  historyOpen: 'Cualquiera con el enlace puede leer lo que compartas por él.',
  level: 'Entran con',
  uses: 'Quién puede usarlo',
  usesOf: (count: number): string =>
    count === 1 ? 'Una persona' : plural(count, { other: 'Hasta # personas' }),
  life: 'Cuánto dura',
  lifeOf: (ms: number): string => {
    const { count, unit } = lifeOf(ms);
    return unit === 'hour'
      ? plural(count, { one: '# hora', other: '# horas' })
      : plural(count, { one: '# día', other: '# días' });
  },
  revoke: 'Retirar el enlace',
  revoked: 'Retirado. El enlace anterior ya no funciona.',
  again: 'Crear otro enlace',
  stage: (stage: InviteView['stage']): string => inviteStages[stage],
  expires: (atMs: number): string => `Funciona hasta el ${date(atMs)}.`,
};
