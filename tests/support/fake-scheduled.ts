/** What goes out later in the fake core: it waits until the test, or the person, sends it. */
import { err, ok } from '../../src/base/result.ts';
import type { ContentCommand } from '../../src/core/api.ts';
import { place, writeDraft, type Answer } from './fake-content.ts';
import type { FakeHost } from './fake-host.ts';

type OfScheduled = Extract<
  ContentCommand,
  { readonly type: 'Schedule' | 'SendScheduled' | 'CancelScheduled' }
>;

export const answerScheduled = (host: FakeHost, command: OfScheduled): Answer => {
  const conversation = host.find(command.conversationId);
  const before = conversation.scheduled ?? [];
  if (command.type === 'Schedule') {
    const { text, atMs, id = host.freshKey('s') } = command.draft;
    const others = before.filter((one) => one.id !== id);
    conversation.scheduled = [...others, { id, text, atMs }].sort((a, b) => a.atMs - b.atMs);
    return ok({ id });
  }
  const waiting = before.find(({ id }) => id === command.id);
  if (waiting === undefined || host.me === undefined) return err('unknown-message');
  conversation.scheduled = before.filter((one) => one !== waiting);
  if (command.type === 'SendScheduled') {
    const { text } = waiting;
    place(host, conversation, writeDraft(host, conversation, { author: host.me, text }));
  }
  return ok(undefined);
};
