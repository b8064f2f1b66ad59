/** What was let go over the conversation, or pasted into the field. */
export interface Dropped {
  readonly files: ReadonlyArray<File>;
  /** Names of folders, which are not taken. */
  readonly folders: ReadonlyArray<string>;
}

export const hasFiles = (transfer: DataTransfer | null): boolean =>
  transfer?.types.includes('Files') === true;

/** Has to be read while the event lasts. */
export const droppedIn = (transfer: DataTransfer): Dropped => {
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of transfer.items) {
    const file = item.kind === 'file' ? item.getAsFile() : null;
    if (file === null) continue;
    if (item.webkitGetAsEntry()?.isDirectory === true) folders.push(file.name);
    else files.push(file);
  }
  return { files, folders };
};
