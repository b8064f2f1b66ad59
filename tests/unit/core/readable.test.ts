import { beforeEach, describe, expect, test } from 'vitest';
import { Readable } from '../../../src/core/conversation/content/readable.ts';
import type { Fold } from '../../../src/core/conversation/reading/fold.ts';
import { messageKey } from '../../../src/core/conversation/reading/projection.ts';
import type { Content } from '../../../src/core/epochs/log-host.ts';
import type { CborValue } from '../../../src/protocol/cbor.ts';
import {
  encodeEdit,
  encodePin,
  encodeReaction,
  encodeRedact,
  encodeText,
  type MessageName,
} from '../../../src/protocol/content-payloads.ts';
import { createFold, epoch, hexOf, identityOf, midOf, take } from '../../support/fold-entries.ts';

let fold: Fold;
let waiting: ReadonlyArray<Content>;
let hidden: Set<string>;
let readable: Readable;
let seq: number;

beforeEach(() => {
  hidden = new Set();
  fold = createFold(new Map([['alice', Infinity]]), (key) => hidden.has(key));
  waiting = [];
  seq = 0;
  const outbox = {
    get composed() {
      return waiting;
    },
  };
  readable = new Readable(hexOf('alice'), { fold, outbox, hidden });
});

const nameOf = (author: string, mid: number): MessageName => ({
  identityId: identityOf(author),
  mid: midOf(mid),
});
const keyOf = (author: string, mid: number): string => messageKey(hexOf(author), midOf(mid));

/** The next entry. */
const comes = (type: string, payload: CborValue, mid = 100 + seq): void => {
  comesFrom('bob', { type, payload, mid });
};

const comesFrom = (
  author: string,
  { type, payload, mid }: Pick<Content, 'type' | 'payload'> & { readonly mid: number },
): void => {
  seq += 1;
  take(fold, { author, seq, type, mid: midOf(mid), lamport: seq, payload });
};

const waits = (type: string, payload: CborValue, mid: number): void => {
  waiting = [...waiting, { type, mid: midOf(mid), sentAt: 0, payload }];
};

const textsOf = (messages: ReadonlyArray<{ readonly payload: { readonly text: string } }>) =>
  messages.map(({ payload }) => payload.text);

describe('pins', () => {
  test('[AN5] the newest pin stands first; taken down, deleted, hidden and missing ones not at all', () => {
    for (const mid of [1, 2, 3, 4, 5]) comes('text', encodeText({ text: String(mid) }), mid);
    for (const mid of [3, 1, 2, 4, 5, 9]) {
      comes('pin', encodePin({ of: nameOf('bob', mid), isOn: true }));
    }
    comes('pin', encodePin({ of: nameOf('bob', 2), isOn: false }));
    comes('redact', encodeRedact({ of: nameOf('bob', 4) }));
    hidden.add(keyOf('bob', 5));
    const pinned = readable.pinned().filter(({ message }) => {
      return readable.annotated(message.key).redaction === undefined;
    });
    expect(textsOf(pinned.map(({ message }) => message))).toEqual(['1', '3']);
    waits('pin', encodePin({ of: nameOf('bob', 2), isOn: true }), 50);
    expect(readable.pinned()[0]).toMatchObject({ byHex: hexOf('alice') });
  });
});

