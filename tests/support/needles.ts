/** Looks for a text in bytes, on a disk, and in the memory of a process, however it is written. */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** UTF-8, UTF-16, hex, and base64 whatever stood before it. */
const spellings = (text: string): ReadonlyArray<Buffer> => {
  const utf8 = Buffer.from(text, 'utf8');
  const base64 = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), utf8]).toString('base64');
    // Characters that share bits with the neighbours are not known.
    return Buffer.from(
      whole
        .slice(before === 0 ? 0 : before + 1)
        .replace(/=*$/, '')
        .slice(0, -1),
    );
  });
  return [utf8, Buffer.from(text, 'utf16le'), Buffer.from(utf8.toString('hex')), ...base64];
};

/** Which of the texts occur in the bytes. */
export const needlesIn = (bytes: Buffer, needles: ReadonlyArray<string>): ReadonlyArray<string> =>
  needles.filter((needle) => spellings(needle).some((spelling) => bytes.includes(spelling)));

/** Every file under the folder that holds one of the texts, in its content or its name. */
export const filesWith = (dir: string, needles: ReadonlyArray<string>): ReadonlyArray<string> => {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true });
  return files.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const content = entry.isFile() ? readFileSync(path) : Buffer.alloc(0);
    const found = needlesIn(Buffer.concat([Buffer.from(path), content]), needles);
    return found.map((needle) => `${needle} in ${path.slice(dir.length)}`);
  });
};

export interface RunningProcess {
  readonly id: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** The process that was started with this in its environment, such as "PORT=80". */
export const processWith = (setting: string): RunningProcess => {
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let settings: ReadonlyArray<string>;
    try {
      settings = readFileSync(`/proc/${entry}/environ`, 'latin1').split('\0');
    } catch {
      continue; // ended, or somebody else's
    }
    if (!settings.includes(setting)) continue;
    const pairs = settings.map((text) => [text.replace(/=.*/s, ''), text.replace(/^[^=]*=/, '')]);
    return { id: Number(entry), environment: Object.fromEntries(pairs) as Record<string, string> };
  }
  throw new Error(`no process runs with ${setting}`);
};

const chunkBytes = 16 * 1024 * 1024;

/** Which of the texts lie in what the process may write to, now. */
export const needlesInMemoryOf = (
  processId: number,
  needles: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const maps = readFileSync(`/proc/${String(processId)}/maps`, 'latin1').split('\n');
  const memory = openSync(`/proc/${String(processId)}/mem`, 'r');
  const found = new Set<string>();
  const chunk = Buffer.alloc(chunkBytes);
  for (const line of maps) {
    const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    const end = Number.parseInt(to, 16);
    for (let at = Number.parseInt(from, 16); at < end; at += chunkBytes / 2) {
      try {
        const length = readSync(memory, chunk, 0, Math.min(chunkBytes, end - at), at);
        for (const needle of needlesIn(chunk.subarray(0, length), needles)) found.add(needle);
      } catch {
        break; // a mapping that cannot be read, such as the kernel's own
      }
    }
  }
  closeSync(memory);
  return [...found];
};
