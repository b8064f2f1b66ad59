import { describe, expect, test } from 'vitest';
import type { ConversationSpec } from '../../../src/protocol/membership/op-bodies.ts';
import { mayComeOf } from '../../../src/core/conversation/membership/regroup.ts';
import { isByWriter } from '../../../src/core/conversation/views/past.ts';
import { idOf, named } from '../../support/entries.ts';

const direct = (a: string, b: string): ConversationSpec => ({
  kind: 'direct',
  identityIds: [named(a), named(b)],
});
const groupBy = (creator: string, outOf?: string): ConversationSpec => ({
  kind: 'group',
  nonce: new Uint8Array(16),
  name: 'crew',
  policy: { addLevel: 2, keepMs: null },
  creator: named(creator),
  ...(outOf !== undefined && {
    predecessor: { convId: named(outOf), withoutId: named('bob'), cuts: [], untilLamport: 0 },
  }),
});

/** What mallory tells alice of, in a conversation of this kind. */
const mayMalloryTell = (
  kind: 'direct' | 'group',
  conversation: ConversationSpec | undefined,
  members: ReadonlyArray<string> = [],
): boolean => {
  const levels = new Map(members.map((name) => [idOf(name), 1 as const]));
  const fresh = { membership: { view: { conversation, levels } } };
  return mayComeOf({ kind, convId: named('home') }, fresh, [idOf('mallory'), idOf('alice')]);
};

describe('what may come of what somebody wrote', () => {
  test('[CT1] in a group: a conversation with them alone, and no other direct one', () => {
    expect(mayMalloryTell('group', direct('mallory', 'alice'))).toBe(true);
    expect(mayMalloryTell('group', direct('alice', 'mallory'))).toBe(true);
    expect(mayMalloryTell('group', direct('bob', 'alice'))).toBe(false);
    expect(mayMalloryTell('group', direct('bob', 'mallory'))).toBe(false);
    expect(mayMalloryTell('group', { kind: 'self', identityId: named('alice') })).toBe(false);
    expect(mayMalloryTell('group', undefined)).toBe(false);
  });

  test('[RG3] in a group: another group only if they made it', () => {
    expect(mayMalloryTell('group', groupBy('mallory'), ['mallory', 'alice'])).toBe(true);
    expect(mayMalloryTell('group', groupBy('bob'), ['mallory', 'bob', 'alice'])).toBe(false);
  });

  test('[RG3] in a group: out of none, or out of this one', () => {
    const people = ['mallory', 'alice'];
    expect(mayMalloryTell('group', groupBy('mallory', 'home'), people)).toBe(true);
    expect(mayMalloryTell('group', groupBy('mallory', 'elsewhere'), people)).toBe(false);
  });

  test.each([
    { who: 'who writes there', level: 1, hasGone: false, isPast: true },
    { who: 'who only reads there', level: 0, hasGone: false, isPast: false },
    { who: 'who was there', level: undefined, hasGone: true, isPast: true },
    { who: 'a stranger', level: undefined, hasGone: false, isPast: false },
  ] as const)('[RG6] made by $who, it has a past: $isPast', ({ level, hasGone, isPast }) => {
    const levels = new Map(level === undefined ? [] : [[idOf('mallory'), level] as const]);
    const departureOf = (identityHex: string): unknown =>
      hasGone && identityHex === idOf('mallory') ? 'a removal' : undefined;
    const old = { kind: 'group', membership: { view: { levels }, departureOf } } as const;
    expect(isByWriter(old, { conversation: groupBy('mallory', 'home') })).toBe(isPast);
    expect(isByWriter({ ...old, kind: 'direct' }, { conversation: groupBy('mallory') })).toBe(
      false,
    );
  });

  test('[CT2] in a direct conversation: a group that they are in, and nothing else', () => {
    expect(mayMalloryTell('direct', groupBy('bob'), ['bob', 'mallory', 'alice'])).toBe(true);
    expect(mayMalloryTell('direct', groupBy('bob'), ['bob', 'alice'])).toBe(false);
    expect(mayMalloryTell('direct', direct('mallory', 'alice'))).toBe(false);
  });
});
