/** Messages and what people do with them, honest or not, in any order of arrival. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { saidIn } from '../../src/core/conversation/content/said.ts';
import { tallyOf } from '../../src/core/conversation/content/polls.ts';
import type { Fold } from '../../src/core/conversation/reading/fold.ts';
import { compareOrdered } from '../../src/core/conversation/reading/sorted.ts';
import type { PlacedMessage } from '../../src/core/conversation/reading/projection.ts';
import type { CborValue } from '../../src/protocol/cbor.ts';
import {
  encodeEdit,
  encodePin,
  encodePoll,
  encodeReaction,
  encodeRedact,
  encodeSettings,
  encodeText,
  encodeVote,
  type MessageName,
} from '../../src/protocol/content-payloads.ts';
import { tellAll, type Told } from '../support/content-oracle.ts';
import { createFold, identityOf, midOf, take, type Said } from '../support/fold-entries.ts';

const authors = ['alice', 'bob', 'carol', 'mallory', 'reader'] as const;

const name: fc.Arbitrary<MessageName> = fc.record({
  identityId: fc.constantFrom(...authors).map(identityOf),
  mid: fc.integer({ min: 0, max: 2 }).map(midOf),
});

const bits = fc.record({
  of: name,
  other: name,
  n: fc.integer({ min: 0, max: 9 }),
  isOn: fc.boolean(),
  choices: fc.subarray([0, 1, 2, 3]),
});
type Bits = typeof bits extends fc.Arbitrary<infer T> ? T : never;

/** Whoever writes it: an edit of somebody else's words is as likely as of one's own. */
const payloads: Readonly<Record<string, (bits: Bits) => CborValue>> = {
  text: ({ of, other, n, isOn }) =>
    encodeText({
      text: `text ${String(n)}`,
      ...(isOn && { thread: of }),
      ...(n < 5 && { reply: other }),
    }),
  poll: ({ n, isOn }) =>
    encodePoll({
      question: `question ${String(n)}`,
      options: ['a', 'b', 'c'].slice(0, 2 + (n % 2)),
      isMultiple: isOn,
      isAnonymous: false,
    }),
  edit: ({ of, n }) => encodeEdit({ of, text: `edit ${String(n)}` }),
  redact: ({ of }) => encodeRedact({ of }),
  reaction: ({ of, n, isOn }) => encodeReaction({ of, emoji: n % 2 === 0 ? '👍' : '❤️', isOn }),
  vote: ({ of, choices }) => encodeVote({ of, choices }),
  pin: ({ of, isOn }) => encodePin({ of, isOn }),
  settings: ({ n }) => encodeSettings({ timerMs: n === 0 ? null : n * 60_000 }),
  junk: ({ n }) => ({ of: n }),
};
const often = ['text', 'text', 'text', 'poll', 'edit', 'edit', 'reaction', 'reaction', 'vote'];
const types = fc.constantFrom(...often, 'vote', 'redact', 'pin', 'settings', 'junk');

const entries: fc.Arbitrary<ReadonlyArray<Said>> = fc
  .array(
    fc.record({
      author: fc.constantFrom(...authors),
      type: types,
      ownMid: fc.integer({ min: 0, max: 2 }),
      lamport: fc.integer({ min: 1, max: 12 }),
      bits,
    }),
    { maxLength: 40 },
  )
  .map((all) =>
    all.map(({ author, type, ownMid, lamport, bits: of }, at): Said => {
      const seq = all.slice(0, at).filter((before) => before.author === author).length + 1;
      // Half of what claims to be an edit or a redaction is about the author's own words.
      const own = of.isOn ? { ...of, of: { ...of.of, identityId: identityOf(author) } } : of;
      const payload = payloads[type]?.(type === 'edit' || type === 'redact' ? own : of) ?? null;
      const mid = midOf(type === 'text' || type === 'poll' ? ownMid : 100 + ownMid);
      return { author, seq, type, mid, lamport, payload };
    }),
  );

interface Cuts {
  /** How far each log counts in the end. Of the reader nothing does. */
  readonly last: ReadonlyArray<number>;
  /** What was thought meanwhile. */
  readonly meanwhile: ReadonlyArray<number>;
}

const limit = fc.constantFrom(-1, 0, 1, 3, Infinity, Infinity, Infinity);
const someCuts = fc.tuple(limit, limit, limit, limit);
const cuts: fc.Arbitrary<Cuts> = fc.oneof(
  fc.record({ last: someCuts, meanwhile: someCuts }),
  someCuts.map((last) => ({ last, meanwhile: last })),
);

