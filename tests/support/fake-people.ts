/** What the fake core does about people and whole conversations. */
import { err, ok } from '../../src/base/result.ts';
import type { CoreState, ContentCommand, Person } from '../../src/core/api.ts';
import type { Answer } from './fake-content.ts';
import { answerScheduled } from './fake-scheduled.ts';
import { memberOf, type FakeConversation, type FakeHost } from './fake-host.ts';

export interface PeopleHost extends FakeHost {
  me: Person | undefined;
  conversations: FakeConversation[];
  sharing: CoreState['sharing'];
  blocked: Person[];
  /** By their ids. */
  readonly pictures: Map<string, Uint8Array<ArrayBuffer>>;
  add(kind: 'direct', name: string): FakeConversation;
}

const done: Answer = ok(undefined);

const block = (host: PeopleHost, personId: string, isOn: boolean): Answer => {
  const members = host.conversations.flatMap((conversation) => conversation.members);
  const person =
    members.find((member) => member.person.id === personId)?.person ??
    host.blocked.find(({ id }) => id === personId);
  if (person === undefined) return err('unknown-person');
  const others = host.blocked.filter(({ id }) => id !== personId);
  host.blocked = isOn ? [...others, person] : others;
  for (const conversation of host.conversations) {
    conversation.members = conversation.members.map((member) =>
      member.person.id === personId ? { ...member, isBlocked: isOn } : member,
    );
  }
  return done;
};

const profileOf = (
  host: PeopleHost,
  { id, name }: Person,
  { status, picture }: Extract<ContentCommand, { type: 'SetProfile' }>,
): Person => {
  const pictureId = picture && host.freshKey('p');
  if (picture && pictureId) host.pictures.set(pictureId, picture.slice());
  return {
    id,
    name,
    isMe: true,
    ...(status !== '' && { status }),
    ...(pictureId && { pictureId }),
  };
};

const addContact = (
  host: PeopleHost,
  { conversationId, personId, history = 'none' }: Extract<ContentCommand, { type: 'AddContact' }>,
): Answer => {
  const { me: by } = host;
  const members = host.conversations
    .filter(({ kind }) => kind === 'direct')
    .flatMap((conversation) => conversation.members);
  const who = members.find(({ person }) => person.id === personId)?.person;
  if (who === undefined || by === undefined) return err('unknown-person');
  const group = host.find(conversationId);
  group.members = [...group.members, memberOf(who, 'member')];
  const notice = { kind: 'added', by, who, history } as const;
  host.append(group, { type: 'notice', key: host.freshKey('n'), notice, atMs: host.now() });
  return done;
};

const personIn = (host: PeopleHost, conversationId: string, personId: string): Person | undefined =>
  host.find(conversationId).members.find(({ person }) => person.id === personId)?.person;

/** Undefined: not about people. */
export const answerPeople = (host: PeopleHost, command: ContentCommand): Answer | undefined => {
  let answer: Answer = ok(undefined);
  switch (command.type) {
    case 'SetSharing':
      host.sharing = command.sharing;
      break;
    case 'SetProfile':
      if (host.me === undefined) return err('not-ready');
      host.me = profileOf(host, host.me, command);
      break;
    case 'LoadPicture': {
      const picture = host.pictures.get(command.pictureId);
      return picture === undefined ? err('unknown-person') : ok(picture);
    }
    case 'Block':
      answer = block(host, command.personId, command.isOn);
      break;
    case 'SetArchived':
      host.find(command.conversationId).isArchived = command.isOn;
      break;
    case 'SetMuted':
      host.find(command.conversationId).isMuted = command.isOn;
      break;
    case 'DeleteConversation':
      host.conversations = host.conversations.filter(({ id }) => id !== command.conversationId);
      break;
    case 'MessagePerson': {
      const person = personIn(host, command.conversationId, command.personId);
      if (person === undefined) return err('unknown-person');
      const known = host.conversations.find(
        ({ kind, members }) =>
          kind === 'direct' && members.some((member) => member.person.id === person.id),
      );
      if (known !== undefined) return ok({ conversationId: known.id });
      const conversation = host.add('direct', person.name);
      conversation.members.push(memberOf(person, 'member'));
      host.changed();
      return ok({ conversationId: conversation.id });
    }
    case 'AddContact': {
      answer = addContact(host, command);
      break;
    }
    case 'AnswerRequest':
      if (command.isAccepted) host.find(command.conversationId).isRequest = false;
      else {
        host.conversations = host.conversations.filter(({ id }) => id !== command.conversationId);
      }
      break;
    case 'Schedule':
    case 'SendScheduled':
    case 'CancelScheduled':
      answer = answerScheduled(host, command);
      break;
    case 'TellTyping':
    case 'CloseThread':
      return done;
    default:
      return undefined;
  }
  host.changed();
  return answer;
};
