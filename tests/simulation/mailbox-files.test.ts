/** Files of people who are never there at the same time. */
import { describe, expect, test } from 'vitest';
import type { NewAttachment } from '../../src/core/api.ts';
import { decodeChunkReply, encodeChunkReply } from '../../src/protocol/mailbox-chunks.ts';
import { limits } from '../../src/protocol/limits.ts';
import { bytesFrom, plainFile } from '../support/files.ts';
import type { Mailbox } from '../../relay/mailbox/mailbox.ts';
import { createMemoryMailbox } from '../support/memory-mailbox.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { World } from './world.ts';
import { introduce } from './workload.ts';

const photo = bytesFrom(9, 200_000);
const preview = bytesFrom(10, 900);

const setup = async (seed: number) => {
  const world = new World(seed);
  const net = new Internet(world, { ...noFaults });
  const mailbox = createMemoryMailbox({ now: () => world.nowMs, backend: world.backend });
  net.mailbox = mailbox;
  const alice = new Peer(net, 'alice');
  const bob = new Peer(net, 'bob');
  const ids = await introduce(world, alice, bob);
  const idOf = (peer: Peer): string => (peer === alice ? ids.alice : ids.bob);
  const comeBack = async (peer: Peer): Promise<void> => {
    peer.start();
    const isThere = (): boolean =>
      peer.state?.conversations.some(({ id }) => id === idOf(peer)) === true;
    await world.run(30_000, isThere);
    await peer.open(idOf(peer));
  };
  const send = async (bytes: Uint8Array, more: Partial<NewAttachment> = {}): Promise<void> => {
    const attachments = [plainFile(bytes, more)];
    const sent = await alice.do({
      ...{ type: 'SendMessage', text: 'a photo', attachments },
      conversationId: ids.alice,
    });
    expect(sent.ok).toBe(true);
  };
  const fileAt = (peer: Peer) =>
    peer.messages.find(({ text }) => text === 'a photo')?.attachments[0];
  const named = (peer: Peer) => ({
    conversationId: idOf(peer),
    key: peer.messages.find(({ text }) => text === 'a photo')?.key ?? '',
    attachmentId: fileAt(peer)?.id ?? '',
  });
  await alice.open(ids.alice);
  await bob.open(ids.bob);
  return { world, net, mailbox, alice, bob, ids, comeBack, send, fileAt, named };
};

/** Over a line on which each answer takes a second. */
const slowly = (world: World, mailbox: Mailbox): NonNullable<Internet['mailbox']> => ({
  status: mailbox.status,
  answer: async (request, from) => {
    await new Promise<void>((resolve) => {
      world.schedule(1000, resolve);
    });
    return mailbox.answer(request, from);
  },
});

