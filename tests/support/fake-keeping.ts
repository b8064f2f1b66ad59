/** What the fake core tells of whole conversations: all their files, what they take, every message. */
import { ok } from '../../src/base/result.ts';
import type { FileUsage, KeepingCommand, ListedFile, MessageItem } from '../../src/core/api.ts';
import { withState } from './fake-attachments.ts';
import type { Answer } from './fake-content.ts';
import type { FakeConversation, FakeHost } from './fake-host.ts';

const pageSize = 3;

const messagesOf = ({ items, threads }: FakeConversation): ReadonlyArray<MessageItem> =>
  [...items, ...[...(threads?.values() ?? [])].flat()].filter((item) => item.type === 'message');

const filesOf = (conversation: FakeConversation): ReadonlyArray<ListedFile> =>
  messagesOf(conversation)
    .toReversed()
    .flatMap(({ key, author, attachments }) =>
      attachments.map((view) => ({ key, isMine: author.isMe, view })),
    );

const holdersOf = ({ view }: ListedFile): number =>
  view.state.kind === 'here' ? view.state.holderCount : 0;
const isFreeable = (file: ListedFile): boolean =>
  file.view.state.kind === 'here' && (!file.isMine || holdersOf(file) > 0);
const bytesOf = (files: ReadonlyArray<ListedFile>): number =>
  files.reduce((sum, { view }) => sum + view.sizeBytes, 0);

const usageOf = (conversation: FakeConversation): FileUsage => {
  const here = filesOf(conversation).filter(({ view }) => view.state.kind === 'here');
  const freeable = ([2, 1, 0] as const).flatMap((deviceCount) => {
    const held = here.filter(
      (file) => isFreeable(file) && Math.min(2, holdersOf(file)) === deviceCount,
    );
    return held.length === 0 ? [] : [{ deviceCount, count: held.length, sizeBytes: bytesOf(held) }];
  });
  return {
    conversationId: conversation.id,
    count: here.length,
    sizeBytes: bytesOf(here),
    freeable,
  };
};

const free = (host: FakeHost, conversation: FakeConversation): void => {
  for (const { key, view } of filesOf(conversation).filter(isFreeable)) {
    const item = messagesOf(conversation).find((each) => each.key === key);
    if (item === undefined) continue;
    const gone = withState(item, view.id, { kind: 'waiting', doneBytes: 0, for: 'ask' });
    host.replace(conversation, key, gone);
  }
};

export const isKeeping = (command: { readonly type: string }): command is KeepingCommand =>
  ['ListFiles', 'MeasureFiles', 'FreeFiles', 'ReadMessages'].includes(command.type);

export const answerKeeping = (host: FakeHost, command: KeepingCommand): Answer => {
  switch (command.type) {
    case 'ListFiles':
      return ok(filesOf(host.find(command.conversationId)));
    case 'MeasureFiles':
      return ok(
        host.conversations
          .map(usageOf)
          .filter(({ count }) => count > 0)
          .toSorted((a, b) => b.sizeBytes - a.sizeBytes),
      );
    case 'FreeFiles':
      for (const one of host.conversations) {
        if (command.of === undefined || one.id === command.of) free(host, one);
      }
      host.changed();
      return ok(undefined);
    case 'ReadMessages': {
      const all = messagesOf(host.find(command.conversationId));
      const start = Math.max(
        0,
        all.findIndex(({ key }) => key === command.from),
      );
      const end = start + pageSize;
      return ok({ items: all.slice(start, end), next: all[end]?.key });
    }
  }
};
