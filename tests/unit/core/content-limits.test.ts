import { beforeAll, describe, expect, test } from 'vitest';
import { toHex, utf8ToBytes } from '../../../src/base/bytes.ts';
import { ContentLimits, logKeyOf } from '../../../src/core/conversation/reading/content-limits.ts';
import { hash } from '../../../src/crypto/hash.ts';
import type { Bind, Closing } from '../../../src/protocol/epochs/bind.ts';
import { resolve, type View } from '../../../src/protocol/membership/membership.ts';
import type { ForkedLog } from '../../../src/protocol/membership/fork.ts';
import type { EpochCut } from '../../../src/protocol/membership/op-bodies.ts';
import type { ControlOp } from '../../../src/protocol/membership/ops.ts';
import {
  addBody,
  createConversation,
  createPerson,
  deviceOf,
  epochBody,
  groupSpec,
  roleBody,
  type TestConversation,
  type TestPerson,
} from '../../support/conversation.ts';

interface FakeEpoch {
  readonly id: Uint8Array;
  readonly idHex: string;
}

const hashOf = (log: string, seq: number): Uint8Array =>
  hash('sotto1/test', utf8ToBytes(`${log} ${String(seq)}`));

let alice: TestPerson;
let bob: TestPerson;
beforeAll(async () => {
  alice = await createPerson('alice');
  bob = await createPerson('bob');
});

/** Bob's logs in a chain of epochs; each log has a name and so many entries. */
class Scene {
  readonly conversation: TestConversation;
  readonly limits: ContentLimits<FakeEpoch>;
  readonly lengths = new Map<string, number>();
  readonly forks: ForkedLog[] = [];
  readonly forkedBinds: View['forkedBinds'][number][] = [];
  readonly #names = new Map<string, string>();

  private constructor(conversation: TestConversation) {
    this.conversation = conversation;
    const { set } = conversation;
    const forkedLogs = (): ReadonlyArray<ForkedLog> => this.forks;
    const forkedBinds = (): View['forkedBinds'] => this.forkedBinds;
    this.limits = new ContentLimits({
      membership: {
        opSet: set,
        get view() {
          return { ...resolve(set), forks: forkedLogs(), forkedBinds: forkedBinds() };
        },
        get version() {
          return set.nodes.length + forkedLogs().length + forkedBinds().length;
        },
      },
      nextSeq: (_, writerPub) => this.lengths.get(this.#nameOf(writerPub)) ?? 0,
      hashAt: (_, writerPub, seq) => {
        const log = this.#nameOf(writerPub);
        return seq < (this.lengths.get(log) ?? 0) ? hashOf(log, seq) : undefined;
      },
    });
  }

  static async begin(level: 0 | 1 = 1): Promise<Scene> {
    const conversation = await createConversation(alice, groupSpec(alice));
    await conversation.write({ by: alice, body: addBody(bob, level) });
    return new Scene(conversation);
  }

  async epoch(after?: ReadonlyArray<ControlOp>): Promise<FakeEpoch & { readonly op: ControlOp }> {
    const serial = this.conversation.ops.length;
    const body = epochBody(hashOf('recipients', serial));
    const op = await this.conversation.write({ by: alice, body, ...(after && { after }) });
    return { id: op.opId, idHex: toHex(op.opId), op };
  }

  writer(log: string): Uint8Array {
    const writerPub = hashOf(`writer ${log}`, 0);
    this.#names.set(toHex(writerPub), log);
    return writerPub;
  }

  bindOf(epoch: FakeEpoch, log: string, closes: ReadonlyArray<Closing> = []): Bind {
    return {
      epochId: epoch.id,
      devSignPub: deviceOf(bob).signer.publicKey,
      incarnation: 0,
      writerPub: this.writer(log),
      closes,
      prekeyBundle: new Uint8Array(0),
    };
  }

  bind(epoch: FakeEpoch, log: string, closes: ReadonlyArray<Closing> = []): void {
    this.limits.noteBind(epoch, this.bindOf(epoch, log, closes), toHex(bob.identityId));
  }

  /** Proved to part at its bind. */
  fork(
    epoch: FakeEpoch,
    log: string,
    { closes, by = bob }: { readonly closes: ReadonlyArray<Closing>; readonly by?: TestPerson },
  ): void {
    const devSignPub = deviceOf(by).signer.publicKey;
    const bind = { ...this.bindOf(epoch, log, closes), devSignPub };
    this.forks.push({ ...bind, seq: 0 });
    const [signedBytes, signature] = [hashOf(log, this.forks.length), new Uint8Array(64)];
    this.forkedBinds.push({ ...bind, signedBytes, signature });
  }

  closing(log: string, seq: number): Closing {
    return { writerPub: this.writer(log), seq, hash: hashOf(log, seq) };
  }

  cut(epoch: FakeEpoch, log: string, seq: number): EpochCut {
    return { epochId: epoch.id, heads: [this.closing(log, seq)] };
  }

  async remove(cuts: ReadonlyArray<EpochCut>): Promise<ControlOp> {
    const body = { type: 'remove', identityId: bob.identityId, cuts } as const;
    return this.conversation.write({ by: alice, body });
  }

  limitOf(epoch: FakeEpoch, log: string): number {
    this.limits.settle();
    return this.limits.limitOf(logKeyOf(epoch.idHex, toHex(this.writer(log))));
  }

  #nameOf(writerPub: Uint8Array): string {
    return this.#names.get(toHex(writerPub)) ?? '';
  }
}

