/** What comes to a device by itself, as its person chose it. */
import { expect, test } from 'vitest';
import type { FetchRules } from '../../src/core/api.ts';
import { usualFetching } from '../../src/core/vault/fetch-rules.ts';
import { FileGroup } from './files.ts';
import type { Peer } from './peer.ts';

const { rules } = usualFetching;

const setup = async () => {
  const group = new FileGroup(5, { peers: 2 });
  const [alice, bob] = await group.begin();
  if (!alice || !bob) throw new Error('two peers');
  const choose = (own: FetchRules | undefined) =>
    bob.do({ type: 'SetFetchRules', conversationId: group.idOf(bob), rules: own });
  return { group, world: group.history.world, alice, bob, choose };
};

const again = async (group: FileGroup, peer: Peer): Promise<void> => {
  await peer.crash();
  peer.start();
  await group.history.reopen(peer);
};

test('[FR1] rules of one conversation go before those of all, and both last', async () => {
  const { group, alice, bob, choose } = await setup();
  await choose({ ...rules, kinds: ['file'], sizeBytesMax: 50_000 });
  await bob.do({
    type: 'SetFetching',
    fetching: { rules: { ...rules, kinds: ['video'] }, treatAsMetered: false },
  });
  await again(group, bob);
  await group.send(alice, 'a plan', { size: 40_000 });
  await group.send(alice, 'a book', { size: 60_000 });
  expect(await group.until([bob], 'a plan', 'here')).toBe(true);
  expect(await group.until([bob], 'a book', 'waiting for ask')).toBe(true);
  expect(bob.state?.fetching.rules.kinds).toEqual(['video']);
  expect(bob.details?.fetchRules).toEqual({ ...rules, kinds: ['file'], sizeBytesMax: 50_000 });

  await choose(undefined);
  await group.send(alice, 'a note', { size: 1000 });
  expect(await group.until([bob], 'a note', 'waiting for ask')).toBe(true);
});

test('[FR1] what is no rule is refused', async () => {
  const { bob, choose } = await setup();
  expect(await choose({ ...rules, sizeBytesMax: -1 })).toEqual({ ok: false, error: 'not-allowed' });
  expect(bob.details?.fetchRules).toBeUndefined();
});

test('[FR2] over a metered connection nothing comes by itself, and comes once it is none', async () => {
  const { group, alice, bob } = await setup();
  bob.network?.setMetered(true);
  await group.send(alice, 'a photo', { size: 100_000 });
  expect(await group.until([bob], 'a photo', 'waiting for ask')).toBe(true);
  await group.history.world.run(10_000);
  expect(group.stateAt(bob, 'a photo')).toBe('waiting for ask');
  expect(bob.state?.fetching.isMetered).toBe(true);
  bob.network?.setMetered(false);
  expect(await group.until([bob], 'a photo', 'here')).toBe(true);
});

test('[FR2] a person can say that it is metered, and that files come all the same', async () => {
  const { group, world, alice, bob, choose } = await setup();
  await bob.do({ type: 'SetFetching', fetching: { rules, treatAsMetered: true } });
  await group.send(alice, 'a photo', { size: 100_000 });
  expect(await group.until([bob], 'a photo', 'waiting for ask')).toBe(true);
  await world.run(5000);
  expect(group.stateAt(bob, 'a photo')).toBe('waiting for ask');
  await choose({ ...rules, onMetered: true });
  expect(await group.until([bob], 'a photo', 'here')).toBe(true);
});
