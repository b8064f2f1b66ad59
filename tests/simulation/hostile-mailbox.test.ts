/** A relay whose mailbox lies, and a mailbox that one log of somebody's does not fit into. */
import { describe, expect, test } from 'vitest';
import type { Mailbox } from '../../relay/mailbox/mailbox.ts';
import { limits } from '../../src/protocol/limits.ts';
import {
  decodeMailboxReply,
  decodeMailboxRequest,
  encodeMailboxReply,
  encodeMailboxRequest,
  type MailboxReply,
  type MailboxRequest,
} from '../../src/protocol/mailbox-frames.ts';
import { inspect } from '../../src/replication/inspect.ts';
import { encodeRuns } from '../../src/replication/runs.ts';
import { createMemoryMailbox } from '../support/memory-mailbox.ts';
import { setupScene, talk, type Scene } from './hostile.ts';
import type { Peer } from './peer.ts';

interface Between {
  readonly mailbox: Mailbox;
  readonly request: MailboxRequest;
  readonly from: string;
}

const must = <T>(result: { readonly ok: boolean; readonly value?: T }): T => {
  if (!result.ok || result.value === undefined) throw new Error('a frame of ours decodes');
  return result.value;
};

/** The real mailbox with somebody between it and everybody. */
const putBetween = (
  { history: { net, world } }: Scene,
  answer: (between: Between) => Promise<MailboxReply>,
): void => {
  const { backend } = world;
  const mailbox = createMemoryMailbox({ now: () => world.nowMs, backend });
  net.mailbox = {
    status: mailbox.status,
    answer: async (bytes, from) => {
      const request = must(decodeMailboxRequest(bytes));
      return encodeMailboxReply(await answer({ mailbox, request, from }));
    },
  };
  net.isRelayUp = false;
  for (const node of net.nodes.values()) node.reconsider();
  net.isRelayUp = true;
  for (const node of net.nodes.values()) node.reconsider();
};

const honest = async ({ mailbox, request, from }: Between): Promise<MailboxReply> =>
  must(decodeMailboxReply(await mailbox.answer(encodeMailboxRequest(request), from)));

const stateOf = (peer: Peer, text: string) =>
  peer.messages.find((message) => message.text === text)?.delivery?.state;

describe('a mailbox that is not what it should be', () => {
  test('[MB9] nothing is written past what it is known to hold and does not give', async () => {
    const scene = await setupScene();
    const { history, alice, bob, carol } = scene;
    let isHolding = false;
    putBetween(scene, (between) =>
      isHolding && between.from === 'alice' && between.request.t === 'get'
        ? Promise.resolve({ t: 'refused', why: 'failed' })
        : honest(between),
    );
    await history.world.run(60_000);
    await carol.crash();
    history.net.partition([['alice'], ['bob']]);
    await history.world.run(20_000);
    isHolding = true;
    for (const text of ['first', 'more', 'and more']) {
      history.say(bob, text);
      await history.world.run(10_000);
    }
    history.say(alice, 'second');
    await history.world.run(20_000);
    expect(stateOf(alice, 'second')).toBe('saved');
    isHolding = false;
    await history.world.run(20_000);
    expect(alice.texts).toEqual(['bob: first', 'bob: more', 'bob: and more', 'alice: second']);
    expect(stateOf(alice, 'second')).toBe('parked');
  });

  test('[MB15] one that sends the same again and again is asked no more for a while', async () => {
    const scene = await setupScene();
    const { history, alice, bob, carol } = scene;
    await talk(scene, 1);
    let getCount = 0;
    let isReplaying = false;
    putBetween(scene, async (between) => {
      if (!isReplaying || between.request.t !== 'get') return honest(between);
      if ((getCount += 1) > 20_000) throw new Error('asked for ever');
      const reply = await honest({ ...between, request: { ...between.request, held: [] } });
      return reply.t === 'held' ? { ...reply, isComplete: false } : reply;
    });
    await history.world.run(60_000);
    await bob.crash();
    await carol.crash();
    isReplaying = true;
    await alice.crash();
    alice.start();
    await history.reopen(alice);
    await history.world.run(20_000);
    expect(getCount).toBeGreaterThan(0);
    expect(getCount).toBeLessThan(50);
    expect(alice.texts).toHaveLength(3);
  }, 60_000);

  test('[MB16] one that takes everything and keeps nothing is not sent it again and again', async () => {
    const scene = await setupScene();
    const { history, alice, bob } = scene;
    for (let i = 0; i < 8; i++) {
      history.say(alice, String(i).repeat(20_000));
      await history.world.run(1000);
    }
    let putCount = 0;
    putBetween(scene, (between) => {
      if (between.request.t !== 'put') return honest(between);
      putCount += 1;
      return Promise.resolve({ t: 'stored', mark: 7, rows: [], outcome: 'stored' });
    });
    await history.world.run(20_000);
    expect(putCount).toBeGreaterThan(0);
    expect(putCount).toBeLessThan(60);
    history.say(bob, 'we talk on');
    await history.world.run(3000);
    expect(alice.texts.at(-1)).toBe('bob: we talk on');
  });

  // Whichever of the logs comes first.
  test.each([0, 1, 2])(
    '[MB16] logs that do not fit keep none of the others out, %i',
    async (at) => {
      const scene = await setupScene();
      const { history, alice, bob, carol } = scene;
      const all = [alice, bob, carol];
      const [speaker = alice] = all.splice(at, 1);
      for (const peer of all) {
        for (let i = 0; i < 130; i++) {
          history.say(peer, `${String(i)} ${'long '.repeat(190)}`);
          await history.world.run(1000);
        }
      }
      putBetween(scene, async (between) => {
        const { request } = between;
        if (request.t !== 'put') return honest(between);
        const runs = must(inspect(request.update, { bytesMax: limits.mailboxUpdateBytesMax }));
        const fitting = runs.filter(
          ({ envelopes }) => envelopes.reduce((sum, { bytes }) => sum + bytes.length, 0) < 20_000,
        );
        const reply = await honest({
          ...between,
          request: { ...request, update: encodeRuns(fitting) },
        });
        if (reply.t !== 'stored' || fitting.length === runs.length) return reply;
        return { ...reply, outcome: 'full' };
      });
      await history.world.run(60_000);
      for (const peer of all) await peer.crash();
      history.say(speaker, 'small');
      expect(await history.world.run(60_000, () => stateOf(speaker, 'small') === 'parked')).toBe(
        true,
      );
    },
  );
});
