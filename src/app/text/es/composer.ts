/** Al escribir: el campo, lo que se puede adjuntar, emojis, encuestas, ubicaciones, contactos. */
import type { EmojiGroup, Tone } from '../../emoji.ts';
import type { Catalogue } from '../catalogue.ts';
import { isolated, number, plural } from '../format.ts';
import { closed } from './states.ts';

const groups: Record<EmojiGroup, string> = {
  smileys: 'Caras',
  people: 'Personas',
  nature: 'Animales y naturaleza',
  food: 'Comida y bebida',
  travel: 'Viajes y lugares',
  activities: 'Actividades',
  objects: 'Objetos',
  symbols: 'Símbolos',
  flags: 'Banderas',
};

const toneNames: Record<Tone, string> = {
  0: 'Sin tono de piel',
  1: 'Tono de piel claro',
  2: 'Tono de piel medio claro',
  3: 'Tono de piel medio',
  4: 'Tono de piel medio oscuro',
  5: 'Tono de piel oscuro',
};

export const composer: Catalogue['composer'] = {
  message: 'Mensaje',
  send: 'Enviar',
  attach: 'Adjuntar',
  closed,
  editing: 'Editando',
  replyingTo: (name: string): string => `Respuesta a ${isolated(name)}`,
  replyingToMe: 'Respuesta a ti',
  leaveReply: 'Cancelar la respuesta',
  leaveEdit: 'Cancelar la edición',
  people: 'Personas a quienes mencionar',
  emoji: 'Emojis que encajan',
  everyoneHint: 'Todos los de aquí',
};

export const emoji: Catalogue['emoji'] = {
  title: 'Emoji',
  search: 'Buscar emojis',
  recent: 'Recientes y frecuentes',
  found: 'Encontrados',
  nothing: 'Ningún emoji encaja.',
  unreachable: 'No se pudo obtener la lista de emojis. Prueba otra vez cuando tengas conexión.',
  group: (group: EmojiGroup): string => groups[group],
  groups: 'Categorías',
  tones: 'Tono de piel',
  tone: (tone: Tone): string => toneNames[tone],
};

export const newPoll: Catalogue['newPoll'] = {
  menu: 'Encuesta',
  title: 'Nueva encuesta',
  question: 'Pregunta',
  option: (ordinal: number): string => `Opción ${number(ordinal)}`,
  add: 'Añadir una opción',
  remove: (ordinal: number): string => `Quitar la opción ${number(ordinal)}`,
  isMultiple: 'Varias respuestas',
  isAnonymous: 'Solo cifras',
  isAnonymousHint:
    'No se muestran nombres. Aun así, los dispositivos de todos aquí saben quién votó qué.',
  create: 'Crear la encuesta',
  questionMissing: 'Escribe primero una pregunta.',
  optionsMissing: 'Escribe al menos dos opciones distintas.',
};

export const newPlace: Catalogue['newPlace'] = {
  menu: 'Ubicación',
  title: 'Compartir una ubicación',
  latitude: 'Latitud',
  longitude: 'Longitud',
  hint: 'Sotto no pregunta a tu dispositivo dónde está: escribe las coordenadas, o pega ambas en el primer campo.',
  latitudeWrong: 'Un número entre -90 y 90.',
  longitudeWrong: 'Un número entre -180 y 180.',
  share: 'Compartir',
};

export const newCard: Catalogue['newCard'] = {
  menu: 'Contacto',
  title: 'Compartir un contacto',
  hint: 'Las personas de aquí ven el nombre y pueden pedir escribirle.',
  share: (name: string): string => `Compartir a ${name}`,
  nobody: 'Aún no hay nadie a quien presentar.',
};

export const forward: Catalogue['forward'] = {
  title: 'Reenviar',
  search: 'Buscar conversaciones',
  action: (count: number): string =>
    count === 0
      ? 'Reenviar'
      : `Reenviar a ${plural(count, { one: '# conversación', other: '# conversaciones' })}`,
  nothing: 'Ninguna conversación encaja.',
};

export const sendLater: Catalogue['sendLater'] = {
  title: 'Enviar más tarde',
  menu: 'Enviar más tarde…',
  text: 'Texto',
  when: 'Fecha y hora',
  hint: 'Sale cuando este dispositivo esté despierto a esa hora con Sotto abierto; si no, en cuanto lo esté después.',
  choices: {
    hour: 'Dentro de una hora',
    evening: 'Esta tarde',
    morning: 'Mañana por la mañana',
    week: 'El lunes por la mañana',
  },
  action: 'Programar',
  past: 'Elige una hora que aún no haya pasado.',
  list: 'Mensajes programados',
  edit: 'Editar este mensaje programado',
  now: 'Enviar ahora',
  cancel: 'Descartar este mensaje programado',
};
