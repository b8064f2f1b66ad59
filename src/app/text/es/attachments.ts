/** Imágenes, vídeos, mensajes de voz y archivos. */
import type {
  AttachmentsLine,
  AttachmentState,
  AttachmentWait,
  FileOnItsWay,
} from '../../../core/api.ts';
import type { Cleaning } from '../../../media/cleaning.ts';
import type { CameraProblem } from '../../../media/camera.ts';
import type { MicrophoneProblem } from '../../../media/microphone.ts';
import type { ChoiceProblem } from '../../attachments/choice-problem.ts';
import type { Catalogue } from '../catalogue.ts';
import { filesText, fractionOf, sharedText } from '../common.ts';
import { counted, isolated, number, percent, playTime, size } from '../format.ts';

const people = (count: number): string => counted(count, 'persona', 'personas');

const waits: Record<AttachmentWait, string> = {
  ask: 'Todavía sin traer',
  holder: 'Nadie que lo tenga está aquí',
  'direct-path': 'Espera un camino directo',
  space: 'No hay espacio en este dispositivo',
};

const cleanings: Record<Cleaning, string> = {
  cleaned: 'Datos de lugar y cámara quitados',
  original: 'Original: conserva dónde, cuándo y con qué se hizo',
  partly: 'Datos de lugar y cámara quitados, salvo una pista oculta en este vídeo',
  'as-is': 'Los archivos van tal cual, con lo que dicen de sí mismos',
};

const problems: Record<ChoiceProblem, (name: string) => string> = {
  corrupt: (name) => `${name} está dañado y no se puede mostrar.`,
  mislabelled: (name) => `${name} no es lo que dice su nombre.`,
  'too-many-pixels': (name) => `${name} tiene más de 50 millones de píxeles.`,
  empty: (name) => `${name} está vacío.`,
  unreadable: (name) => `${name} no se puede leer.`,
  folder: (name) => `${name} es una carpeta. Elige mejor los archivos que contiene.`,
  'too-many': (name) => `${name} es demasiado para un mensaje. Ponlo en el siguiente.`,
};

const microphone: Record<MicrophoneProblem, string> = {
  denied: 'El navegador no deja que Sotto use el micrófono. Permítelo en los ajustes del sitio.',
  'no-microphone': 'No se encontró ningún micrófono. Conecta uno y vuelve a intentarlo.',
  unsupported: 'Este navegador no puede grabar.',
};

const camera: Record<CameraProblem, string> = {
  denied: 'El navegador no deja que Sotto use la cámara. Permítelo en los ajustes del sitio.',
  'no-camera': 'No se encontró ninguna cámara. Conecta una e inténtalo de nuevo.',
  unsupported: 'Este navegador no puede usar una cámara.',
};

export const filesLine = (line: AttachmentsLine): string =>
  filesText(line, {
    one: { image: 'Foto', video: 'Vídeo', voice: 'Mensaje de voz', file: 'Archivo' },
    many: {
      image: (count) => `${number(count)} fotos`,
      video: (count) => `${number(count)} vídeos`,
      voice: (count) => `${number(count)} mensajes de voz`,
      file: (count) => `${number(count)} archivos`,
    },
  });

const giver = ({ isFromMailbox, fromCount }: FileOnItsWay): string =>
  isFromMailbox === true ? 'del buzón' : `de ${people(fromCount)}`;

const state = (of: AttachmentState, sizeBytes: number, isMine: boolean): string | undefined => {
  switch (of.kind) {
    case 'preparing':
      return 'Preparando';
    case 'here':
      if (!isMine) return undefined;
      return sharedText(of, {
        sharing: (hundredths) => `Compartiendo ${percent(hundredths)}`,
        held: (count) => `${people(count)} lo ${count === 1 ? 'tiene' : 'tienen'}`,
        nobody: 'Compartiendo · nadie lo tiene todavía',
      });
    case 'fetching':
      return `Trayendo ${percent(fractionOf(of.doneBytes, sizeBytes))} ${giver(of)}`;
    case 'waiting':
      return waits[of.for];
    case 'paused':
      return `En pausa al ${percent(fractionOf(of.doneBytes, sizeBytes))}`;
  }
};

