/** Was selten geöffnet wird. */
import type { FreeableFiles } from '../../../core/api.ts';
import type { LateWords } from '../catalogue.ts';
import { counted, isolated, percent, size } from '../format.ts';

const files = (count: number): string => counted(count, 'Datei', 'Dateien');

const again = ({ deviceCount, count }: FreeableFiles): string => {
  const can = count === 1 ? 'lässt sich' : 'lassen sich';
  if (deviceCount === 0) return `${can} wieder holen, wenn da ist, wer sie gab`;
  const from = deviceCount === 1 ? 'einem Gerät' : 'zwei oder mehr Geräten';
  return `${can} von ${from} wieder holen`;
};

export const late: LateWords = {
  export: {
    open: 'Exportieren …',
    title: (name) => `${isolated(name)} exportieren`,
    what: 'Schreibt eine ZIP-Datei mit den Nachrichten, wer hier ist, und den Dateien auf diesem Gerät.',
    warning: 'Die Kopie ist nicht verschlüsselt: Wer sie bekommt, kann sie lesen.',
    counting: 'Zählt, was hier ist',
    contents: (messageCount, fileCount, bytes) =>
      `${counted(messageCount, 'Nachricht', 'Nachrichten')}, ${files(fileCount)} (${size(bytes)})`,
    missing: (count) =>
      `${files(count)} nicht auf diesem Gerät. Die Kopie nennt sie und enthält sie nicht.`,
    disappearing: (count) =>
      `${counted(count, 'Nachricht, die verschwindet, bleibt', 'Nachrichten, die verschwinden, bleiben')} draußen.`,
    start: 'Exportieren',
    progress: (hundredths) => `Schreibt ${percent(hundredths)}`,
    done: 'Die Kopie ist geschrieben.',
    broken: (count) => `${files(count)} nicht ganz lesbar. Die Kopie sagt, welche.`,
    fileName: (name) => `Sotto – ${name}`,
    made: (when) => `Aus Sotto kopiert am ${when}. Nicht verschlüsselt.`,
    people: (names) => `Personen: ${names}`,
    notHere: (name) => `${name} (nicht auf dem Gerät, das diese Kopie machte)`,
    notWhole: (name) => `${name} (nicht ganz lesbar)`,
  },
  files: {
    onlyHere: (count) =>
      `${files(count)} von dir ${count === 1 ? 'ist' : 'sind'} nur auf diesem Gerät.`,
  },
  usage: {
    title: 'Dateien auf diesem Gerät',
    none: 'Keine Dateien auf diesem Gerät.',
    takes: (count, bytes) => `${files(count)}, ${size(bytes)}`,
    free: 'Platz schaffen …',
    freeIn: (name) => `Platz schaffen in ${isolated(name)} …`,
    freeEverywhere: 'Überall Platz schaffen …',
    titleIn: (name) => `Platz schaffen in ${isolated(name)}`,
    titleEverywhere: 'Überall Platz schaffen',
    again: (of) => `${files(of.count)} (${size(of.sizeBytes)}) ${again(of)}.`,
    stays: (count, bytes) =>
      `${files(count)} (${size(bytes)}) soweit bekannt nur hier: bleiben unberührt.`,
    previews: 'Nachrichten und kleine Vorschauen bleiben.',
    freeNow: (bytes) => `${size(bytes)} freigeben`,
  },
  stickers: {
    title: 'Sticker',
    emoji: 'Emoji',
    none: 'Noch keine Sticker. Mach eine Sammlung aus Bildern oder behalte eine, die dir jemand gibt.',
    make: 'Neue Stickersammlung …',
    makeTitle: 'Neue Stickersammlung',
    collected: 'Gesammelt',
    packName: 'Name der Sammlung',
    choose: 'Bilder wählen',
    word: (position) => `Wort oder Emoji für Bild ${position}`,
    wordHint: 'Was jeder Sticker sagt, auch denen, die ihn hören.',
    remove: (word) => `${word} entfernen`,
    save: 'Sammlung speichern',
    one: (word) => `Sticker: ${word}`,
    give: (name) => `Die Sammlung ${isolated(name)} in diese Unterhaltung geben`,
    removePack: (name) => `Die Sammlung ${isolated(name)} entfernen`,
    keep: 'Zu meinen Stickern nehmen',
    kept: 'Bei deinen Stickern.',
    incomplete: 'Gib der Sammlung einen Namen und jedem Bild ein Wort oder ein Emoji.',
    unusable: {
      unusable: (name) => `Aus ${isolated(name)} lässt sich kein Sticker machen.`,
      moves: (name) =>
        `${isolated(name)} bewegt sich zu lang für einen Sticker, oder dieser Browser kann es nicht zeichnen. Nimm ein kürzeres oder ein stehendes Bild.`,
      'too-many': (name) => `Die Sammlung ist voll: ${isolated(name)} kam nicht hinein.`,
    },
  },
};
