/** A household of conversations that shows every kind of row, at a fixed moment. */
import type { MemberView, Person, TimelineItem } from '../../../src/core/api.ts';
import { plainContent } from '../plain.ts';
import { FakeCore, memberOf, usualInvite, type FakeConversation } from '../fake-core.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const me: Person = { id: 'me', name: 'Nora', isMe: true };
const person = (name: string): Person => ({ id: `p-${name}`, name, isMe: false });
export const mira = person('Mira');
export const ola = person('Ola');
export const june = person('June');
export const tomas = person('Tomás Ferrer');

const member = (who: Person, presence: MemberView['presence'], deviceCount = 1): MemberView => ({
  ...memberOf(who, who.isMe ? 'owner' : 'member'),
  presence,
  deviceCount,
  troubles: [],
});

/** As an owner of the group sees them. */
const subordinate = (view: MemberView): MemberView => ({
  ...view,
  permits: { levels: ['owner', 'admin', 'reader'], mayRemove: true, mayRegroup: false },
});

type Line =
  | { readonly by: Person; readonly text: string; readonly atMs: number; readonly lateMs?: number }
  | { readonly by: Person; readonly joined: true; readonly atMs: number }
  | { readonly by: Person; readonly missing: number };

const itemsOf = (
  id: string,
  lines: ReadonlyArray<Line>,
  delivery: { haveCount: number; peopleCount: number },
): TimelineItem[] =>
  lines.map((line, index): TimelineItem => {
    const key = `${id}-${index}`;
    if ('missing' in line) {
      return { type: 'gap', key, author: line.by, missingCount: line.missing };
    }
    if ('joined' in line) {
      const notice = { kind: 'joined', who: line.by, history: 'none' } as const;
      return { type: 'notice', key, notice, atMs: line.atMs };
    }
    return {
      type: 'message',
      key,
      author: line.by,
      text: line.text,
      sentAtMs: line.atMs,
      arrivedAtMs: line.by.isMe ? undefined : line.atMs + (line.lateMs ?? 0),
      ...plainContent,
      delivery: line.by.isMe
        ? { state: delivery.haveCount > 0 ? 'delivered' : 'saved', ...delivery }
        : undefined,
    };
  });

const garden = (now: number): FakeConversation => ({
  id: 'garden',
  kind: 'group',
  name: 'Garden collective',
  items: itemsOf(
    'garden',
    [
      { by: mira, text: 'The tool shed key is back on its hook.', atMs: now - day - 3 * hour },
      { by: ola, joined: true, atMs: now - 50 * minute },
      { by: mira, text: 'First frost tonight. Who still has fleece?', atMs: now - 40 * minute },
      { by: mira, text: 'We need about 12 m for the beds by the wall.', atMs: now - 39 * minute },
      { by: me, text: 'I have two rolls, bringing them at four', atMs: now - 35 * minute },
      { by: me, text: 'and the long pegs', atMs: now - 34 * minute },
      { by: june, missing: 2 },
      {
        by: june,
        text: 'Frost cloth is in the blue box',
        atMs: now - 4 * hour,
        lateMs: 3.7 * hour,
      },
      {
        by: ola,
        text: 'They are tucked in. See you all tomorrow morning, then we can look at the seedlings before it gets warm and everybody starts to pull the covers off again.',
        atMs: now - 12 * minute,
      },
      { by: mira, text: 'the seedlings made it through', atMs: now - 2 * minute },
    ],
    { haveCount: 2, peopleCount: 3 },
  ),
  members: [
    member(me, { kind: 'unknown' }, 1),
    subordinate(member(mira, { kind: 'here', path: 'direct' }, 2)),
    subordinate(member(ola, { kind: 'here', path: 'relayed' })),
    subordinate(member(june, { kind: 'heard', atMs: now - 3 * hour })),
  ],
  invites: [
    {
      inviteId: 'garden-invite',
      conversationId: 'garden',
      link: 'https://sotto.example/#/i/garden',
      isOpen: false,
      history: 'none',
      expiresAtMs: now + 6 * day,
      stage: 'waiting',
      options: usualInvite,
    },
  ],
  draft: '',
  unreadCount: 0,
  truth: { kind: 'direct', onlineCount: 2, peopleCount: 3 },
});