describe('a small file for who is away', () => {
  test('[MB21] [MB24] comes through the mailbox, also after a crash before it was left there', async () => {
    const { world, mailbox, alice, bob, comeBack, send, fileAt, named } = await setup(71);
    await bob.crash();
    await send(photo, { preview });
    await alice.crash();
    expect(mailbox.status.bytes).toBeLessThan(photo.length);
    await comeBack(alice);
    expect(await world.run(60_000, () => mailbox.status.bytes > photo.length)).toBe(true);
    await world.run(5000);
    await alice.crash();
    await comeBack(bob);
    expect(await world.run(60_000, () => fileAt(bob)?.state.kind === 'here')).toBe(true);
    const range = { type: 'ReadAttachment', fromByte: 0, byteCount: photo.length } as const;
    expect(await bob.do({ ...range, ...named(bob) })).toEqual({ ok: true, value: photo });
    const shown = await bob.do({ type: 'LoadPreview', ...named(bob) });
    expect(shown).toEqual({ ok: true, value: preview });
  });

  test('[MB27] is said to come from the mailbox while it does, and only then', async () => {
    const { world, net, mailbox, alice, bob, comeBack, send, fileAt } = await setup(75);
    await bob.crash();
    const large = bytesFrom(11, 900_000);
    await send(large);
    expect(await world.run(90_000, () => mailbox.status.bytes > large.length)).toBe(true);
    await alice.crash();
    net.mailbox = slowly(world, mailbox);
    await comeBack(bob);
    const told: unknown[] = [];
    const note = (): boolean => {
      const state = fileAt(bob)?.state;
      if (state !== undefined) told.push(state);
      return state?.kind === 'here';
    };
    expect(await world.run(60_000, note)).toBe(true);
    expect(told[0]).toEqual({ kind: 'waiting', doneBytes: 0, for: 'holder' });
    const coming = { kind: 'fetching', fromCount: 0, isFromMailbox: true } as const;
    expect(told).toContainEqual({ ...coming, doneBytes: 4 * 65_536 });
    expect(told.at(-1)).toEqual({ kind: 'here', holderCount: 0 });
  });

  test('[WI4] is safe in the mailbox for as long as that keeps it, a large one is not', async () => {
    const { world, alice, bob, mailbox, send, comeBack } = await setup(77);
    const onlyHere = (): number | undefined => alice.details?.safety.onlyHereFileCount;
    await bob.crash();
    await send(photo);
    await world.run(1000);
    expect(onlyHere()).toBe(1);
    expect(await world.run(60_000, () => mailbox.status.bytes > photo.length)).toBe(true);
    expect(await world.run(5000, () => onlyHere() === 0)).toBe(true);
    await alice.crash();
    await comeBack(alice);
    expect(await world.run(10_000, () => onlyHere() === 0)).toBe(true);
    await alice.crash();
    alice.skewMs += limits.mailboxChunkLifeMs;
    await comeBack(alice);
    expect(await world.run(10_000, () => onlyHere() === 1)).toBe(true);
    const before = mailbox.status.bytes;
    await send(bytesFrom(12, limits.mailboxFileBytesMax + 1), { preview });
    expect(await world.run(60_000, () => mailbox.status.bytes > before + preview.length)).toBe(
      true,
    );
    await world.run(5000);
    expect(onlyHere()).toBe(2);
  });

  test('[MB21] is not left where everybody has it', async () => {
    const { world, mailbox, bob, send, fileAt } = await setup(72);
    await send(photo);
    expect(await world.run(60_000, () => fileAt(bob)?.state.kind === 'here')).toBe(true);
    await world.run(10 * 60_000);
    expect(mailbox.status.bytes).toBeLessThan(photo.length);
  });

  test('[MB23] is taken back when its message is deleted for everybody', async () => {
    const { world, mailbox, alice, bob, ids, send, named } = await setup(73);
    await bob.crash();
    await send(photo);
    expect(await world.run(60_000, () => mailbox.status.bytes > photo.length)).toBe(true);
    const deletion = {
      type: 'DeleteMessages',
      keys: [named(alice).key],
      from: 'everyone',
    } as const;
    await alice.do({ ...deletion, conversationId: ids.alice });
    await world.run(30_000);
    expect(mailbox.status.bytes).toBeLessThan(photo.length);
  });

  test('[MB24] that a mailbox changed is not taken from it, and comes from who has it', async () => {
    const { world, net, mailbox, alice, bob, comeBack, send, fileAt } = await setup(74);
    let lieCount = 0;
    const answer = async (request: Uint8Array, from: string): Promise<Uint8Array> => {
      const honest = await mailbox.answer(request, from);
      const reply = decodeChunkReply(honest);
      if (!reply.ok || reply.value.t !== 'chunks') return honest;
      lieCount += 1;
      return encodeChunkReply({ t: 'chunks', chunks: reply.value.chunks.map((c) => c.fill(7)) });
    };
    await bob.crash();
    await send(photo);
    await world.run(60_000, () => mailbox.status.bytes > photo.length);
    await alice.crash();
    net.mailbox = {
      answer,
      get status() {
        return mailbox.status;
      },
    };
    await comeBack(bob);
    await world.run(10 * 60_000);
    expect(lieCount).toBeGreaterThan(0);
    expect(lieCount).toBeLessThan(10);
    expect(fileAt(bob)?.state).toMatchObject({ kind: 'waiting', doneBytes: 0 });
    await comeBack(alice);
    expect(await world.run(60_000, () => fileAt(bob)?.state.kind === 'here')).toBe(true);
  });
});