describe('what waits', () => {
  test('[OB4] stands at the end, has its effect, and gives way to its entry', () => {
    comes('text', encodeText({ text: 'theirs' }), 1);
    waits('text', encodeText({ text: 'mine' }), 2);
    waits('edit', encodeEdit({ of: nameOf('alice', 2), text: 'mine, edited' }), 3);
    waits('reaction', encodeReaction({ of: nameOf('bob', 1), emoji: '👍', isOn: true }), 4);
    expect(textsOf(readable.waiting())).toEqual(['mine']);
    expect(readable.last(() => true)?.key).toBe(keyOf('alice', 2));
    expect(readable.annotated(keyOf('alice', 2)).edits.map(({ act }) => act.text)).toEqual([
      'mine, edited',
    ]);
    expect(readable.annotated(keyOf('bob', 1)).reactions).toHaveLength(1);
    expect(readable.waitingAbout(new Set([keyOf('alice', 2)]))).toHaveLength(2);

    const before = fold.digest();
    waiting = [];
    expect(readable.annotated(keyOf('bob', 1)).reactions).toEqual([]);
    expect(fold.digest()).toEqual(before); // it was never in the fold
  });

  test('[OB4] an entry that lies in the log and still waits shows once', () => {
    waits('text', encodeText({ text: 'mine' }), 2);
    comesFrom('alice', { type: 'text', payload: encodeText({ text: 'mine' }), mid: 2 });
    expect(readable.waiting()).toEqual([]);
    expect(readable.message(keyOf('alice', 2))?.place).toBeDefined();
  });

  test('[TH1] an answer to what waits stands under it', () => {
    waits('text', encodeText({ text: 'root' }), 2);
    waits('text', encodeText({ text: 'answer', thread: nameOf('alice', 2) }), 3);
    expect(textsOf(readable.thread(keyOf('alice', 2)))).toEqual(['answer']);
  });
});

describe('threads and hidden messages', () => {
  test('[TH1, HD1] what stands under a message comes to the timeline when that is hidden, and goes back', () => {
    comes('text', encodeText({ text: 'answer', thread: nameOf('bob', 1) }), 2);
    comes('text', encodeText({ text: 'root' }), 1);
    const timeline = () =>
      textsOf(
        [...fold.projection.items].flatMap((item) => (item.type === 'message' ? [item] : [])),
      );
    expect(timeline()).toEqual(['root']);
    fold.projection.moved([keyOf('bob', 1)], () => hidden.add(keyOf('bob', 1)));
    expect(timeline()).toEqual(['answer']);
    fold.projection.moved([keyOf('bob', 1), keyOf('bob', 2)], () => hidden.clear());
    expect(timeline()).toEqual(['root']);
    expect(textsOf(fold.projection.thread(keyOf('bob', 1)))).toEqual(['answer']);
  });

  test('[TH1] what names itself, or an answer, stands in the timeline', () => {
    comes('text', encodeText({ text: 'root' }), 1);
    comes('text', encodeText({ text: 'answer', thread: nameOf('bob', 1) }), 2);
    comes('text', encodeText({ text: 'deeper', thread: nameOf('bob', 2) }), 3);
    comes('text', encodeText({ text: 'itself', thread: nameOf('bob', 4) }), 4);
    const items = [...fold.projection.items].flatMap((item) =>
      item.type === 'message' ? [item] : [],
    );
    expect(textsOf(items)).toEqual(['root', 'deeper', 'itself']);
  });
});

describe('where deleted words lie', () => {
  const redact = (mid: number): void => {
    comes('redact', encodeRedact({ of: nameOf('bob', mid) }));
  };
  const placesAt = (...seqs: ReadonlyArray<number>) =>
    seqs.map((at) => expect.objectContaining({ epochHex: epoch.idHex, seq: at }) as unknown);

  test('[AN7] the message and its edits, once, and no other', () => {
    comes('text', encodeText({ text: 'words' }), 1);
    comes('text', encodeText({ text: 'others' }), 2);
    comes('edit', encodeEdit({ of: nameOf('bob', 1), text: 'edited words' }));
    comes('reaction', encodeReaction({ of: nameOf('bob', 1), emoji: '👍', isOn: true }));
    expect(fold.takeRedacted()).toEqual([]);
    redact(1);
    expect(fold.takeRedacted()).toEqual(placesAt(1, 3));
    expect(fold.takeRedacted()).toEqual([]);
  });

  test('[AN7] also what comes after its redaction', () => {
    redact(1);
    expect(fold.takeRedacted()).toEqual([]);
    comes('text', encodeText({ text: 'words' }), 1);
    expect(fold.takeRedacted()).toEqual(placesAt(2));
    comes('edit', encodeEdit({ of: nameOf('bob', 1), text: 'edited words' }));
    expect(fold.takeRedacted()).toEqual(placesAt(2, 3));
  });
});
