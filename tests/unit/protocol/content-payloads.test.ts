import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CborValue, Read } from '../../../src/protocol/cbor.ts';
import {
  encodeEdit,
  encodePin,
  encodePoll,
  encodeReaction,
  encodeRedact,
  encodeSettings,
  encodeText,
  encodeVote,
  fitsInBody,
  isEmoji,
  readEdit,
  readPin,
  readPoll,
  readReaction,
  readRedact,
  readSettings,
  readText,
  readVote,
  type TextPayload,
} from '../../../src/protocol/content-payloads.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { fixedBytes, valueOf } from './fixtures.ts';
import { decodeCanonical, encodeCanonical } from '../../../src/protocol/cbor.ts';

const of = { identityId: fixedBytes('ana'), mid: fixedBytes('mid', 16) };
const ofPair = [of.identityId, of.mid];
const bare = { text: 'hi' };

const full: TextPayload = {
  text: 'hi @Ana and @all',
  mentions: [
    { name: 'Ana', identityId: of.identityId },
    { name: 'all', identityId: undefined },
  ],
  reply: of,
  thread: of,
  isForwarded: true,
  timerMs: 60_000,
  location: { latE7: -900_000_000, lonE7: 1_800_000_000 },
  card: { identityId: of.identityId, name: 'Ana' },
};

const poll = { question: 'When?', options: ['now', 'later'], isMultiple: false, isAnonymous: true };

/** Through the bytes, as it travels. */
const travelled = (value: CborValue): CborValue =>
  valueOf(decodeCanonical(encodeCanonical(value), { bytesMax: limits.bodyBytesMax }));

describe('text', () => {
  test('[MC1] what is nothing but its text reads as it always did', () => {
    expect(encodeText({ text: 'hi' })).toEqual({ text: 'hi' });
    expect(readText({ text: 'hi' })).toEqual({ text: 'hi' });
    expect(encodeText({ text: 'hi', mentions: [], timerMs: undefined })).toEqual({ text: 'hi' });
  });

  test('[MC1] everything that can go with a text comes back as it was', () => {
    expect(readText(travelled(encodeText(full)))).toEqual(full);
  });

  test.each([
    ['no mention is no key', { ...bare, mentions: [] }],
    ['not forwarded is no key', { ...bare, forwarded: 0 }],
    ['an unknown key', { ...bare, colour: 'red' }],
    ['a mention of nobody', { ...bare, mentions: [['', of.identityId]] }],
    ['half an identity', { ...bare, mentions: [['Ana', of.identityId.subarray(1)]] }],
    [
      'too many mentions',
      { ...bare, mentions: Array(limits.mentionsMax + 1).fill(['a', new Uint8Array(0)]) },
    ],
    ['half a name of a message', { ...bare, reply: [of.identityId] }],
    ['a timer too short to read', { ...bare, timerMs: limits.timerMinMs - 1 }],
    ['a timer of ages', { ...bare, timerMs: limits.timerMaxMs + 1 }],
    ['beyond the pole', { ...bare, location: [900_000_001, 0] }],
    ['beyond the date line', { ...bare, location: [0, -1_800_000_001] }],
    ['a card without a name', { ...bare, card: [of.identityId, ''] }],
  ])('[MC1] %s is not read', (_, value) => {
    expect(readText(value)).toBeUndefined();
  });

  test('[MC1] each part has one form: what is read is what is written', () => {
    const parts = [
      'mentions',
      'reply',
      'thread',
      'isForwarded',
      'timerMs',
      'location',
      'card',
    ] as const;
    fc.assert(
      fc.property(fc.subarray([...parts]), (present) => {
        const payload: TextPayload = Object.fromEntries(
          (['text', ...present] as const).map((key) => [key, full[key]]),
        ) as unknown as TextPayload;
        const encoded = encodeText(payload);
        const read = readText(encoded);
        expect(read).toEqual(payload);
        expect(read && encodeText(read)).toEqual(encoded);
      }),
    );
  });
});

