/** Estados: a quién se puede alcanzar, quién tiene un mensaje, hasta dónde llegó una invitación. */
import type {
  Closed,
  ConversationKind,
  Delivery,
  DeliveryState,
  InviteView,
  JoinStage,
  MemberLevel,
  MemberTrouble,
  Notice,
  Person,
  Presence,
  RelayView,
  SharedHistory,
  TruthLine,
} from '../../../core/api.ts';
import { wholeSeconds } from '../common.ts';
import { isolated, moment, number, plural, timer } from '../format.ts';

export const seconds = (ms: number): string => `${number(wholeSeconds(ms))} s`;

export const people = (count: number): string =>
  plural(count, { one: '# persona', other: '# personas' });
export const messages = (count: number): string =>
  plural(count, { one: '# mensaje', other: '# mensajes' });
export const devices = (count: number): string =>
  plural(count, { one: '# dispositivo', other: '# dispositivos' });

const online = (onlineCount: number, peopleCount: number): string =>
  peopleCount === 1 ? 'aquí ahora' : `${number(onlineCount)} de ${people(peopleCount)} en línea`;

export const truth = (line: TruthLine): string => {
  switch (line.kind) {
    case 'only-you':
      return 'Solo tú puedes leer esto';
    case 'direct':
      return `Directo · ${online(line.onlineCount, line.peopleCount)}`;
    case 'relayed':
      return `Por tu relay · ${online(line.onlineCount, line.peopleCount)}`;
    case 'alone':
      return 'No hay nadie más en línea';
    case 'offline':
      return 'No tienes conexión';
    case 'catching-up':
      return `Poniéndose al día: ${number(line.haveCount)} de ${number(line.totalCount)}`;
    case 'no-relay':
      return line.retryMs === undefined
        ? 'Ningún relay responde'
        : `Ningún relay responde: nuevo intento en ${seconds(line.retryMs)}`;
    case 'connecting':
      return 'Conectando';
  }
};

const waitingFor = (kind: ConversationKind, name: string): string => {
  if (kind === 'self') return 'Solo en este dispositivo';
  return kind === 'direct' && name !== ''
    ? `Esperando a ${name}`
    : 'Esperando a que un dispositivo se conecte';
};

const forNobody = 'Aún no había nadie más: solo lo tienes tú';

const holders = ({ haveCount, peopleCount }: Delivery): string =>
  haveCount >= peopleCount
    ? 'Lo tienen todos'
    : `Lo ${haveCount === 1 ? 'tiene' : 'tienen'} ${number(haveCount)} de ${people(peopleCount)} · faltan ${number(peopleCount - haveCount)}`;

export const delivery = (status: Delivery, kind: ConversationKind, name: string): string => {
  const { isForNobody = false } = status;
  switch (status.state) {
    case 'saved':
      return isForNobody ? forNobody : waitingFor(kind, name);
    case 'parked':
      return isForNobody ? forNobody : 'En el buzón. Aún no lo tiene nadie.';
    case 'delivered':
      if (kind === 'self') return 'En otro de tus dispositivos';
      return kind === 'direct' ? 'Entregado' : holders(status);
    case 'read':
      return kind === 'group' ? `Leído · ${holders(status)}` : 'Leído';
    case 'blocked':
      return 'Te quitaron antes de que esto se entregara';
    case 'expired':
      return 'Se borró de este dispositivo antes de que alguien lo recibiera';
  }
};

export const deliveryMarks: Record<DeliveryState, string> = {
  saved: 'En espera',
  parked: 'En el buzón',
  delivered: 'Entregado',
  read: 'Leído',
  blocked: 'No entregado',
  expired: 'Borrado',
};

const ownHistories =
  'Un dispositivo tuyo difundió dos historiales distintos, y los demás ya no aceptan lo que escribe. Restaurar una copia puede causarlo.';

const twoHistories = (who: Person): string =>
  who.isMe
    ? ownHistories
    : `Un dispositivo de ${isolated(who.name)} difundió dos historiales distintos. Pregúntale a ${isolated(who.name)}.`;

export const memberTrouble = (trouble: MemberTrouble, who: Person): string => {
  if (trouble === 'two-histories') return twoHistories(who);
  return who.isMe
    ? 'Tu registro de identidad no concuerda consigo mismo: quizá alguien más tiene tu frase de recuperación.'
    : `El registro de identidad de ${isolated(who.name)} no concuerda. Pregúntale a ${isolated(who.name)}.`;
};

export const closed = (why: Closed): string => {
  switch (why.kind) {
    case 'removed':
      return why.by === undefined
        ? 'Te quitaron. Lo que hay aquí se queda en este dispositivo.'
        : `${isolated(why.by.name)} te quitó. Lo que hay aquí se queda en este dispositivo.`;
    case 'left':
      return 'Saliste. Lo que hay aquí se queda en este dispositivo.';
    case 'reader':
      return 'Aquí puedes leer, no escribir.';
    case 'two-histories':
      return ownHistories;
  }
};

