import { describe, expect, test } from 'vitest';
import { bytesToLatin1 } from '../../../src/base/bytes.ts';
import { annotatedBy } from '../../../src/core/conversation/content/annotated.ts';
import type { Act, Annotation } from '../../../src/core/conversation/content/annotation.ts';
import { Annotations } from '../../../src/core/conversation/content/annotations.ts';
import { tallyOf } from '../../../src/core/conversation/content/polls.ts';
import { limits } from '../../../src/protocol/limits.ts';

const message = 'ana/1';

/** The nth thing that is done, in the order that counts. */
const done = (n: number, authorHex: string, act: Act): Annotation => ({
  key: `${authorHex}/${String(n)}`,
  authorHex,
  targetKey: message,
  lamport: n,
  hash: bytesToLatin1(new Uint8Array(32).fill(n)),
  sentAt: -n, // clocks decide nothing
  place: undefined,
  act,
});

const react = (n: number, who: string, emoji: string): Annotation =>
  done(n, who, { type: 'reaction', emoji, isOn: true });

const takeBack = (n: number, who: string, emoji: string): Annotation =>
  done(n, who, { type: 'reaction', emoji, isOn: false });

describe('reactions', () => {
  test('[AN3] people stand in the order of their last word, emoji in the order of the first of it', () => {
    const annotated = annotatedBy([
      react(1, 'ana', '👍'),
      react(2, 'bob', '👍'),
      react(3, 'carol', '❤️'),
      takeBack(4, 'ana', '👍'),
      react(5, 'ana', '👍'),
    ]);
    expect(annotated.reactions).toEqual([
      { emoji: '👍', authors: ['bob', 'ana'] },
      { emoji: '❤️', authors: ['carol'] },
    ]);
  });

  test('[AN3] who reacts with more than there may be shows the first of them', () => {
    const many = Array.from({ length: limits.emojiPerPersonMax + 5 }, (_, n) =>
      react(n + 1, 'mallory', String.fromCodePoint(0x1f600 + n)),
    );
    const shown = annotatedBy([...many, react(90, 'bob', '👍')]).reactions;
    expect(shown).toHaveLength(limits.emojiPerPersonMax + 1);
    const without = takeBack(91, 'mallory', String.fromCodePoint(0x1f600));
    const later = annotatedBy([...many, without]).reactions.map(({ emoji }) => emoji);
    expect(later).toHaveLength(limits.emojiPerPersonMax);
    expect(later).toContain(String.fromCodePoint(0x1f600 + limits.emojiPerPersonMax));
  });
});

test('[AN1] a redaction is for ever: no edit comes back from it', () => {
  const edit = done(9, 'ana', { type: 'edit', text: 'again', mentions: [] });
  const annotated = annotatedBy([done(1, 'ana', { type: 'redact' }), edit]);
  expect(annotated.redaction).toBeDefined();
});

test('[AN4] who voted for more than the poll permits is heard by their vote before', () => {
  const poll = { question: '?', options: ['a', 'b'], isMultiple: false, isAnonymous: false };
  const votes = [
    done(1, 'bob', { type: 'vote', choices: [1] }),
    done(2, 'bob', { type: 'vote', choices: [0, 1] }),
    done(3, 'bob', { type: 'vote', choices: [7] }),
  ];
  expect(tallyOf(poll, annotatedBy(votes).votes)).toEqual([[], ['bob']]);
  const none = [...votes, done(4, 'bob', { type: 'vote', choices: [] })];
  expect(tallyOf(poll, annotatedBy(none).votes)).toEqual([[], []]);
});

test('[AN1] what is asked between two entries does not hide the second', () => {
  const annotations = new Annotations();
  annotations.add(react(1, 'bob', '👍'));
  expect(annotations.of(message).reactions).toHaveLength(1);
  annotations.add(takeBack(2, 'bob', '👍'));
  expect(annotations.of(message).reactions).toEqual([]);
});

test('[AN1] what waits comes on top, and leaves no trace', () => {
  const annotations = new Annotations();
  annotations.add(react(1, 'bob', '👍'));
  const off = { ...takeBack(2, 'bob', '👍'), lamport: Infinity };
  expect(annotations.of(message, [off]).reactions).toEqual([]);
  expect(annotations.of(message).reactions).toHaveLength(1);
});
