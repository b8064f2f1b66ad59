/** [XP3] One ZIP file, written entry by entry as its parts are read: none of it is ever held whole. */
import { makeZip } from 'client-zip';
import type { Sink } from './save.browser.ts';

export interface ArchiveEntry {
  readonly path: string;
  readonly content: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** What goes wrong while a part is read or written is thrown; then nothing more is written. */
export const writeArchive = async (
  entries: AsyncIterable<ArchiveEntry>,
  sink: Pick<Sink, 'write'>,
  now: Date,
): Promise<void> => {
  const reader = makeZip(inputsOf(entries, now)).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      await sink.write(new Uint8Array(part.value));
    }
  } finally {
    await reader.cancel();
  }
};

async function* inputsOf(entries: AsyncIterable<ArchiveEntry>, lastModified: Date) {
  for await (const { path, content } of entries) yield { name: path, input: content, lastModified };
}
