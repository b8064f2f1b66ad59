/**
 * [MF7] Where a file is saved to: piece by piece where the browser lets one choose a place, else at
 * once, as a download, which has to be in memory as a whole.
 */
import { limits } from '../protocol/limits.ts';

export interface Sink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** What was written is there now. */
  close(): Promise<void>;
  abort(): Promise<void>;
}

interface PickedFile {
  createWritable(): Promise<WritableStream<Uint8Array> & Sink>;
}

interface FilePicker {
  showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<PickedFile>;
}

/** Whatever its sender says it is: nothing is opened in the place of the app. */
const saved = 'application/octet-stream';

const download = (name: string): Sink => {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let heldBytes = 0;
  return {
    write: async (bytes) => {
      heldBytes += bytes.length;
      if (heldBytes > limits.downloadBytesMax) throw new Error('more than this was to be');
      pieces.push(bytes);
    },
    close: async () => {
      const url = URL.createObjectURL(new Blob(pieces, { type: saved }));
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => {
        URL.revokeObjectURL(url);
      }, 60_000); // The browser reads it after the click.
    },
    abort: async () => {
      pieces.length = 0;
    },
  };
};

/** Undefined: the person thought better of it. Has to be called from a click. */
export const openSink = async (file: {
  readonly name: string;
  readonly sizeBytes: number;
}): Promise<Sink | 'too-large' | undefined> => {
  const picker = window as FilePicker;
  const atOnce = (): Sink | 'too-large' =>
    file.sizeBytes > limits.downloadBytesMax ? 'too-large' : download(file.name);
  if (picker.showSaveFilePicker === undefined) return atOnce();
  try {
    const picked = await picker.showSaveFilePicker({ suggestedName: file.name });
    return await picked.createWritable();
  } catch (error) {
    const isCalledOff = error instanceof DOMException && error.name === 'AbortError';
    return isCalledOff ? undefined : atOnce();
  }
};
