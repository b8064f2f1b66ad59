/**
 * Asks the disk for room before the database does. On a disk that is full to the last byte Chromium's
 * database tears its own log, writes on behind the tear, and on a later opening finds it corrupt and
 * deletes everything of the origin. So a write that has no room is refused before it is begun: a file
 * of our own is grown by as much and shrunk again, which the disk either allows or not.
 *
 * A megabyte takes longer than the write it is asked for. So a write waits for a small part of it only,
 * and the whole is looked for behind it; once that was not there, each write waits for all of it.
 */

/** Grown beside what is written: the database's own bookkeeping. */
const marginBytes = 1024 * 1024;
/** The same where all of it was there a moment ago: for the log alone. */
const nearBytes = 128 * 1024;
const lookBehindMs = 100;
const lookAgainMs = 1000;
const fileName = 'sotto-space-probe';

/** What the DOM types have for workers only. */
interface SyncFile {
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(bytes: number): void;
  close(): void;
}

type SyncFileHandle = FileSystemFileHandle & {
  readonly createSyncAccessHandle?: () => Promise<SyncFile>;
};

export interface SpaceProbe {
  /** Takes hold of the file; where that cannot be, there is always room. */
  open(): Promise<void>;
  hasRoomFor(bytes: number): boolean;
  close(): void;
}

const openFile = async (): Promise<SyncFile | undefined> => {
  try {
    const folder = await navigator.storage.getDirectory();
    const handle: SyncFileHandle = await folder.getFileHandle(fileName, { create: true });
    return await handle.createSyncAccessHandle?.();
  } catch {
    return undefined; // a window, a private session, another tab that holds it
  }
};

export const createSpaceProbe = (): SpaceProbe => {
  let file: SyncFile | undefined;
  let block = new Uint8Array(0);
  let hasMargin = false;
  let lookDue: ReturnType<typeof setTimeout> | undefined;
  let lookedAtMs = -Infinity;

  const canGrowBy = (wanted: number): boolean => {
    if (file === undefined) return true; // closed while a look was due
    if (block.length < wanted) block = new Uint8Array(wanted);
    try {
      const written = file.write(block.subarray(0, wanted), { at: 0 });
      file.truncate(0);
      return written === wanted;
    } catch {
      return false; // no room, or as good as none
    }
  };
  const look = (): void => {
    lookDue = undefined;
    lookedAtMs = performance.now();
    hasMargin = canGrowBy(marginBytes);
  };
  const lookBehind = (): void => {
    if (performance.now() - lookedAtMs > lookAgainMs) lookDue ??= setTimeout(look, lookBehindMs);
  };

  return {
    open: async () => {
      file ??= await openFile();
    },
    hasRoomFor: (bytes) => {
      if (file === undefined) return true;
      if (!hasMargin) {
        hasMargin = canGrowBy(bytes + marginBytes);
        return hasMargin;
      }
      lookBehind();
      // What a database writes of a change is more than the change.
      hasMargin = canGrowBy(2 * bytes + nearBytes);
      return hasMargin;
    },
    close: () => {
      clearTimeout(lookDue);
      file?.close();
      file = undefined;
    },
  };
};