describe('what a bind closes', () => {
  test('[CL1] a log counts whole until its device binds in a later epoch, then up to what that says', async () => {
    const scene = await Scene.begin();
    const [first, second] = [await scene.epoch(), await scene.epoch()];
    scene.lengths.set('a', 9);
    scene.bind(first, 'a');
    expect(scene.limitOf(first, 'a')).toBe(Infinity);
    scene.bind(second, 'b', [scene.closing('a', 5)]);
    expect(scene.limitOf(first, 'a')).toBe(5);
    expect(scene.limitOf(second, 'b')).toBe(Infinity);
  });

  test('[CL1] what is not named is closed at its beginning; a wrong hash names nothing', async () => {
    const scene = await Scene.begin();
    const [first, second] = [await scene.epoch(), await scene.epoch()];
    scene.lengths.set('a', 9);
    scene.bind(first, 'a');
    scene.bind(second, 'b', [{ ...scene.closing('a', 5), hash: hashOf('other', 5) }]);
    expect(scene.limitOf(first, 'a')).toBe(-1);
    scene.bind(first, 'late');
    expect(scene.limitOf(first, 'late')).toBe(-1);
  });

  test('[CL1] a place that is not held yet counts until it turns out not to be on the log', async () => {
    const scene = await Scene.begin();
    const [first, second] = [await scene.epoch(), await scene.epoch()];
    scene.lengths.set('a', 3);
    scene.bind(first, 'a');
    scene.bind(second, 'b', [{ ...scene.closing('a', 5), hash: hashOf('other', 5) }]);
    expect(scene.limitOf(first, 'a')).toBe(5);
    scene.lengths.set('a', 9);
    expect(scene.limitOf(first, 'a')).toBe(-1);
  });

  test('[CL1] a bind that is closed itself closes nothing', async () => {
    const scene = await Scene.begin();
    const epochs = [await scene.epoch(), await scene.epoch(), await scene.epoch()] as const;
    const [first, second, third] = epochs;
    scene.lengths.set('a', 9);
    scene.bind(first, 'a');
    scene.bind(third, 'c', [scene.closing('a', 5)]);
    scene.bind(second, 'back-dated', [scene.closing('a', 8)]);
    expect(scene.limitOf(second, 'back-dated')).toBe(-1);
    expect(scene.limitOf(first, 'a')).toBe(5);
  });

  test('[CL1] the order in which binds come decides nothing', async () => {
    const scene = await Scene.begin();
    const first = await scene.epoch();
    const [left, right] = [await scene.epoch([first.op]), await scene.epoch([first.op])];
    scene.lengths.set('a', 9);
    scene.bind(right, 'r', [scene.closing('a', 7)]);
    scene.bind(left, 'l', [scene.closing('a', 5)]);
    scene.bind(first, 'a');
    expect(scene.limitOf(first, 'a')).toBe(5);
  });

  test('[CL2] an honest bind names its logs before, less those closed between; a damaged one stays open', async () => {
    const scene = await Scene.begin();
    const epochs = [await scene.epoch(), await scene.epoch(), await scene.epoch()] as const;
    const [first, second, third] = epochs;
    const deviceHex = toHex(deviceOf(bob).signer.publicKey);
    for (const log of ['a', 'b']) scene.lengths.set(log, 4);
    scene.bind(first, 'a');
    scene.bind(
      second,
      'b',
      scene.limits.closingsIn(second, deviceHex, () => true),
    );
    expect(scene.limitOf(first, 'a')).toBe(3);
    const closes = scene.limits.closingsIn(third, deviceHex, () => true);
    expect(closes).toEqual([scene.closing('b', 3)]);
    const damaged = scene.limits.closingsIn(third, deviceHex, () => false);
    expect(damaged).toEqual([{ ...scene.closing('b', 3), hash: new Uint8Array(32) }]);
    scene.bind(third, 'c', damaged);
    expect(scene.limitOf(second, 'b')).toBe(Infinity);
  });
});