describe('polls and votes', () => {
  test('[MC2] a poll comes back as it was', () => {
    expect(readPoll(travelled(encodePoll(poll)))).toEqual(poll);
    const timed = { ...poll, timerMs: 60_000 };
    expect(readPoll(travelled(encodePoll(timed)))).toEqual(timed);
  });

  test.each([
    ['one option', { ...poll, options: ['only'] }],
    ['thirteen options', { ...poll, options: Array(limits.pollOptionsMax + 1).fill('x') }],
    ['an empty option', { ...poll, options: ['a', ''] }],
    ['no question', { ...poll, question: '' }],
    ['a long question', { ...poll, question: 'x'.repeat(limits.pollQuestionBytesMax + 1) }],
  ])('[MC2] %s is not read', (_, value) => {
    expect(readPoll(value)).toBeUndefined();
  });

  test('[MC5] a vote names options upwards, each once; none at all takes it back', () => {
    for (const choices of [[], [0], [0, 3, 11]]) {
      expect(readVote(travelled(encodeVote({ of, choices })))).toEqual({ of, choices });
    }
    for (const choices of [[1, 0], [0, 0], [-1], [limits.pollOptionsMax]]) {
      expect(readVote({ of: ofPair, choices })).toBeUndefined();
    }
  });
});

describe('what is done with a message', () => {
  test('[MC3] an edit and a redaction come back as they were', () => {
    const edit = { of, text: 'better', mentions: [{ name: 'Ana', identityId: of.identityId }] };
    expect(readEdit(travelled(encodeEdit(edit)))).toEqual(edit);
    expect(readEdit(encodeEdit({ of, text: '' }))).toEqual({ of, text: '' });
    expect(readEdit({ of: ofPair, text: 'x', mentions: [] })).toBeUndefined();
    expect(readRedact(travelled(encodeRedact({ of })))).toEqual({ of });
    expect(readRedact({ of: ofPair, text: '' })).toBeUndefined();
  });

  test.each(['👍', '❤️', '👩🏽‍🚀', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '+1', 'ok', 'é'])('[MC4] %s is a reaction', (emoji) => {
    expect(isEmoji(emoji)).toBe(true);
    const reaction = { of, emoji, isOn: true };
    expect(readReaction(travelled(encodeReaction(reaction)))).toEqual(reaction);
  });

  test.each([
    '',
    ' ',
    '\u200d',
    '\ufe0f',
    'a\n',
    'a\u0000',
    '\u202eabc',
    'a\u2028',
    'x'.repeat(65),
  ])('[MC4] %j is none', (emoji) => {
    expect(isEmoji(emoji)).toBe(false);
    expect(readReaction({ of: ofPair, emoji, isOn: true })).toBeUndefined();
  });

  test('[MC6] a pin is on or off', () => {
    for (const isOn of [true, false]) {
      expect(readPin(travelled(encodePin({ of, isOn })))).toEqual({ of, isOn });
    }
    expect(readPin({ of: ofPair, isOn: 1 })).toBeUndefined();
  });

  test('[MC7] settings say a timer in its range, or that there is none', () => {
    for (const timerMs of [null, limits.timerMinMs, limits.timerMaxMs]) {
      expect(readSettings(travelled(encodeSettings({ timerMs })))).toEqual({ timerMs });
    }
    for (const timerMs of [0, -1, limits.timerMaxMs + 1, true]) {
      expect(readSettings({ timerMs })).toBeUndefined();
    }
    expect(readSettings({})).toBeUndefined();
  });
});

test('[MC8] what does not fit beside the rest of a body is known before it is sealed', () => {
  const text = 'x'.repeat(limits.textBytesMax);
  expect(fitsInBody(encodeText({ text }))).toBe(true);
  const name = 'x'.repeat(limits.nameBytesMax);
  const mentions = Array.from({ length: limits.mentionsMax }, () => ({
    name,
    identityId: of.identityId,
  }));
  expect(fitsInBody(encodeText({ text: '', mentions }))).toBe(true);
  expect(fitsInBody(encodeText({ text, mentions }))).toBe(false);
});

test('[MC1, MC2, MC3, MC4, MC5, MC6, MC7] readers are total', () => {
  const readers: ReadonlyArray<Read<unknown>> = [
    ...[readText, readPoll, readEdit, readRedact, readReaction, readVote, readPin, readSettings],
  ];
  const leaf = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.uint8Array(),
  );
  const key = fc.constantFrom('text', 'of', 'emoji', 'isOn', 'choices', 'options', 'mentions', 'x');
  const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(value, (any) => {
      for (const read of readers) expect(() => read(any)).not.toThrow();
    }),
  );
});
