/** What a person asks about one file of one message. */
import { err, ok, type Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import type { StorageFailure } from '../../storage/port.ts';
import type { AttachmentCommand, CommandError } from '../api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { pastsOf } from '../conversation/views/past.ts';
import type { ViewContext } from '../conversation/views/view-context.ts';
import { commandErrorOf } from '../failures.ts';
import type { BlobFile } from './blob-file.ts';
import type { Blobs } from './blobs.ts';

type FileCommand = Extract<AttachmentCommand, { readonly attachmentId: string }>;
export type FileChange = Extract<
  FileCommand,
  { type: 'FetchAttachment' | 'PauseAttachment' | 'FreeAttachment' }
>;
export type FileQuestion = Extract<FileCommand, { type: 'LoadPreview' | 'ReadAttachment' }>;

interface Place {
  readonly blobs: Blobs;
  readonly shown: Conversation;
  readonly context: ViewContext;
}

type Bytes = Uint8Array<ArrayBuffer>;

const settled = (done: Result<undefined, StorageFailure>): Result<undefined, CommandError> =>
  done.ok ? done : err(commandErrorOf(done.error));

/** WebCrypto and others give memory that may be shared: what crosses is our own. */
const crossing = (bytes: Uint8Array | undefined): Result<Bytes, CommandError> =>
  bytes === undefined ? err('not-ready') : ok(new Uint8Array(bytes));

/** Where a message that is shown lies: there, or in what lies before it (RG6). */
const homeOf = (key: string, { shown, context }: Place): Conversation | undefined =>
  [shown, ...pastsOf(shown, context).map(({ of }) => of)].find(
    ({ readable }) => readable.message(key) !== undefined,
  );

interface Found {
  readonly conversation: Conversation;
  readonly file: BlobFile;
}

/** One that goes with a message that is here to be read. */
const find = async (
  place: Place,
  { key, attachmentId }: FileCommand,
): Promise<Found | undefined> => {
  const conversation = homeOf(key, place);
  if (conversation === undefined) return undefined;
  await place.blobs.look(conversation);
  const file = place.blobs.shelf.file(conversation, attachmentId);
  return file?.keys.has(key) === true ? { conversation, file } : undefined;
};

const read = async (
  blobs: Blobs,
  { conversation, file }: Found,
  command: Extract<FileCommand, { type: 'ReadAttachment' }>,
): Promise<Result<Bytes, CommandError>> => {
  const { fromByte, isAhead = false } = command;
  const byteCount = Math.min(command.byteCount, limits.readBytesMax);
  const isRange = Number.isSafeInteger(fromByte) && Number.isSafeInteger(byteCount);
  if (!isRange || fromByte < 0 || byteCount < 0) return err('empty');
  const bytes = isAhead
    ? await blobs.readAhead(conversation, file, { fromByte, byteCount })
    : await file.read(fromByte, byteCount);
  if (bytes === undefined) void blobs.look(conversation); // what was damaged is fetched again
  return crossing(bytes);
};

/** What is asked to be done with it. */
export const changeFile = async (
  place: Place,
  command: FileChange,
): Promise<Result<undefined, CommandError>> => {
  const found = await find(place, command);
  if (found === undefined) return err('unknown-message');
  const { blobs } = place;
  const { conversation, file } = found;
  if (command.type === 'FreeAttachment') return settled(await blobs.free(conversation, file));
  const mode = command.type === 'FetchAttachment' ? 'fetch' : 'paused';
  return settled(await blobs.setMode(conversation, file, mode));
};

/** What is asked of its bytes. */
export const readFile = async (
  place: Place,
  command: FileQuestion,
): Promise<Result<Bytes, CommandError>> => {
  const found = await find(place, command);
  if (found === undefined) return err('unknown-message');
  return command.type === 'LoadPreview'
    ? crossing(await found.file.preview())
    : read(place.blobs, found, command);
};
