/** The words about the people of a group: what can be done to whom, and what that means. */
import type { MemberLevel } from '../../core/api.ts';
import { isolated } from './format.ts';

export const members = {
  actions: (name: string): string => `Actions for ${name}`,
  make: {
    owner: 'Make an owner',
    admin: 'Make an admin',
    member: 'Make a member',
    reader: 'Let only read',
  } satisfies Record<MemberLevel, string>,
  remove: 'Remove',
  removeTitle: (name: string): string => `Remove ${name}?`,
  removeText: (name: string): string =>
    `${isolated(name)} keeps what has already arrived there. What is written from now on has new keys, which ${isolated(name)} does not get. Links with which anyone can join are taken back.`,
  ownerTitle: (name: string): string => `Make ${name} an owner?`,
  ownerText: (name: string): string =>
    `Owners may do everything. Nobody can remove ${isolated(name)} or take this back, you neither.`,
  ownerAction: 'Make an owner',
  regroup: (name: string): string => `New group without ${name}`,
  regroupText: (name: string, group: string): string =>
    `You may not remove ${isolated(name)}. This makes a new group with everybody else, in which you are an owner. What was written so far is read there as well, by who can read it now; who comes later does not. ${isolated(group)} goes on with ${isolated(name)} in it, who does not hear of the new group.`,
  regroupAction: 'Make the new group',
  add: 'Add people',
  addSearch: 'Search people',
  addNobody: 'Everybody you have a conversation with is in this group.',
  addAction: 'Add',
  leave: 'Leave',
  leaveTitle: (group: string): string => `Leave ${group}?`,
  leaveText:
    'You stop getting what is written there. What is here stays on this device. To come back you need a new invite.',
  successor: 'Who takes over',
  successorHint: 'You are the only owner: without one nobody can name admins.',
  nobody: 'Nobody',
};
