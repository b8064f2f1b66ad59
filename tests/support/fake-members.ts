/** What is done to the people of a group in the fake core. */
import { err, ok } from '../../src/base/result.ts';
import type { Command, Notice } from '../../src/core/api.ts';
import type { FakeHost } from './fake-host.ts';

export const changeMember = (
  host: FakeHost,
  command: Extract<Command, { type: 'SetLevel' | 'Remove' }>,
) => {
  const conversation = host.find(command.conversationId);
  const member = conversation.members.find(({ person }) => person.id === command.personId);
  if (member === undefined || host.me === undefined) return err('unknown-person' as const);
  const { person: who } = member;
  const by = host.me;
  const others = conversation.members.filter((other) => other !== member);
  const isRemoved = command.type === 'Remove';
  conversation.members = isRemoved ? others : [...others, { ...member, level: command.level }];
  const notice: Notice = isRemoved
    ? { kind: 'removed', by, who }
    : { kind: 'level', by, who, level: command.level };
  host.append(conversation, {
    type: 'notice',
    key: host.freshKey('n'),
    notice,
    atMs: host.now(),
  });
  host.changed();
  return ok(undefined);
};
