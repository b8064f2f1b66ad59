/** Files of the fake core: kept in memory, fetched when the test says so. */
import { err, ok } from '../../src/base/result.ts';
import type {
  AttachmentCommand,
  FetchingCommand,
  AttachmentId,
  AttachmentState,
  AttachmentView,
  FileData,
  MessageItem,
  NewAttachment,
} from '../../src/core/api.ts';
import type { Answer } from './fake-content.ts';
import { messageIn, type FakeConversation, type FakeHost } from './fake-host.ts';

export interface FakeFile {
  readonly data: FileData;
  readonly preview: Uint8Array<ArrayBuffer> | undefined;
}

/** Takes files over as the core does: they are here, and nobody else has them yet. */
export const keepFiles = (
  host: FakeHost,
  files: ReadonlyArray<NewAttachment>,
): ReadonlyArray<AttachmentView> =>
  files.map(({ data, preview, name, mediaType, shape }) => {
    const id = host.freshKey('f');
    host.files.set(id, { data, preview });
    return {
      id,
      name,
      mediaType,
      sizeBytes: data.size,
      shape,
      hasPreview: preview !== undefined,
      ...(mediaType === 'application/vnd.sotto.stickers' && { isStickerPack: true as const }),
      state: { kind: 'here', holderCount: 0 },
    };
  });

export const withState = (
  item: MessageItem,
  id: AttachmentId,
  state: AttachmentState,
): MessageItem => ({
  ...item,
  attachments: item.attachments.map((file) => (file.id === id ? { ...file, state } : file)),
});

const doneOf = (view: AttachmentView): number =>
  'doneBytes' in view.state ? view.state.doneBytes : view.sizeBytes;

const change = (
  host: FakeHost,
  conversation: FakeConversation,
  { item, view, state }: { item: MessageItem; view: AttachmentView; state: AttachmentState },
): Answer => {
  host.replace(conversation, item.key, withState(item, view.id, state));
  host.changed();
  return ok(undefined);
};

const isFileCommand = (command: {
  readonly type: string;
}): command is AttachmentCommand | FetchingCommand =>
  [
    'FetchAttachment',
    'PauseAttachment',
    'FreeAttachment',
    'LoadPreview',
    'ReadAttachment',
    'SetFetching',
    'SetFetchRules',
  ].includes(command.type);

/** Undefined: not about a file. */
export const answerAttachment = async (
  host: FakeHost,
  command: { readonly type: string },
): Promise<Answer | undefined> => {
  if (!isFileCommand(command)) return undefined;
  if (command.type === 'SetFetching' || command.type === 'SetFetchRules') {
    if (command.type === 'SetFetching') host.fetching = command.fetching;
    else host.find(command.conversationId).fetchRules = command.rules;
    host.changed();
    return ok(undefined);
  }
  const conversation = host.find(command.conversationId);
  const item = messageIn(conversation, command.key);
  const view = item?.attachments.find(({ id }) => id === command.attachmentId);
  const file = host.files.get(command.attachmentId);
  if (item === undefined || view === undefined) return err('unknown-message');
  const set = (state: AttachmentState): Answer => change(host, conversation, { item, view, state });
  const doneBytes = doneOf(view);
  switch (command.type) {
    case 'FetchAttachment':
      return set({ kind: 'fetching', doneBytes, fromCount: 1 });
    case 'PauseAttachment':
      return set({ kind: 'paused', doneBytes });
    case 'FreeAttachment':
      return set({ kind: 'waiting', doneBytes: 0, for: 'ask' });
    case 'LoadPreview':
      return file?.preview === undefined ? err('unknown-message') : ok(file.preview);
    case 'ReadAttachment': {
      if (file === undefined || view.state.kind !== 'here') return err('unknown-message');
      const { fromByte, byteCount } = command;
      const piece = file.data.slice(fromByte, fromByte + byteCount);
      return ok(new Uint8Array(await piece.arrayBuffer()));
    }
  }
};