const limitsFrom = (places: ReadonlyArray<number>): Map<string, number> =>
  new Map(authors.map((author, at) => [author, author === 'reader' ? -1 : (places[at] ?? -1)]));

const foldOf = (order: ReadonlyArray<Said>, { last, meanwhile }: Cuts, changeAt: number): Fold => {
  const limits = limitsFrom(meanwhile);
  const fold = createFold(limits);
  for (const [at, said] of order.entries()) {
    if (at === changeAt) {
      fold.digest(); // somebody looks meanwhile
      for (const [author, place] of limitsFrom(last)) limits.set(author, place);
    }
    take(fold, said);
  }
  for (const [author, place] of limitsFrom(last)) limits.set(author, place);
  fold.refresh();
  return fold;
};

const toldBy = (fold: Fold, all: ReadonlyArray<Said>): ReadonlyArray<Told> => {
  const keys = tellAll(all).map(({ key }) => key);
  const messages = [...new Set(keys)].flatMap((key) => fold.projection.message(key) ?? []);
  for (const { key } of messages) {
    // Nothing that gave way to a smaller claim is left anywhere.
    const thread = fold.projection.thread(key);
    expect(thread.filter((reply) => !messages.includes(reply))).toEqual([]);
  }
  const [last] = messages.toSorted(compareOrdered).slice(-1);
  expect(fold.projection.lastMessage()).toBe(last);
  return messages.map((message): Told => {
    const annotated = fold.annotations.of(message.key);
    return {
      key: message.key,
      text: annotated.redaction
        ? undefined
        : (message.poll?.question ?? saidIn(message, annotated).text),
      reactions: annotated.reactions.flatMap(({ emoji, authors: people }) =>
        people.map((who) => `${who} ${emoji}`),
      ),
      tally: message.poll && tallyOf(message.poll, annotated.votes),
      pinnedBy: annotated.pin?.authorHex,
      standsUnder: rootOf(fold, message),
    };
  });
};

/** By where it stands, not by what it says. */
const rootOf = ({ projection }: Fold, message: PlacedMessage): string | undefined => {
  const { threadKey } = message;
  const isUnder = threadKey !== undefined && projection.thread(threadKey).includes(message);
  expect([...projection.items].includes(message)).toBe(!isUnder);
  return isUnder ? threadKey : undefined;
};

const byKey = (told: ReadonlyArray<Told>): ReadonlyArray<Told> =>
  [...told].sort((a, b) => (a.key < b.key ? -1 : 1));

const orders = entries.chain((all) =>
  fc.tuple(
    fc.constant(all),
    fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length }),
    cuts,
    fc.nat({ max: 40 }),
  ),
);

test('[PJ1, AN1, CL4] the same entries give the same messages in any order, cuts come and go', () => {
  fc.assert(
    fc.property(orders, ([all, shuffled, places, changeAt]) => {
      const first = foldOf(all, { ...places, meanwhile: places.last }, 0);
      const second = foldOf([...shuffled, ...shuffled.slice(0, 5)], places, changeAt);
      expect(second.digest()).toEqual(first.digest());
      expect([...second.projection.items]).toEqual([...first.projection.items]);
      expect(toldBy(second, all)).toEqual(toldBy(first, all));
    }),
    { numRuns: 400 },
  );
});

test('[AN1, AN2, AN3, AN4, TH1] they are what the rules say, as told by an oracle', () => {
  fc.assert(
    fc.property(orders, ([all, shuffled, places, changeAt]) => {
      const limits = limitsFrom(places.last);
      // Own words stay on the own screen.
      const counted = all.filter(
        ({ author, seq }) => author === 'alice' || seq <= (limits.get(author) ?? -1),
      );
      const fold = foldOf(shuffled, places, changeAt);
      expect(byKey(toldBy(fold, all))).toEqual(byKey(tellAll(counted)));
    }),
    { numRuns: 400 },
  );
});

test('[AN2] whatever others write, the words of alice are hers', () => {
  fc.assert(
    fc.property(orders, ([all, shuffled, places]) => {
      const own = shuffled.filter(({ author }) => author === 'alice');
      const alone = byKey(toldBy(foldOf(own, places, 0), own));
      const amongOthers = byKey(toldBy(foldOf(shuffled, places, 0), all)).filter(({ key }) =>
        alone.some((told) => told.key === key),
      );
      expect(amongOthers.map(({ key, text }) => [key, text])).toEqual(
        alone.map(({ key, text }) => [key, text]),
      );
    }),
  );
});
