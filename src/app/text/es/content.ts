/** De qué está hecho un mensaje, y qué se puede hacer con él. */
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
import { coordinates, isolated, moment, plural, remaining, timer, number } from '../format.ts';
import { devices, messages } from './states.ts';

const left = (leftMs: number): string => remaining(leftMs) ?? 'menos de 1 min';

const votes = (count: number): string => plural(count, { one: '# voto', other: '# votos' });

const deletion = (item: MessageItem, { askedCount, confirmedCount }: Deletion): string => {
  if (!item.author.isMe) return 'Borrado por quien lo escribió';
  return askedCount === 0
    ? 'Borrado'
    : `Se pidió borrar a ${devices(askedCount)} · ${plural(confirmedCount, { one: '# confirmó', other: '# confirmaron' })}`;
};

const content = (item: MessageItem): string =>
  messageContent(item, {
    deletion,
    poll: (question) => `Encuesta: ${question}`,
    place: (where) => `Ubicación: ${where}`,
    card: (name) => `Contacto: ${name}`,
    files: filesLine,
  });

const oddities: Record<LinkOddity, string> = {
  'other-host': 'El texto de este enlace nombra un sitio distinto de aquel al que lleva.',
  punycode: 'Esta dirección tiene letras que pueden parecer otras. Se muestra tal como es.',
  'mixed-script':
    'Esta dirección mezcla letras de varios alfabetos, como hacen las que imitan a otras.',
};

const message = {
  name: (item: MessageItem, status: string | undefined): string =>
    messageName(item, status, {
      you: 'Tú',
      edited: 'editado',
      comma: ', ',
      content: content(item),
    }),
  content,
  edited: 'editado',
  showVersions: 'editado: ver versiones anteriores',
  forwarded: 'Reenvío',
  pinned: 'Fijado',
  deletion,
  disappears: (leftMs: number): string => `Desaparece en ${left(leftMs)}`,
  remaining: left,
  notBegun: (timerMs: number): string => `Desaparece ${timer(timerMs)} después de leerse`,
};

const actions: Catalogue['actions'] = {
  react: 'Reaccionar',
  reply: 'Responder',
  more: 'Más',
  edit: 'Editar',
  deleteEveryone: 'Pedir a todos que lo borren',
  deleteHere: 'Borrar en este dispositivo',
  pin: 'Fijar',
  unpin: 'Dejar de fijar',
  openThread: 'Abrir el hilo',
  forward: 'Reenviar',
  select: 'Seleccionar',
  selected: (name: string): string => `Seleccionar: ${name}`,
  markUnread: 'Marcar como no leído',
  resend: 'Escribirlo otra vez',
};

const selection: Catalogue['selection'] = {
  label: 'Mensajes seleccionados',
  count: (count: number): string =>
    plural(count, { one: '# seleccionado', other: '# seleccionados' }),
  copy: 'Copiar',
  leave: 'Dejar de seleccionar',
  line: (item: MessageItem, nowMs: number): string =>
    `${item.author.name}, ${moment(item.sentAtMs, nowMs)}: ${content(item)}`,
  deleteTitle: (count: number): string => `¿Borrar ${messages(count)}?`,
  deleteHere: 'Se van solo de este dispositivo. Los demás conservan los suyos.',
  deleteEveryone:
    'Se pide a cada dispositivo que borre su copia. El que no esté lo hará cuando vuelva; una app modificada puede conservarla.',
};

const quote: Catalogue['quote'] = {
  label: (name: string): string => `Ir a lo que escribió ${name}`,
  you: 'Tú',
  text: (of: Quote): string =>
    quoteText(of, {
      missing: 'Este mensaje no ha llegado',
      deleted: 'Este mensaje se borró',
      files: filesLine,
    }),
  missing: 'Este mensaje no ha llegado.',
  notHere: 'Este mensaje no está en este dispositivo.',
  back: 'Volver',
};

const reactions: Catalogue['reactions'] = {
  label: 'Reacciones',
  chip: (of: Reaction): string => reactionChip(of, 'tú'),
};

const mention: Catalogue['mention'] = { everyone: 'todos' };

const link: Catalogue['link'] = {
  title: '¿Abrir este enlace?',
  leads: 'Lleva a',
  open: 'Abrir',
  oddity: (oddity: LinkOddity): string => oddities[oddity],
  hint: 'El sitio ve tu dirección. No ve dónde encontraste el enlace.',
};

const code: Catalogue['code'] = { copy: 'Copiar el código', copied: 'Copiado' };

const poll: Catalogue['poll'] = {
  votes: ({ voterCount }: Poll): string => votes(voterCount),
  kind: ({ isMultiple }: Poll): string => (isMultiple ? 'Varias respuestas' : 'Una respuesta'),
  option: ({ text, count }: PollOption): string => `${text}: ${votes(count)}`,
  who: ({ people }: PollOption): string => peopleNames(people, 'tú'),
  takeBack: 'Retirar mi voto',
  countsOnly: 'Solo muestra cifras. Aun así, los dispositivos de todos aquí saben quién votó qué.',
};

const place: Catalogue['place'] = {
  label: 'Ubicación',
  coordinates,
  copy: 'Copiar las coordenadas',
  copied: 'Copiado',
  open: 'Abrir en una app de mapas',
};

const card: Catalogue['card'] = {
  label: 'Contacto',
  message: 'Escribirle',
  messageTo: (name: string): string => `Escribir a ${name}`,
  unreachable: ({ person }: Card): string =>
    `No se puede escribir a ${isolated(person.name)} desde aquí.`,
};

const pins: Catalogue['pins'] = {
  title: 'Mensajes fijados',
  text: (pin: PinView): string => pinText(pin, filesLine),
  bar: (pin: PinView): string =>
    `Fijado: ${pin.author.isMe ? 'Tú' : isolated(pin.author.name)}: ${pinText(pin, filesLine)}`,
  by: ({ pinnedBy }: PinView): string =>
    pinnedBy.isMe ? 'Lo fijaste tú' : `Lo fijó ${isolated(pinnedBy.name)}`,
  go: 'Ir al mensaje fijado',
  count: (count: number): string => plural(count, { one: '# fijado', other: '# fijados' }),
};

const thread: Catalogue['thread'] = {
  title: 'Hilo',
  reply: 'Responder en el hilo',
  replies: (count: number): string => plural(count, { one: '# respuesta', other: '# respuestas' }),
  empty: 'Nadie ha respondido aquí todavía.',
};

const versions: Catalogue['versions'] = {
  title: 'Versiones anteriores',
  original: 'Primera versión',
  hint: 'Quien tiene el mensaje tiene todas sus versiones.',
  at: moment,
};

const disappearing: Catalogue['disappearing'] = {
  title: 'Mensajes que desaparecen',
  off: 'No',
  duration: timer,
  hint: 'Para lo que escriba cualquiera aquí desde ahora. Cada dispositivo borra su copia cuando se acaba el tiempo, contado desde que mostró el mensaje por primera vez.',
  limits: 'Aun así, alguien puede copiar, fotografiar o guardar lo que ha leído.',
  state: (timerMs: number | undefined): string => (timerMs === undefined ? 'No' : timer(timerMs)),
  beingErased: (count: number): string =>
    count === 1
      ? 'Un mensaje ya no se ve y todavía se está borrando: antes tiene que irse una clave más antigua, en una o dos semanas.'
      : `${number(count)} mensajes ya no se ven y todavía se están borrando: antes tiene que irse una clave más antigua, en una o dos semanas.`,
  on: (timerMs: number): string => `Los mensajes nuevos desaparecen al cabo de ${timer(timerMs)}`,
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
