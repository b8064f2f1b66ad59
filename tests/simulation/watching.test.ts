/** A film that is watched while it comes. */
import { expect, test } from 'vitest';
import { usualFetching } from '../../src/core/vault/fetch-rules.ts';
import { limits } from '../../src/protocol/limits.ts';
import { FileGroup } from './files.ts';

const size = 600_000;

const setup = async () => {
  const group = new FileGroup(9, { peers: 2 });
  const [alice, bob] = await group.begin();
  if (!alice || !bob) throw new Error('two peers');
  const rules = { ...usualFetching.rules, kinds: [] };
  await bob.do({ type: 'SetFetchRules', conversationId: group.idOf(bob), rules });
  group.history.net.throttles.set('alice', 100_000);
  await group.send(alice, 'a film', { size });
  await group.until([bob], 'a film', 'waiting for ask');
  const read = (fromByte: number) =>
    bob.do({
      type: 'ReadAttachment',
      ...group.named(bob, 'a film'),
      fromByte,
      byteCount: 1000,
      isAhead: true,
    });
  const part = (fromByte: number) => ({
    ok: true,
    value: group.bytesByText.get('a film')?.slice(fromByte, fromByte + 1000),
  });
  return { group, world: group.history.world, alice, bob, read, part };
};

test('[VS1] what is looked at comes, and nothing else of what was not asked for', async () => {
  const { group, bob, read, part } = await setup();
  expect(await read(size - 900)).toEqual(part(size - 900));
  expect(group.file(bob, 'a film')?.state).toMatchObject({ kind: 'waiting', for: 'ask' });
  expect(bob.blobDisk.usedBytes).toBeLessThan(3 * limits.chunkBytes);
});

test('[VS1] while all of it comes, what is looked at comes first', async () => {
  const { group, bob, read, part } = await setup();
  await bob.do({ type: 'FetchAttachment', ...group.named(bob, 'a film') });
  expect(await read(size - 900)).toEqual(part(size - 900));
  expect(group.stateAt(bob, 'a film')).toBe('fetching');
  expect(await group.until([bob], 'a film', 'here')).toBe(true);
});

test('[VS1] what nobody here has is not waited for without end', async () => {
  const { alice, read } = await setup();
  await alice.crash();
  expect(await read(0)).toEqual({ ok: false, error: 'not-ready' });
});
