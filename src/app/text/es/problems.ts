/** Qué falló, qué significa, y qué se puede hacer. */
import type { CommandError, InviteProblem, Trouble } from '../../../core/api.ts';

export const inviteProblems: Record<InviteProblem, string> = {
  mangled: 'Este no es un enlace de invitación completo. Pídelo otra vez, o cópialo entero.',
  'newer-version': 'Esta invitación la hizo un Sotto más nuevo. Recarga esta página para tenerlo.',
  expired: 'Esta invitación caducó. Pide otra.',
  own: 'Esta invitación es tuya. Dásela a otra persona: se abre en su dispositivo.',
  'already-member': 'Ya estás en esta conversación. La tienes en tu lista.',
  revoked: 'Esta invitación se retiró. Pide otra.',
};

export const commandErrors: Record<CommandError, string> = {
  ...inviteProblems,
  'not-ready': 'Sotto aún no está listo para eso. Prueba otra vez en un momento.',
  'unknown-conversation': 'Esta conversación no está en este dispositivo.',
  'unknown-invite': 'Esta invitación ya no existe.',
  'unknown-request': 'Esta solicitud ya no existe.',
  'unknown-message': 'Este mensaje ya no se muestra aquí.',
  'unknown-person': 'Esta persona ya no está en la conversación.',
  empty: 'Escribe algo primero.',
  'too-long': 'Es demasiado largo. Acórtalo, o repártelo en varios mensajes.',
  'bad-address':
    'Esto no es la dirección de un relay. Es algo así: /dns4/relay.example/tcp/443/wss/p2p/…',
  'file-not-here': 'Un archivo suyo no está en este dispositivo. Tráelo primero y luego reenvíalo.',
  'bad-stickers': 'Esto no es una colección de pegatinas que se pueda usar.',
  'bad-picture': 'Esta imagen no se puede usar. Prueba con otra.',
  'too-many': 'Este dispositivo no puede guardar más. Quita algo primero.',
  'not-allowed': 'No puedes hacer eso en esta conversación.',
  'disk-full': 'No se guardó: este dispositivo no tiene espacio. Libera algo y prueba otra vez.',
  'storage-failed':
    'No se guardó: falló el almacenamiento del navegador. Recarga esta página y prueba otra vez.',
  'conversation-failed': 'Esta conversación se detuvo tras un error; lo guardado sigue intacto.',
  busy: 'Demasiado a la vez. Prueba otra vez en un momento.',
};

export const troubles: Record<Trouble, string> = {
  'disk-full':
    'Este dispositivo no tiene espacio. Puedes leerlo todo; los mensajes nuevos se guardan de nuevo cuando haya sitio.',
  'storage-open-failed':
    'Sotto no pudo abrir sus datos en este navegador. Puede deberse a una ventana privada o a ajustes estrictos. No se cambió nada.',
  'storage-blocked':
    'Otra pestaña con un Sotto más antiguo tiene los datos. Cierra las otras pestañas y recarga esta.',
  'storage-newer':
    'Los datos de aquí son de un Sotto más nuevo. Recarga esta página para tenerlo; no se cambió nada.',
  'storage-failed':
    'Falló el almacenamiento del navegador. Lo que ves está a salvo; recarga esta página antes de escribir más.',
  'storage-lost':
    'El navegador borró datos que estaban aquí. Las demás personas de tus conversaciones conservan lo que recibieron.',
  'core-failed':
    'Una parte de Sotto no llegó. Revisa la conexión y recarga esta página. Lo guardado sigue intacto.',
  'no-webrtc':
    'Este navegador no tiene WebRTC, así que los mensajes pasan por un relay y no directos.',
};