describe('what a removal cuts', () => {
  test('[CL3] a removal names what was seen, but for what a named bind closed; all else is cut', async () => {
    const scene = await Scene.begin();
    const [first, second] = [await scene.epoch(), await scene.epoch()];
    for (const log of ['a', 'b']) scene.lengths.set(log, 6);
    scene.bind(first, 'a');
    scene.bind(second, 'b', [scene.closing('a', 4)]);
    const seen = scene.limits.seenOf(toHex(bob.identityId));
    expect(seen).toEqual([scene.cut(second, 'b', 5)]);
    scene.lengths.set('b', 9);
    await scene.remove(seen);
    expect(scene.limitOf(second, 'b')).toBe(5);
    expect(scene.limitOf(first, 'a')).toBe(4);
    scene.bind(second, 'another log of the removed');
    expect(scene.limitOf(second, 'another log of the removed')).toBe(-1);
    const third = await scene.epoch([second.op]);
    scene.bind(third, 'unnamed', [scene.closing('b', 8)]);
    expect(scene.limitOf(third, 'unnamed')).toBe(-1);
    expect(scene.limitOf(second, 'b')).toBe(5);
  });

  test('[CL1] of several removals the strictest holds; epochs after a removal are a new beginning', async () => {
    const scene = await Scene.begin();
    const first = await scene.epoch();
    scene.lengths.set('a', 9);
    scene.bind(first, 'a');
    await scene.remove([scene.cut(first, 'a', 6)]);
    await scene.remove([scene.cut(first, 'a', 3)]);
    expect(scene.limitOf(first, 'a')).toBe(3);
    await scene.conversation.write({ by: alice, body: addBody(bob) });
    const later = await scene.epoch();
    scene.bind(later, 'new');
    expect(scene.limitOf(later, 'new')).toBe(Infinity);
    expect(scene.limitOf(first, 'a')).toBe(-1); // the new bind closed it and named nothing
  });

  test('[CL1] a place beyond a proved fork counts, whichever of the two histories is held', async () => {
    const scene = await Scene.begin();
    const [first, second] = [await scene.epoch(), await scene.epoch()];
    scene.lengths.set('a', 9);
    scene.bind(first, 'a');
    const elsewhere = { ...scene.closing('a', 6), hash: hashOf('the other history', 6) };
    scene.bind(second, 'b', [elsewhere]);
    await scene.remove([{ epochId: first.id, heads: [elsewhere] }, scene.cut(second, 'b', 0)]);
    expect(scene.limitOf(first, 'a')).toBe(-1);
    const { signer } = deviceOf(bob);
    const forked = {
      epochId: first.id,
      devSignPub: signer.publicKey,
      writerPub: scene.writer('a'),
    };
    scene.forks.push({ ...forked, seq: 7 });
    expect(scene.limitOf(first, 'a')).toBe(-1); // they part only after it: it is on neither
    scene.forks.push({ ...forked, seq: 5 });
    expect(scene.limitOf(first, 'a')).toBe(6); // and the fork hides what lies there (FK4)
  });

  test.each(['held here', 'held elsewhere', 'held by nobody who is left'])(
    '[CL1] what a log closes that parts at its bind, %s, is what the proofs show of it',
    async (held) => {
      const scene = await Scene.begin();
      const [first, second] = [await scene.epoch(), await scene.epoch()];
      scene.lengths.set('a', 9);
      scene.bind(first, 'a');
      if (held === 'held here') scene.bind(second, 'b', [scene.closing('a', 8)]);
      if (held === 'held elsewhere') scene.bind(second, 'b', [scene.closing('a', 2)]);
      expect(scene.limitOf(first, 'a')).toBe(
        { 'held here': 8, 'held elsewhere': 2 }[held] ?? Infinity,
      );
      scene.fork(second, 'b', { closes: [scene.closing('a', 8)] });
      scene.fork(second, 'c', { closes: [scene.closing('a', 6)] });
      expect(scene.limitOf(first, 'a')).toBe(6);
      scene.fork(second, 'b', { closes: [scene.closing('a', 4)] });
      expect(scene.limitOf(first, 'a')).toBe(4);
      scene.fork(second, 'c', { closes: [] });
      expect(scene.limitOf(first, 'a')).toBe(-1);
    },
  );

  test('[CL1] [CL4] what a proof closed is open again once it counts no more', async () => {
    const scene = await Scene.begin();
    const [first, second] = [await scene.epoch(), await scene.epoch()];
    scene.lengths.set('a', 9);
    scene.bind(first, 'a');
    scene.fork(second, 'b', { closes: [scene.closing('a', 4)] });
    expect(scene.limitOf(first, 'a')).toBe(4);
    scene.bind(second, 'b', [scene.closing('a', 8)]);
    expect(scene.limitOf(first, 'a')).toBe(4);
    scene.forks.pop();
    scene.forkedBinds.pop();
    expect(scene.limitOf(first, 'a')).toBe(8);
  });

  test('[CL3] a removal by who holds nothing of the forked log names those before it', async () => {
    const scene = await Scene.begin();
    const [first, second] = [await scene.epoch(), await scene.epoch()];
    scene.lengths.set('a', 9);
    scene.bind(first, 'a');
    scene.fork(second, 'b', { closes: [scene.closing('a', 8)] });
    await scene.remove(scene.limits.seenOf(toHex(bob.identityId)));
    expect(scene.limitOf(first, 'a')).toBe(8);
  });

  test('[CL1] [FK1] what somebody else’s device claims to have begun closes nothing', async () => {
    const scene = await Scene.begin();
    const [first, second] = [await scene.epoch(), await scene.epoch()];
    for (const log of ['a', 'b']) scene.lengths.set(log, 9);
    scene.bind(first, 'a');
    scene.bind(second, 'b', [scene.closing('a', 8)]);
    scene.fork(second, 'b', { closes: [], by: alice });
    expect([scene.limitOf(first, 'a'), scene.limitOf(second, 'b')]).toEqual([8, Infinity]);
  });

  test('[CL5] a reader’s words count in no epoch in which it was one', async () => {
    const scene = await Scene.begin(0);
    const reading = await scene.epoch();
    scene.bind(reading, 'a');
    expect(scene.limitOf(reading, 'a')).toBe(-1);
    await scene.conversation.write({ by: alice, body: roleBody(bob, 1) });
    const writing = await scene.epoch();
    scene.bind(writing, 'b', [scene.closing('a', 0)]);
    expect(scene.limitOf(writing, 'b')).toBe(Infinity);
  });
});

