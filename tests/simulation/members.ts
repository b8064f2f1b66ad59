/** What people do to a group in the simulation, and what each then sees of it. */
import type { Person } from '../../src/core/api.ts';
import type { Peer } from './peer.ts';
import type { History } from './run.ts';

/** The id that a peer's screen has for somebody. */
export const personOf = (peer: Peer, name: string): Person => {
  const member = peer.details?.members.find(({ person }) => person.name === name);
  if (member === undefined) throw new Error(`${peer.name} sees no ${name}`);
  return member.person;
};

export const conversationIdOf = ({ ids }: History, peer: Peer): string => {
  const id = ids.get(peer);
  if (id === undefined) throw new Error(`${peer.name} is in no group`);
  return id;
};

export const namesSeenBy = (peer: Peer): ReadonlyArray<string> =>
  (peer.details?.members ?? []).map(({ person }) => person.name).sort();

export const remove = async (history: History, by: Peer, name: string): Promise<void> => {
  const result = await by.do({
    type: 'Remove',
    conversationId: conversationIdOf(history, by),
    personId: personOf(by, name).id,
  });
  if (!result.ok) throw new Error(`${by.name} cannot remove ${name}: ${result.error}`);
};

export const setLevel = async (
  history: History,
  by: Peer,
  {
    name,
    level,
  }: { readonly name: string; readonly level: 'owner' | 'admin' | 'member' | 'reader' },
): Promise<void> => {
  const result = await by.do({
    type: 'SetLevel',
    conversationId: conversationIdOf(history, by),
    personId: personOf(by, name).id,
    level,
  });
  if (!result.ok) throw new Error(`${by.name} cannot change ${name}: ${result.error}`);
};

export const leave = async (history: History, peer: Peer): Promise<void> => {
  const result = await peer.do({ type: 'Leave', conversationId: conversationIdOf(history, peer) });
  if (!result.ok) throw new Error(`${peer.name} cannot leave: ${result.error}`);
};

/** As the list shows the group to them: undefined where they can write. */
export const closedFor = (history: History, peer: Peer): string | undefined => {
  const id = history.ids.get(peer);
  return peer.state?.conversations.find((conversation) => conversation.id === id)?.closed?.kind;
};