const withTomas = (now: number): FakeConversation => ({
  id: 'tomas',
  kind: 'direct',
  name: tomas.name,
  items: itemsOf(
    'tomas',
    [
      { by: me, text: 'Are you at the harbour on Saturday?', atMs: now - 3 * hour },
      { by: tomas, text: 'Yes, from nine', atMs: now - 30 * minute },
      { by: tomas, text: 'I bring the small boat', atMs: now - 29 * minute },
    ],
    { haveCount: 1, peopleCount: 1 },
  ),
  members: [member(me, { kind: 'unknown' }), member(tomas, { kind: 'here', path: 'direct' })],
  invites: [],
  draft: '',
  unreadCount: 2,
  truth: { kind: 'direct', onlineCount: 1, peopleCount: 1 },
});

const withJune = (now: number): FakeConversation => ({
  id: 'june',
  kind: 'direct',
  name: june.name,
  items: itemsOf(
    'june',
    [
      { by: june, text: 'The ferry is late again', atMs: now - day },
      { by: me, text: 'see you at the harbour', atMs: now - day + hour },
    ],
    { haveCount: 0, peopleCount: 1 },
  ),
  members: [member(me, { kind: 'unknown' }), member(june, { kind: 'heard', atMs: now - 3 * hour })],
  invites: [],
  draft: '',
  unreadCount: 0,
  truth: { kind: 'alone' },
});

/** Long enough that the core hands out a window of it. */
const archive = (now: number): FakeConversation => ({
  id: 'archive',
  kind: 'group',
  name: 'Harbour mesh',
  items: itemsOf(
    'archive',
    Array.from({ length: 700 }, (_, index) => ({
      by: [me, mira, ola][Math.floor(index / 3) % 3] ?? me,
      text: `Line ${index + 1}${index % 7 === 0 ? ' with more to say about it '.repeat(8) : ''}`,
      atMs: now - 6 * day + index * 11 * minute,
    })),
    { haveCount: 2, peopleCount: 2 },
  ),
  members: [
    member(me, { kind: 'unknown' }),
    member(mira, { kind: 'here', path: 'relayed' }),
    member(ola, { kind: 'unknown' }),
  ],
  invites: [],
  draft: 'meet at the pier at',
  unreadCount: 0,
  truth: { kind: 'relayed', onlineCount: 1, peopleCount: 2 },
});

const notes = (now: number): FakeConversation => ({
  id: 'self',
  kind: 'self',
  name: '',
  items: itemsOf(
    'self',
    [{ by: me, text: 'phrase card is in the blue folder', atMs: now - 3 * day }],
    { haveCount: 0, peopleCount: 0 },
  ),
  members: [member(me, { kind: 'unknown' })],
  invites: [],
  draft: '',
  unreadCount: 0,
  truth: { kind: 'only-you' },
});

export const createScene = (now: () => number): FakeCore => {
  const at = now();
  const core = new FakeCore({
    now,
    me,
    conversations: [garden(at), withTomas(at), withJune(at), archive(at), notes(at)],
  });
  core.connection = {
    isOnline: true,
    isStarted: true,
    canWebRtc: true,
    relays: [
      {
        address: '/dns4/sotto.example/tcp/443/wss/p2p/12D3KooWJq9n1fGzVb6X6y3kRelayOfThePage',
        state: 'up',
        retryMs: undefined,
        isOwn: true,
      },
      {
        address: '/ip4/192.0.2.7/tcp/9001/ws/p2p/12D3KooWAtHomeBehindTheShelf',
        state: 'unreachable',
        retryMs: 20_000,
        isOwn: false,
      },
    ],
    directCount: 3,
    relayedCount: 1,
  };
  return core;
};