test('[RG6] without somebody their logs count as far as was seen, everybody else’s as they do', async () => {
  const scene = await Scene.begin();
  const [older, newer, unseen] = [await scene.epoch(), await scene.epoch(), await scene.epoch()];
  scene.bind(older, 'older');
  scene.bind(newer, 'newer', [scene.closing('older', 4)]);
  scene.bind(unseen, 'unseen', [scene.closing('newer', 8)]);
  for (const log of ['older', 'newer', 'unseen']) scene.lengths.set(log, 9);
  const [first, second, third] = [
    [older, 'older'] as const,
    [newer, 'newer'] as const,
    [unseen, 'unseen'] as const,
  ].map(([{ idHex }, log]) => logKeyOf(idHex, toHex(scene.writer(log))));
  if (first === undefined || second === undefined || third === undefined) throw new Error('logs');
  const without = scene.limits.limitsWithout(bob.identityId, [scene.cut(newer, 'newer', 6)]);
  expect([first, second, third].map(without)).toEqual([4, 6, -1]);
  expect([first, second, third].map((key) => scene.limits.limitOf(key))).toEqual([4, 8, Infinity]);
  const withoutAlice = scene.limits.limitsWithout(alice.identityId, []);
  expect([first, second, third].map(withoutAlice)).toEqual([4, 8, Infinity]);
});
