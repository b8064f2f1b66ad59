/** Qué saben de ti los demás, a quién oyes, qué se hace con una conversación. */
import { isolated, number } from '../format.ts';

export const people = {
  security: 'Seguridad',
  receipts: 'Decir a los demás lo que he leído',
  receiptsHint: 'Si lo apagas, tampoco ves lo que han leído ellos.',
  typing: 'Decir a los demás cuándo escribo',
  typingHint: 'Si lo apagas, tampoco ves cuándo escriben ellos.',
  presence: 'Decir a los demás cuándo estoy',
  presenceHint:
    'Si lo apagas, tampoco ves cuándo están ellos. Aun así, los dispositivos con los que tienes conexión pueden saber que estás en línea.',
  blocked: 'Personas bloqueadas',
  noneBlocked: 'No hay nadie bloqueado.',
  unblock: (name: string): string => `Desbloquear a ${name}`,

  status: 'Sobre ti',
  statusHint: 'Una línea corta que ven las personas con quienes compartes una conversación.',
  picture: 'Imagen',
  choosePicture: 'Elegir una imagen',
  removePicture: 'Quitar la imagen',

  requests: 'Personas que te escriben',
  wantsToTalk: (name: string): string => `${isolated(name)} quiere hablar contigo`,
  requestHint: 'Se conocen de un grupo. Hasta que respondas, no se le dice lo que has leído.',
  accept: 'Aceptar',
  decline: 'Rechazar',

  message: 'Escribirle',
  block: 'Bloquear',

  actions: (name: string): string => `Acciones para ${name}`,
  markUnread: 'Marcar como no leída',
  mute: 'Silenciar',
  unmute: 'Dejar de silenciar',
  muted: 'en silencio',
  archive: 'Archivar',
  unarchive: 'Sacar del archivo',
  archived: 'Archivadas',
  archivedCount: (count: number): string => `Archivadas (${number(count)})`,
  delete: 'Borrar',
  deleteTitle: (name: string): string => `¿Borrar ${isolated(name)}?`,
  deleteText: {
    group:
      'Sales del grupo, y todo lo suyo se borra de este dispositivo. Los demás conservan lo que tienen.',
    direct:
      'Todo lo suyo se borra de este dispositivo, y lo que te escriba aquí ya no te llega. La otra parte conserva lo que tiene.',
  },
  writing: (names: ReadonlyArray<string>): string =>
    names.length === 1
      ? `${isolated(names[0] ?? '')} está escribiendo`
      : `${number(names.length)} personas están escribiendo`,
};
