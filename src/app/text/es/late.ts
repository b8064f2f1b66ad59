/** Lo que se abre pocas veces. */
import type { FreeableFiles } from '../../../core/api.ts';
import type { LateWords } from '../catalogue.ts';
import { counted, isolated, percent, size } from '../format.ts';

const files = (count: number): string => counted(count, 'archivo', 'archivos');

const again = ({ deviceCount, count }: FreeableFiles): string => {
  const can = count === 1 ? 'se puede' : 'se pueden';
  if (deviceCount === 0) return `${can} volver a traer cuando esté quien los dio`;
  const from = deviceCount === 1 ? 'un dispositivo' : 'dos o más dispositivos';
  return `${can} volver a traer de ${from}`;
};

export const late: LateWords = {
  export: {
    open: 'Exportar…',
    title: (name) => `Exportar ${isolated(name)}`,
    what: 'Escribe un archivo ZIP con los mensajes, quién está y los archivos que hay en este dispositivo.',
    warning: 'La copia no está cifrada: quien la tenga puede leerla.',
    counting: 'Contando lo que hay',
    contents: (messageCount, fileCount, bytes) =>
      `${counted(messageCount, 'mensaje', 'mensajes')}, ${files(fileCount)} (${size(bytes)})`,
    missing: (count) =>
      `${files(count)} que no están en este dispositivo. La copia los nombra y no los contiene.`,
    disappearing: (count) =>
      `${counted(count, 'mensaje que desaparece queda', 'mensajes que desaparecen quedan')} fuera.`,
    start: 'Exportar',
    progress: (hundredths) => `Escribiendo ${percent(hundredths)}`,
    done: 'La copia está escrita.',
    broken: (count) => `${files(count)} que no se pudieron leer enteros. La copia dice cuáles.`,
    fileName: (name) => `Sotto, ${name}`,
    made: (when) => `Copiado de Sotto el ${when}. Sin cifrar.`,
    people: (names) => `Personas: ${names}`,
    notHere: (name) => `${name} (no está en el dispositivo que hizo esta copia)`,
    notWhole: (name) => `${name} (no se pudo leer entero)`,
  },
  files: {
    onlyHere: (count) =>
      `${counted(count, 'archivo tuyo está', 'archivos tuyos están')} solo en este dispositivo.`,
  },
  usage: {
    title: 'Archivos en este dispositivo',
    none: 'No hay archivos en este dispositivo.',
    takes: (count, bytes) => `${files(count)}, ${size(bytes)}`,
    free: 'Liberar espacio…',
    freeIn: (name) => `Liberar espacio en ${isolated(name)}…`,
    freeEverywhere: 'Liberar espacio en todas partes…',
    titleIn: (name) => `Liberar espacio en ${isolated(name)}`,
    titleEverywhere: 'Liberar espacio en todas partes',
    again: (of) => `${files(of.count)} (${size(of.sizeBytes)}) ${again(of)}.`,
    stays: (count, bytes) =>
      `${files(count)} (${size(bytes)}) que, por lo que se sabe, solo están aquí: no se tocan.`,
    previews: 'Los mensajes y las vistas pequeñas se quedan.',
    freeNow: (bytes) => `Liberar ${size(bytes)}`,
  },
  stickers: {
    title: 'Pegatinas',
    emoji: 'Emoji',
    none: 'Aún no hay pegatinas. Haz una colección con imágenes o guarda una que te den.',
    make: 'Nueva colección de pegatinas…',
    makeTitle: 'Nueva colección de pegatinas',
    collected: 'Reunidas',
    packName: 'Nombre de la colección',
    choose: 'Elegir imágenes',
    word: (position) => `Palabra o emoji para la imagen ${position}`,
    wordHint: 'Lo que dice cada pegatina, también a quien la oye.',
    remove: (word) => `Quitar ${word}`,
    save: 'Guardar la colección',
    one: (word) => `Pegatina ${word}`,
    give: (name) => `Dar la colección ${isolated(name)} a esta conversación`,
    removePack: (name) => `Quitar la colección ${isolated(name)}`,
    keep: 'Añadir a mis pegatinas',
    kept: 'Añadida a tus pegatinas.',
    incomplete: 'Pon nombre a la colección y una palabra o un emoji a cada imagen.',
    unusable: {
      unusable: (name) => `No se puede hacer una pegatina con ${isolated(name)}.`,
      moves: (name) =>
        `${isolated(name)} se mueve demasiado tiempo para una pegatina, o este navegador no puede dibujarla. Elige una más corta o una imagen fija.`,
      'too-many': (name) => `La colección está llena: ${isolated(name)} se quedó fuera.`,
    },
  },
};
