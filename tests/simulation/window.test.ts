/** The window of the open timeline (src/core/conversation/views/timeline-windowing.ts) over a real conversation. */
import { expect, test, vi } from 'vitest';
import { Erasing } from '../../src/core/conversation/erasing.ts';
import { Opening } from '../../src/core/conversation/opening.ts';
import { valueOf } from '../unit/protocol/fixtures.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { directId, introduce } from './workload.ts';
import { World } from './world.ts';

const count = 600;

/** What is on the screen of one who wrote a lot to themselves, and what was told last. */
const setup = async (seed: number) => {
  const world = new World(seed);
  const alice = new Peer(new Internet(world, noFaults), 'alice');
  alice.start();
  await world.run(60_000, () => alice.state?.phase === 'first-run');
  const { conversationId } = valueOf(await alice.do({ type: 'CreateIdentity', name: 'alice' }));
  const say = async (text: string): Promise<void> => {
    await alice.do({ type: 'SendMessage', conversationId, text });
    await world.run(1000);
  };
  const sent = Array.from({ length: count }, (_, i) =>
    alice.execute({ type: 'SendMessage', conversationId, text: String(i) }),
  );
  await world.run(60_000);
  const keys = (await Promise.all(sent)).map((one) => valueOf(one).key);
  await alice.open(conversationId);
  const shown = (): readonly [
    first: string | undefined,
    last: string | undefined,
    count: number,
  ] => {
    const { texts } = alice;
    const bare = (text: string | undefined) => text?.replace('alice: ', '');
    return [bare(texts[0]), bare(texts.at(-1)), texts.length];
  };
  const move = (type: 'ShowEarlier' | 'ShowLater' | 'ShowLatest') =>
    alice.do({ type, conversationId });
  return { alice, world, conversationId, keys, told: alice.splices, shown, move, say };
};

test('[TW1, TW2] a window slides over the conversation and tells only what comes and goes', async () => {
  const { alice, told, shown, move, say } = await setup(1301);
  expect(shown()).toEqual(['540', '599', 60]);
  for (let i = 0; i < 9; i++) await move('ShowEarlier');
  expect(shown()).toEqual(['360', '599', 240]);
  told.length = 0;
  await move('ShowEarlier');
  expect(shown()).toEqual(['340', '579', 240]);
  expect(told.map(({ at, removedCount, inserted }) => [at, removedCount, inserted.length])).toEqual(
    [
      [0, 0, 20],
      [240, 20, 0],
    ],
  );
  told.length = 0;
  await say('new');
  expect(shown()).toEqual(['340', '579', 240]);
  expect(told.at(-1)).toMatchObject({ removedCount: 0, inserted: [], laterCount: 21 });
  await move('ShowLater');
  expect(shown()).toEqual(['360', '599', 240]);
  await move('ShowLater');
  expect(shown()).toEqual(['361', 'new', 240]);
  await say('newer'); // its end is in the window again
  expect(shown()).toEqual(['361', 'newer', 241]);
  await move('ShowLatest');
  expect(shown()).toEqual(['542', 'newer', 60]);
  expect(alice.heldCount).toBe(count + 3); // with the line that says who began it
});

test('[TW3] a message is shown with those around it, at once or as the timeline opens', async () => {
  const { alice, conversationId, keys, shown, move } = await setup(1302);
  const key = keys[150] ?? '';
  expect((await alice.do({ type: 'ShowAround', conversationId, key })).ok).toBe(true);
  expect(shown()).toEqual(['120', '179', 60]);
  expect(await alice.do({ type: 'ShowAround', conversationId, key: 'nobody/00' })).toEqual({
    ok: false,
    error: 'unknown-message',
  });
  await move('ShowLatest');
  expect(shown()).toEqual(['540', '599', 60]);
  await alice.do({ type: 'OpenTimeline', conversationId, key });
  expect(shown()).toEqual(['120', '179', 60]);
  await alice.do({ type: 'DeleteMessages', conversationId, keys: [key], from: 'here' });
  expect(shown()).toEqual(['120', '179', 59]);
});

test('[TW2] what comes in late above the window moves nothing in it', async () => {
  const world = new World(1303);
  const net = new Internet(world, noFaults);
  const alice = new Peer(net, 'alice');
  const bob = new Peer(net, 'bob');
  await introduce(world, alice, bob);
  const sayMany = async (peer: Peer, count: number): Promise<ReadonlyArray<string>> => {
    const conversationId = directId(peer);
    const sent = Array.from({ length: count }, (_, i) =>
      peer.execute({ type: 'SendMessage', conversationId, text: String(i) }),
    );
    await world.run(10_000);
    return (await Promise.all(sent)).map((one) => valueOf(one).key);
  };
  net.partition([['alice'], ['bob']]);
  await sayMany(alice, 60);
  const keys = await sayMany(bob, 300);
  const conversationId = directId(bob);
  await bob.open(conversationId);
  await bob.do({ type: 'ShowAround', conversationId, key: keys[150] ?? '' });
  const before = bob.texts;
  expect(before).toHaveLength(60);
  net.heal();
  await world.run(60_000, () => bob.heldCount > 360);
  await world.run(5000);
  expect(bob.heldCount).toBeGreaterThan(360);
  expect(bob.texts).toEqual(before);
});

test('[TW3] what broke while it was read is not waited for without end', async () => {
  const { alice, world, conversationId } = await setup(1304);
  await alice.crash();
  const begin = vi.spyOn(Erasing.prototype, 'begin').mockRejectedValue(new Error('an invariant'));
  const { more } = Opening.prototype;
  let waited = 0;
  const wait = vi.spyOn(Opening.prototype, 'more').mockImplementation(async function (
    this: Opening,
  ) {
    waited += 1;
    expect(waited).toBeLessThan(100);
    await more.call(this);
  });
  alice.start();
  await world.run(5000);
  await alice.open(conversationId);
  const asked = alice.execute({ type: 'ShowAround', conversationId, key: 'nobody/00' });
  await world.run(1000);
  expect(await asked).toBeDefined();
  expect(alice.state?.conversations[0]?.failure).toBeDefined();
  begin.mockRestore();
  wait.mockRestore();
});