/** "Creaste el grupo", "Mira creó el grupo". */
const did = (who: Person, mine: string, theirs: string): string =>
  who.isMe ? mine : `${isolated(who.name)} ${theirs}`;

/** "te quitó", "quitó a Mira": the object stands before the verb only when it is the reader. */
const doneTo = (
  line: { readonly by: Person; readonly who: Person },
  mine: string,
  theirs: string,
): string =>
  line.who.isMe
    ? `${isolated(line.by.name)} te ${theirs}`
    : `${did(line.by, mine, theirs)} a ${isolated(line.who.name)}`;

const levelNouns: Record<MemberLevel, string> = {
  owner: 'la propiedad del grupo',
  admin: 'permisos de administración',
  member: 'permisos de miembro',
  reader: 'permiso solo para leer',
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const readsBefore = (who: Person, history: SharedHistory): string => {
  if (history === 'none') {
    return who.isMe ? 'no puedes leer nada anterior' : 'no puede leer nada anterior';
  }
  const what = history === 'all' ? 'todo lo anterior' : 'lo escrito desde que existe el enlace';
  return `${who.isMe ? 'puedes' : 'puede'} leer ${what}`;
};

export const notice = (line: Notice): string => {
  switch (line.kind) {
    case 'created':
      return did(line.by, 'Creaste el grupo', 'creó el grupo');
    case 'regrouped': {
      const made = did(line.by, 'Rehiciste el grupo', 'rehízo el grupo');
      return line.without === undefined
        ? `${made} a partir de otro, sin alguien`
        : `${made} sin ${line.without.isMe ? 'ti' : isolated(line.without.name)} · arriba está lo escrito antes`;
    }
    case 'joined':
      return `${did(line.who, 'Te uniste', 'se unió')} y ${readsBefore(line.who, line.history)}`;
    case 'added':
      return `${capital(doneTo(line, 'añadiste', 'añadió'))} · ${readsBefore(line.who, line.history)}`;
    case 'removed':
      return `${capital(doneTo(line, 'quitaste', 'quitó'))} · lo que sigue tiene claves nuevas`;
    case 'left':
      return `${did(line.who, 'Saliste', 'salió')} · lo que sigue tiene claves nuevas`;
    case 'level':
      return line.who.isMe
        ? `${isolated(line.by.name)} te dio ${levelNouns[line.level]}`
        : `${did(line.by, 'Diste', 'dio')} a ${isolated(line.who.name)} ${levelNouns[line.level]}`;
    case 'timer':
      return line.timerMs === undefined
        ? did(
            line.by,
            'Desactivaste los mensajes que desaparecen',
            'desactivó los mensajes que desaparecen',
          )
        : `${did(line.by, 'Activaste los mensajes que desaparecen', 'activó los mensajes que desaparecen')}: ${timer(line.timerMs)}`;
    case 'forked':
      return twoHistories(line.who);
  }
};

export const presence = (value: Presence, nowMs: number): string => {
  switch (value.kind) {
    case 'here':
      return value.path === 'direct' ? 'aquí ahora, directo' : 'aquí ahora, por un relay';
    case 'heard':
      return `última señal: ${moment(value.atMs, nowMs)}`;
    case 'unknown':
      return 'aún sin señal';
  }
};

export const levels: Record<MemberLevel, string> = {
  owner: 'Propiedad',
  admin: 'Administración',
  member: 'Miembro',
  reader: 'Solo lectura',
};

export const inviteStages: Record<InviteView['stage'], string> = {
  waiting: 'Esperando a que lo abran. Puedes cerrar esto.',
  parked: 'En el buzón: este enlace también funciona cuando no estás.',
  opened: 'Abierto. Conectando.',
  asked: 'Alguien quiere unirse. Comparen las cuatro palabras.',
  joined: 'Ya está dentro.',
};

export const joinStages: Record<JoinStage, string> = {
  looking:
    'Buscando a quien te invitó. Quizá su dispositivo no tiene conexión: esto sigue solo cuando vuelva.',
  parked:
    'Tu solicitud está en el buzón. Ahora no hay nadie en línea que pueda aceptarla: en cuanto alguien lo haga, estás dentro. Puedes cerrar esto.',
  connecting: 'Conectando con quien te invitó.',
  'waiting-approval': 'Ya tienen tu solicitud. En cuanto la acepten, estás dentro.',
  joined: 'Estás dentro. Abriendo la conversación.',
  declined: 'No la aceptaron. Allí no se guardó nada tuyo.',
};

export const relayState = (relay: RelayView): string => {
  switch (relay.state) {
    case 'up':
      return 'Conectado';
    case 'connecting':
      return 'Conectando';
    case 'unreachable':
      return relay.retryMs === undefined
        ? 'No responde'
        : `No responde: nuevo intento en ${seconds(relay.retryMs)}`;
    case 'bad-address':
      return 'No es la dirección de un relay';
  }
};
