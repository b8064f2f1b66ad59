import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Unread } from '../../../src/core/conversation/attention/unread.ts';
import { Projection } from '../../../src/core/conversation/reading/projection.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { entryOf, idOf, messageOf, type EntryOf } from '../../support/entries.ts';

const setup = (entries: ReadonlyArray<EntryOf> = [], before = new Unread()) => {
  const projection = new Projection();
  const note = (entry: EntryOf): void => {
    before.note(entryOf(entry), idOf(entry.by));
    projection.add(messageOf(entry));
  };
  for (const entry of entries) note(entry);
  const unread = (): ReadonlyArray<string> =>
    before
      .shown(projection)
      .map(({ key }) => key)
      .sort();
  return { state: before, projection, note, unread };
};

const keysOf = (entries: ReadonlyArray<EntryOf>): ReadonlyArray<string> =>
  entries.map((entry) => messageOf(entry).key).sort();

const bob = (seq: number, lamport = seq * 10): EntryOf => ({ by: 'bob', seq, lamport });
const carol = (seq: number, lamport = seq * 10 + 1): EntryOf => ({ by: 'carol', seq, lamport });

describe('what is unread', () => {
  test('[RU1] is the same after a restart, whatever comes in which order', () => {
    const talk = [bob(1), carol(1), bob(2), bob(3), carol(2)];
    fc.assert(
      fc.property(
        fc.nat(5),
        fc.shuffledSubarray(talk, { minLength: 5, maxLength: 5 }),
        (readCount, shuffled) => {
          const first = setup(talk.slice(0, readCount));
          first.state.readAll();
          const restored = new Unread();
          restored.restore(first.state.toCbor());
          // A log is given in its order; logs in any.
          const order = (seq: number) => (a: EntryOf, b: EntryOf) =>
            a.by === b.by ? a.seq - b.seq : seq;
          const after = setup([...shuffled].sort(order(0)), restored);
          expect(after.unread()).toEqual(keysOf(talk.slice(readCount)));
        },
      ),
    );
  });

  test('[RU1] counts only what is shown, each message once', () => {
    const { state, projection } = setup([bob(1)]);
    state.note(entryOf(bob(1)), idOf('bob')); // read again after a fork
    state.note(entryOf({ ...bob(2), mid: 'bob 1' }), idOf('bob')); // another claim to it
    state.note(entryOf(bob(3)), idOf('bob')); // hidden
    state.note(entryOf({ ...bob(4), type: 'receipt' }), idOf('bob'));
    state.note(entryOf({ ...bob(5), isHistory: true }), idOf('bob'));
    expect(state.shown(projection).map(({ key }) => key)).toEqual(keysOf([bob(1)]));
  });

  test('[RU1] what an older version had counted stays read', () => {
    const { state, unread } = setup([bob(1), carol(1), bob(2)]);
    state.readFirst(2);
    expect(unread()).toEqual(keysOf([bob(2)]));
  });

  test('[RU1] the number of logs remembered is limited, and the oldest stay read', () => {
    const { state } = setup();
    for (let i = 1; i <= limits.readLogsMax + 5; i++) {
      state.note(entryOf({ by: `writer ${String(i)}`, seq: 1, lamport: i }), idOf('bob'));
    }
    state.readAll();
    const restored = new Unread();
    expect(restored.restore(state.toCbor())).toBe(true);
    const again = setup([{ by: 'writer 1', seq: 1, lamport: 1 }], restored);
    expect(again.unread()).toEqual([]);
    again.note({ by: 'writer 1', seq: 2, lamport: 9999 });
    expect(again.unread()).toHaveLength(1);
  });

  test('[RU2] what comes in before what was read is unread, and late', () => {
    const { state, note, unread, projection } = setup([bob(1), bob(2)]);
    expect(state.readAll()).toBe(true);
    expect(state.readAll()).toBe(false);
    note(carol(1, 11));
    note(bob(3));
    expect(unread()).toEqual(keysOf([carol(1, 11), bob(3)]));
    const { late, fresh } = state.inOrder(state.shown(projection));
    expect(late.map(({ key }) => key)).toEqual(keysOf([carol(1, 11)]));
    expect(fresh.map(({ key }) => key)).toEqual(keysOf([bob(3)]));
  });

  test('[RU2] what is new stands below all that was read, what is late above some of it', () => {
    const talk = fc.uniqueArray(fc.nat(200), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(talk, fc.nat(20), fc.option(fc.nat(20)), (lamports, readCount, from) => {
        const entries = lamports.map((lamport, at) => ({
          ...(at % 2 === 0 ? bob : carol)(Math.floor(at / 2) + 1, lamport + 1),
        }));
        const { state, note, projection } = setup(entries.slice(0, readCount));
        state.readAll();
        const marked = from === null ? undefined : [...projection.messages()][from];
        if (marked !== undefined) state.unreadFrom(marked, [...projection.messages()]);
        for (const entry of entries.slice(readCount)) note(entry);
        const { late, fresh } = state.inOrder(state.shown(projection));
        const unread = new Set([...late, ...fresh]);
        expect(unread.size).toBe(state.shown(projection).length);
        const read = [...projection.messages()].filter((message) => !unread.has(message));
        const lastRead = Math.max(0, ...read.map(({ lamport }) => lamport));
        for (const { lamport } of fresh) expect(lamport).toBeGreaterThan(lastRead);
        if (marked === undefined)
          for (const { lamport } of late) expect(lamport).toBeLessThan(lastRead);
        else expect(fresh.map(({ key }) => key)).toContain(marked.key);
        const order = (all: typeof late) => all.map(({ lamport }) => lamport);
        expect(order(fresh)).toEqual(order(fresh).toSorted((a, b) => a - b));
      }),
    );
  });

  test('[RU3] from one message on, until all is read again', () => {
    const talk = [bob(1), carol(1), bob(2), carol(2)];
    const { state, unread } = setup(talk);
    state.readAll();
    state.unreadFrom(messageOf(carol(1)), talk.map(messageOf));
    expect(unread()).toEqual(keysOf([carol(1), bob(2), carol(2)]));
    const restored = new Unread();
    restored.restore(state.toCbor());
    expect(setup(talk, restored).unread()).toEqual(keysOf([carol(1), bob(2), carol(2)]));
    state.readAll();
    expect(unread()).toEqual([]);
  });
});
