/** A conversation in which every kind of message stands once. */
import type { MessageItem } from '../../../src/core/api.ts';
import { memberOf, type FakeConversation } from '../fake-host.ts';
import type { FakeCore } from '../fake-core.ts';
import { plainContent } from '../plain.ts';
import { createScene, june, me, mira, ola } from './scene.ts';

const minute = 60_000;
const hour = 60 * minute;

const code = `Try this:

\`\`\`ts
// every hour
const water = (beds: number): string => \`\${beds * 12} l\`;
\`\`\``;

type Part = Partial<MessageItem> & { readonly minutesAgo: number };

const quoted = {
  key: 'k-frost',
  author: mira,
  text: 'First frost tonight.',
  state: 'here',
} as const;

const parts: Readonly<Record<string, Part>> = {
  frost: {
    minutesAgo: 58,
    author: mira,
    text: 'First frost tonight. Who **still** has fleece?',
    replyCount: 2,
    isPinned: true,
  },
  mention: {
    minutesAgo: 57,
    author: mira,
    text: '@Nora you had some, and @everyone else look too',
    mentions: [
      { name: 'Nora', personId: 'me' },
      { name: 'everyone', personId: undefined },
    ],
    isMentioningMe: true,
  },
  answer: {
    minutesAgo: 52,
    text: 'I have two rolls, bringing them at four',
    replyTo: quoted,
    isEdited: true,
    reactions: [
      { emoji: '💚', people: [mira, ola, me], isMine: true },
      { emoji: '🌱', people: [june], isMine: false },
    ],
  },
  lost: {
    minutesAgo: 50,
    author: june,
    text: 'Exactly that',
    replyTo: { key: 'k-nowhere', author: undefined, text: '', state: 'missing' },
  },
  emoji: { minutesAgo: 45, author: ola, text: '🌱🎉' },
  links: {
    minutesAgo: 44,
    author: ola,
    text: 'Plan: https://example.org/beds and [the old one](https://archive.example.net/2019)',
  },
  list: {
    minutesAgo: 42,
    text: '- *fleece* by the wall\n- ~~cardboard~~ straw\n\n> keep it dry\n\nand `npm run frost` at night',
  },
  code: { minutesAgo: 40, author: june, text: code },
  gone: { minutesAgo: 38, text: '', deletion: { askedCount: 7, confirmedCount: 5 } },
  goneToo: {
    minutesAgo: 37,
    author: ola,
    text: '',
    deletion: { askedCount: 0, confirmedCount: 0 },
  },
  poll: {
    minutesAgo: 30,
    author: mira,
    text: '',
    poll: {
      question: 'When do we cover the beds?',
      isMultiple: false,
      isAnonymous: false,
      voterCount: 3,
      options: [
        { text: 'Today at four', count: 2, isMine: true, people: [ola, me] },
        { text: 'Tomorrow morning', count: 1, isMine: false, people: [june] },
        { text: 'Not at all', count: 0, isMine: false, people: [] },
      ],
    },
  },
  place: {
    minutesAgo: 20,
    author: june,
    text: '',
    location: { latitude: 38.71667, longitude: -9.13333 },
  },
  card: {
    minutesAgo: 15,
    author: mira,
    text: '',
    card: { person: { id: 'p-Sam', name: 'Sam', isMe: false }, isReachable: true },
  },
  forwarded: { minutesAgo: 12, author: ola, text: 'Bring gloves', isForwarded: true },
  brief: {
    minutesAgo: 5,
    text: 'The gate code is 4711',
    disappearing: { timerMs: 8 * hour, expiresAtMs: undefined },
  },
  stopped: {
    minutesAgo: 3,
    text: 'Still there?',
    delivery: { state: 'blocked', haveCount: 0, peopleCount: 3 },
  },
};

const itemOf = (name: string, { minutesAgo, ...part }: Part, now: number): MessageItem => {
  const author = part.author ?? me;
  const sentAtMs = now - minutesAgo * minute;
  return {
    type: 'message',
    key: `k-${name}`,
    author,
    text: '',
    sentAtMs,
    arrivedAtMs: author.isMe ? undefined : sentAtMs,
    ...plainContent,
    delivery: author.isMe ? { state: 'delivered', haveCount: 2, peopleCount: 3 } : undefined,
    ...part,
    ...(part.disappearing === undefined
      ? {}
      : { disappearing: { timerMs: 8 * hour, expiresAtMs: now + 8 * hour } }),
  };
};

const kitchen = (now: number): FakeConversation => {
  const items = Object.entries(parts).map(([name, part]) => itemOf(name, part, now));
  const replies = ['I do, in the shed', 'Then bring it'].map((text, index) =>
    itemOf(
      `reply-${index}`,
      { minutesAgo: 55 - index, text, author: index === 0 ? ola : mira, threadOf: 'k-frost' },
      now,
    ),
  );
  return {
    id: 'kitchen',
    kind: 'group',
    name: 'Bike kitchen',
    items,
    members: [memberOf(me, 'owner'), ...[mira, ola, june].map((who) => memberOf(who, 'member'))],
    invites: [],
    draft: '',
    unreadCount: 0,
    truth: { kind: 'direct', onlineCount: 2, peopleCount: 3 },
    pins: [{ key: 'k-frost', author: mira, text: 'First frost tonight.', pinnedBy: ola }],
    versions: new Map([
      [
        'k-answer',
        [
          { text: 'I have one roll', atMs: now - 53 * minute },
          { text: 'I have two rolls, bringing them at four', atMs: now - 52 * minute },
        ],
      ],
    ]),
    threads: new Map([['k-frost', replies]]),
  };
};

export const createContentScene = (now: () => number): FakeCore => {
  const core = createScene(now);
  core.conversations.push(kitchen(now()));
  return core;
};