export const files: Catalogue['files'] = {
  line: filesLine,
  state,
  size,
  playTime,
  label: 'Imágenes y archivos',
  fetch: (name) => `Traer ${name}`,
  pause: (name) => `Pausar ${name}`,
  stop: (name) => `Dejar de traer ${name}`,
  save: (name) => `Guardar ${name}`,
  saving: (hundredths) => `Guardando ${percent(hundredths)}`,
  tooLarge:
    'Demasiado grande para que este navegador lo guarde. Abre Sotto en Chrome o Edge en un ordenador.',
  notShown: 'Esto no se puede mostrar aquí. Se puede guardar.',
  open: (name) => `Abrir ${name}`,
  playVideo: (name, ms) => `Reproducir ${name}, ${playTime(ms)}`,
  move: (name) => `Reproducir la animación ${name}`,

  tray: {
    label: 'Archivos elegidos',
    media: 'Imagen o vídeo',
    camera: 'Hacer una foto',
    file: 'Archivo',
    preparing: 'Preparando',
    remove: (name) => `Quitar ${name}`,
    earlier: (name) => `Mover ${name} hacia delante`,
    later: (name) => `Mover ${name} hacia atrás`,
    total: (count, bytes) => `${counted(count, 'archivo', 'archivos')} · ${size(bytes)}`,
    cleaning: (of) => cleanings[of],
    original: 'Enviar original',
    originalHint: 'Conserva dónde, cuándo y con qué se hicieron imágenes y vídeos.',
    untilClosed: 'Los archivos elegidos se guardan hasta que se cierre esta página.',
    problem: (of, name) => problems[of](isolated(name)),
    isLong: (count) => `${counted(count, 'carácter', 'caracteres')} de texto`,
    asFile: 'Enviar como archivo',
    textName: 'Texto',
  },
  drop: {
    to: (name) => `Enviar a ${isolated(name)}`,
    hint: 'Esc cancela',
  },
  viewer: {
    position: (at, count) => `${number(at)} de ${number(count)}`,
    previous: 'Imagen anterior',
    next: 'Imagen siguiente',
    zoomIn: 'Ampliar',
    zoomOut: 'Reducir',
  },
  voice: {
    record: 'Grabar mensaje de voz',
    name: 'Mensaje de voz',
    recording: (ms) => `Grabando ${playTime(ms)}`,
    paused: (ms) => `En pausa ${playTime(ms)}`,
    asking: 'Esperando el micrófono',
    pause: 'Pausar la grabación',
    resume: 'Seguir grabando',
    finish: 'Escuchar antes',
    cancel: 'Descartar la grabación',
    send: 'Enviar mensaje de voz',
    play: 'Reproducir mensaje de voz',
    stop: 'Pausar mensaje de voz',
    position: 'Posición',
    speed: (rate) => `Velocidad ${number(rate)}×`,
    rate: (rate) => `${number(rate)}×`,
    player: 'Reproductor del mensaje de voz',
    from: (name) => `Mensaje de voz de ${isolated(name)}`,
    close: 'Parar y cerrar',
    problem: (of) => microphone[of],
    unusable: 'No se pudo grabar nada. Vuelve a intentarlo.',
  },
  camera: {
    name: 'Imagen',
    asking: 'Esperando a la cámara',
    take: 'Tomar la foto',
    problem: (of) => camera[of],
  },
  shared: {
    title: 'Enviar a…',
    leftOut: (count) =>
      `Quedaron fuera ${counted(count, 'archivo', 'archivos')}: demasiados, demasiado grandes o sin espacio en este dispositivo.`,
    discard: 'Descartar',
  },
  rules: {
    title: 'Descargas automáticas',
    kinds: { image: 'Imágenes', voice: 'Mensajes de voz', video: 'Vídeos', file: 'Otros archivos' },
    size: 'Archivo más grande',
    onMetered: 'También con una conexión de uso medido',
    treatAsMetered: 'Tratar esta conexión como de uso medido',
    treatAsMeteredHint: 'Cuando los datos cuestan dinero y el navegador no lo sabe.',
    isMetered: 'El navegador dice que lo es.',
    asInSettings: 'Como en los ajustes',
    own: 'Reglas propias',
  },
  gallery: {
    title: 'Imágenes y archivos',
    none: 'Todavía no hay nada.',
    used: (bytes) => `${size(bytes)} en este dispositivo`,
    free: 'Liberar espacio',
    freeHint:
      'Quita los archivos de este dispositivo. Se pueden volver a traer mientras alguien los tenga.',
  },
};
