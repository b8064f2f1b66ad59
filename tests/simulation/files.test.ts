import { describe, expect, test } from 'vitest';
import type { FileData, LinkView } from '../../src/core/api.ts';
import { fromHex } from '../../src/base/bytes.ts';
import { decodeBlobFrame, encodeBlobFrame } from '../../src/protocol/blobs/blob-frames.ts';
import { bytesFrom, plainFile } from '../support/files.ts';
import { stickerPicture } from '../support/stickers.ts';
import { FileGroup } from './files.ts';
import { conversationIdOf, personOf } from './members.ts';
import type { Internet } from './network.ts';
import type { Peer } from './peer.ts';

const add = (a: number, b: number): number => a + b;

const setup = async (seed = 3) => {
  const group = new FileGroup(seed);
  const [alice, bob, carol] = await group.begin();
  if (!alice || !bob || !carol) throw new Error('three peers');
  return { group, world: group.history.world, net: group.history.net, alice, bob, carol };
};

describe('a file', () => {
  test('[FT1] comes by itself when it is small, whole and as it was, to everybody', async () => {
    const { group, alice, bob, carol } = await setup();
    expect(await group.send(alice, 'a photo', { size: 300_000 })).toMatchObject({ ok: true });
    expect(await group.until([bob, carol], 'a photo', 'here')).toBe(true);
    expect(await group.read(bob, 'a photo')).toEqual(group.bytesByText.get('a photo'));
    expect(await group.read(carol, 'a photo')).toEqual(group.bytesByText.get('a photo'));
    await group.history.world.run(5000);
    expect(group.file(alice, 'a photo')?.state).toEqual({ kind: 'here', holderCount: 2 });
  });

  test('[WI5] counts for the connection that it goes over, at both ends', async () => {
    const { group, alice, bob, carol } = await setup();
    const bytesOf = async (peer: Peer) => {
      const links = await peer.do({ type: 'InspectLinks' });
      if (!links.ok) throw new Error(links.error);
      const sum = (count: (link: LinkView) => number) => links.value.map(count).reduce(add, 0);
      return { out: sum((link) => link.sentBytes), in: sum((link) => link.receivedBytes) };
    };
    await carol.crash();
    const before = { alice: await bytesOf(alice), bob: await bytesOf(bob) };
    await group.send(alice, 'a photo', { size: 300_000 });
    await group.until([bob], 'a photo', 'here');
    expect((await bytesOf(alice)).out - before.alice.out).toBeGreaterThan(300_000);
    expect((await bytesOf(bob)).in - before.bob.in).toBeGreaterThan(300_000);
    expect((await bytesOf(bob)).out - before.bob.out).toBeLessThan(100_000);
  });

  test('[WI4] is only here until another device has all of it, also while that is away', async () => {
    const { group, world, alice, bob, carol } = await setup();
    const onlyHere = (): number | undefined => alice.details?.safety.onlyHereFileCount;
    await world.run(5000);
    expect(onlyHere()).toBe(0);
    for (const peer of [bob, carol]) await peer.crash();
    await group.send(alice, 'a photo', { size: 300_000 });
    await group.send(alice, 'a film', { size: 1_500_000 });
    await world.run(5000);
    expect(onlyHere()).toBe(2);
    expect(bob.details?.safety.onlyHereFileCount ?? 0).toBe(0);
    bob.start();
    await group.history.reopen(bob);
    await group.until([bob], 'a photo', 'here');
    await world.run(5000);
    expect(alice.details?.safety).toMatchObject({ onlyHereCount: 0, onlyHereFileCount: 1 });
    await bob.crash();
    await alice.crash();
    alice.start();
    await group.history.reopen(alice);
    expect(await world.run(30_000, () => onlyHere() === 1)).toBe(true);
    // Who is no member any more gives nothing back to those who are.
    const conversationId = conversationIdOf(group.history, alice);
    await alice.do({ type: 'Remove', conversationId, personId: personOf(alice, 'bob').id });
    expect(await world.run(30_000, () => onlyHere() === 2)).toBe(true);
  });

  test('[FT2] that is large is fetched when it is asked for, and read in any range', async () => {
    const { group, world, alice, bob } = await setup();
    await group.send(alice, 'a film', { size: 1_500_000 });
    expect(await group.until([bob], 'a film', 'waiting for ask')).toBe(true);
    await world.run(30_000);
    expect(group.stateAt(bob, 'a film')).toBe('waiting for ask');
    expect((await bob.do({ type: 'FetchAttachment', ...group.named(bob, 'a film') })).ok).toBe(
      true,
    );
    expect(await group.until([bob], 'a film', 'here')).toBe(true);
    const bytes = group.bytesByText.get('a film');
    expect(await group.read(bob, 'a film')).toEqual(bytes);
    for (const [fromByte, byteCount] of [
      [65_530, 20],
      [1_499_990, 100],
      [1_500_000, 5],
      [9_000_000, 5],
    ] as const) {
      const range = { type: 'ReadAttachment', fromByte, byteCount } as const;
      const part = await bob.do({ ...range, ...group.named(bob, 'a film') });
      expect(part).toEqual({ ok: true, value: bytes?.slice(fromByte, fromByte + byteCount) });
    }
  });

  test('[FT3] comes from the others when who sent it has gone', async () => {
    const { group, world, alice, bob, carol } = await setup();
    await carol.crash();
    await group.send(alice, 'for all', { size: 400_000 });
    await group.until([bob], 'for all', 'here');
    await alice.crash();
    carol.start();
    await group.history.reopen(carol);
    expect(await group.until([carol], 'for all', 'here')).toBe(true);
    expect(await group.read(carol, 'for all')).toEqual(group.bytesByText.get('for all'));
    await world.run(1000);
  });

  test('[FT4] [row 47] that was half fetched goes on after a crash from where it was', async () => {
    const { group, world, net, alice, bob } = await setup();
    net.throttles.set('alice', 100_000);
    await group.send(alice, 'slowly', { size: 1_000_000 });
    await group.until([bob], 'slowly', 'fetching');
    await world.run(6000);
    const before = group.file(bob, 'slowly')?.state;
    expect(before).toMatchObject({ kind: 'fetching' });
    // The sender sees how far they are.
    const shared = { kind: 'here', holderCount: 0, sharedHundredths: expect.any(Number) as number };
    expect(group.file(alice, 'slowly')?.state).toEqual(shared);
    await bob.crash();
    const kept = bob.blobDisk.usedBytes;
    expect(kept).toBeGreaterThan(200_000);
    net.throttles.delete('alice');
    const sentBefore = blobBytes(net, 'alice');
    bob.start();
    await group.history.reopen(bob);
    expect(await group.until([bob], 'slowly', 'here')).toBe(true);
    expect(await group.read(bob, 'slowly')).toEqual(group.bytesByText.get('slowly'));
    expect(sentBefore()).toBeLessThan(1_000_000 - kept / 2);
  });

  test('[FT23] tells how far it has come a few times a second, and not with each chunk', async () => {
    const { group, world, net, alice, bob } = await setup();
    net.throttles.set('alice', 1_300_000); // some twenty chunks a second
    await group.send(alice, 'a film', { size: 6_000_000 });
    await group.until([bob], 'a film', 'waiting for ask');
    await world.run(5000);
    await bob.do({ type: 'FetchAttachment', ...group.named(bob, 'a film') });
    const before = [alice.stateCount, bob.stateCount] as const;
    await world.run(3000);
    expect(group.file(bob, 'a film')?.state).toMatchObject({ kind: 'fetching' });
    expect(bob.stateCount - before[1]).toBeGreaterThan(3); // it is told
    expect(bob.stateCount - before[1]).toBeLessThan(24);
    expect(alice.stateCount - before[0]).toBeLessThan(12);
  });

  test('[FT24] is asked for once its message is here, and shown once all of it is', async () => {
    const { group, world, alice, bob } = await setup();
    await group.send(alice, 'a photo', { size: 100_000 });
    expect(await world.run(5000, () => group.stateAt(bob, 'a photo') !== 'none')).toBe(true);
    const cameMs = world.nowMs;
    expect(await world.run(5000, () => group.stateAt(bob, 'a photo') === 'here')).toBe(true);
    expect(world.nowMs - cameMs).toBeLessThan(150); // two ways there and back, at 20 ms at most
  });

  test('[FT5] [row 48] from one who sends other bytes is found out at the chunk, and comes from another', async () => {
    const { group, world, net, alice, bob, carol } = await setup();
    await carol.crash();
    await group.send(alice, 'a map', { size: 500_000 });
    await group.until([bob], 'a map', 'here');
    await alice.crash(); // so that the liar is asked
    const lies = { count: 0 };
    net.arriving = (frame, { from, by }) => {
      const copy = frame.slice();
      if (by !== 'blob' || from !== 'bob' || frame.length < 60_000) return copy;
      lies.count += 1;
      copy[30_000] = (copy[30_000] ?? 0) ^ 1;
      return copy;
    };
    carol.start();
    await group.history.reopen(carol);
    expect(await world.run(60_000, () => lies.count > 0)).toBe(true);
    alice.start();
    await group.history.reopen(alice);
    expect(await group.until([carol], 'a map', 'here')).toBe(true);
    expect(await group.read(carol, 'a map')).toEqual(group.bytesByText.get('a map'));
    // Asked once for what fits in one question, and never again.
    expect(lies.count).toBeLessThanOrEqual(16);
  });

  test('[FT6] does not go through a relay but for its preview', async () => {
    const { group, world, net, alice, bob } = await setup();
    net.faults.relayedPercent = 100;
    net.forgetPaths();
    for (const peer of [alice, bob]) await peer.crash();
    for (const peer of [alice, bob]) peer.start();
    for (const peer of [alice, bob]) await group.history.reopen(peer);
    await world.run(10_000);
    const preview = Uint8Array.from({ length: 900 }, (_, at) => at & 0xff);
    await group.send(alice, 'a photo', { size: 300_000, preview });
    expect(await group.until([bob], 'a photo', 'waiting for direct-path')).toBe(true);
    await world.run(5000);
    const shown = await bob.do({ type: 'LoadPreview', ...group.named(bob, 'a photo') });
    expect(shown).toEqual({ ok: true, value: preview });
    expect(await group.read(bob, 'a photo')).toBe('not-ready');
    expect(bob.blobDisk.usedBytes).toBeLessThan(2000);
  });

  test('[FT7] [row 24] waits for space where the disk is full, and comes when there is some', async () => {
    const { group, alice, bob } = await setup();
    bob.blobDisk.capacityBytes = 150_000;
    await group.send(alice, 'too much', { size: 500_000 });
    expect(await group.until([bob], 'too much', 'waiting for space')).toBe(true);
    bob.blobDisk.capacityBytes = Infinity;
    expect(await group.until([bob], 'too much', 'here')).toBe(true);
    expect(await group.read(bob, 'too much')).toEqual(group.bytesByText.get('too much'));
  });

  test('[FT8] [row 23] for which there is no room is not sent, and leaves nothing', async () => {
    const { group, world, alice, bob } = await setup();
    alice.blobDisk.capacityBytes = 100_000;
    expect(await group.send(alice, 'never', { size: 300_000 })).toEqual({
      ok: false,
      error: 'disk-full',
    });
    await world.run(5000);
    expect(group.message(alice, 'never')).toBeUndefined();
    expect(group.message(bob, 'never')).toBeUndefined();
    expect(alice.blobDisk.files.size).toBe(0);
  });

  test('[FT9] is taken off this device, and can be fetched again while somebody has it', async () => {
    const { group, world, alice, bob } = await setup();
    const preview = new Uint8Array(500).fill(7);
    await group.send(alice, 'a photo', { size: 300_000, preview });
    await group.until([bob], 'a photo', 'here');
    await world.run(3000);
    expect((await bob.do({ type: 'FreeAttachment', ...group.named(bob, 'a photo') })).ok).toBe(
      true,
    );
    expect(await group.until([bob], 'a photo', 'waiting for ask')).toBe(true);
    expect(bob.blobDisk.usedBytes).toBeLessThan(2000);
    const shown = await bob.do({ type: 'LoadPreview', ...group.named(bob, 'a photo') });
    expect(shown).toEqual({ ok: true, value: preview });
    await world.run(3000);
    expect(group.file(alice, 'a photo')?.state).toEqual({ kind: 'here', holderCount: 1 });
    await bob.do({ type: 'FetchAttachment', ...group.named(bob, 'a photo') });
    expect(await group.until([bob], 'a photo', 'here')).toBe(true);
  });

  test('[FT21] who has it is still known after a restart with nobody there, and what they say since', async () => {
    const { group, world, net, alice, bob, carol } = await setup();
    await group.send(alice, 'a photo', { size: 100_000 });
    await group.until([bob, carol], 'a photo', 'here');
    await world.run(5000);
    const holdersAt = (count: number) => ({ kind: 'here', holderCount: count });
    net.partition([['alice'], ['bob', 'carol']]);
    await alice.crash();
    alice.start();
    await group.history.reopen(alice);
    await world.run(10_000);
    expect(group.file(alice, 'a photo')?.state).toEqual(holdersAt(2));
    await bob.do({ type: 'FreeAttachment', ...group.named(bob, 'a photo') });
    net.heal();
    const isHeard = (): boolean =>
      JSON.stringify(group.file(alice, 'a photo')?.state) === JSON.stringify(holdersAt(1));
    expect(await world.run(60_000, isHeard)).toBe(true);
  });

  test('[FT21] who was removed is not among those who have it', async () => {
    const { group, world, alice, bob, carol } = await setup();
    await group.send(alice, 'a photo', { size: 100_000 });
    await group.until([bob, carol], 'a photo', 'here');
    await world.run(5000);
    expect(group.file(alice, 'a photo')?.state).toEqual({ kind: 'here', holderCount: 2 });
    const removal = { type: 'Remove', conversationId: group.idOf(alice) } as const;
    await alice.do({ ...removal, personId: personOf(alice, 'bob').id });
    await world.run(5000);
    expect(group.file(alice, 'a photo')?.state).toEqual({ kind: 'here', holderCount: 1 });
  });

  test('[FT10] goes from every device when its message is deleted for everybody', async () => {
    const { group, world, alice, bob, carol } = await setup();
    await group.send(alice, 'a mistake', { size: 300_000 });
    await group.until([bob, carol], 'a mistake', 'here');
    await alice.do({
      type: 'DeleteMessages',
      conversationId: group.idOf(alice),
      keys: [group.message(alice, 'a mistake')?.key ?? ''],
      from: 'everyone',
    });
    await world.run(10_000);
    for (const { blobDisk } of [alice, bob, carol]) expect(blobDisk.files.size).toBe(0);
  });

  test('[FT11] goes with its conversation', async () => {
    const { group, world, alice, bob } = await setup();
    await group.send(alice, 'a photo', { size: 100_000 });
    await group.until([bob], 'a photo', 'here');
    await bob.do({ type: 'DeleteConversation', conversationId: group.idOf(bob) });
    await world.run(20_000);
    expect(bob.blobDisk.files.size).toBe(0);
    expect(alice.blobDisk.files.size).toBe(1);
  });

  test('[FT11] leaves nothing where its conversation is deleted while it is being sealed', async () => {
    const { group, world, alice } = await setup();
    const file = plainFile(bytesFrom(1, 3_000_000));
    const { promise: rest, resolve: readRest } = Promise.withResolvers<undefined>();
    const slice: FileData['slice'] = (from, to) => {
      const part = file.data.slice(from, to);
      return {
        ...part,
        arrayBuffer: async () => {
          if (from > 0) await rest;
          return part.arrayBuffer();
        },
      };
    };
    const conversationId = group.idOf(alice);
    const attachments = [{ ...file, data: { ...file.data, slice } }];
    const sent = alice.execute({ type: 'SendMessage', text: 'lost', attachments, conversationId });
    await world.run(5000, () => alice.blobDisk.usedBytes > 0);
    expect((await alice.do({ type: 'DeleteConversation', conversationId })).ok).toBe(true);
    await world.run(20_000);
    readRest(undefined);
    await world.run(20_000);
    expect((await sent).ok).toBe(false);
    expect(alice.blobDisk.files.size).toBe(0);
  });

  test('[FT12] is not given to who was removed', async () => {
    const { group, world, net, alice, bob, carol } = await setup();
    net.partition([['alice', 'bob'], ['carol']]);
    await group.send(alice, 'ours', { size: 200_000 });
    await group.until([bob], 'ours', 'here');
    const person = alice.details?.members.find((member) => member.person.name === 'carol')?.person;
    await alice.do({
      type: 'Remove',
      conversationId: group.idOf(alice),
      personId: person?.id ?? '',
    });
    net.heal();
    await world.run(60_000);
    expect(carol.blobDisk.usedBytes).toBe(0);
  });

  test('[FT12] is not given to who was removed and asks all the same, over the link of before', async () => {
    const { group, world, net, alice, bob, carol } = await setup();
    await group.send(alice, 'a film', { size: 1_500_000 });
    const mailboxes: Uint8Array[] = [];
    const given = { count: 0 };
    net.arriving = (frame, { from, to, by }) => {
      const decoded = by === 'blob' ? decodeBlobFrame(frame) : undefined;
      if (decoded?.ok === true && from === 'carol') mailboxes.push(decoded.value.mailbox);
      const isChunk = decoded?.ok === true && decoded.value.t === 'chunk';
      if (isChunk && from === 'alice' && to === 'carol') given.count += 1;
      return frame.slice();
    };
    await group.until([bob, carol], 'a film', 'waiting for ask');
    const ask = async (): Promise<number> => {
      const link = carol.network?.linkTo('alice');
      const [mailbox] = mailboxes;
      const id = fromHex(group.file(alice, 'a film')?.id ?? '');
      if (link === undefined || mailbox === undefined || !id.ok) throw new Error('no way to ask');
      const before = given.count;
      const want = encodeBlobFrame({ t: 'want', mailbox, id: id.value, slots: [0, 1] });
      await carol.network?.sendBlob(link, want);
      await world.run(2000);
      return given.count - before;
    };
    expect(await ask()).toBe(2);
    const person = alice.details?.members.find((member) => member.person.name === 'carol')?.person;
    const removal = { type: 'Remove', personId: person?.id ?? '' } as const;
    await alice.do({ ...removal, conversationId: group.idOf(alice) });
    expect(await ask()).toBe(0);
  });

  test('[FT13] [row 18] that was being sealed when the program ended leaves nothing', async () => {
    const { group, world, alice } = await setup();
    const bytes = plainFile(bytesFrom(1, 3_000_000));
    const sending = { type: 'SendMessage', text: 'lost', attachments: [bytes] } as const;
    void alice.execute({ ...sending, conversationId: group.idOf(alice) });
    await world.run(0, () => alice.blobDisk.usedBytes > 0);
    await alice.crash();
    alice.start();
    await group.history.reopen(alice);
    await world.run(10_000);
    const isSent = group.message(alice, 'lost') !== undefined;
    expect(alice.blobDisk.files.size).toBe(isSent ? 1 : 0);
  });

  test('[FT15] goes elsewhere under a key of its own, and back here under the same', async () => {
    const { group, world, alice, bob } = await setup();
    await group.send(alice, 'a photo', { size: 200_000, preview: new Uint8Array(300).fill(1) });
    await group.until([bob], 'a photo', 'here');
    const self = bob.state?.conversations.find(({ kind }) => kind === 'self')?.id ?? '';
    const { conversationId, key, attachmentId } = group.named(bob, 'a photo');
    const forward = { type: 'Forward', conversationId, keys: [key] } as const;
    expect(await bob.do({ ...forward, to: [self, conversationId] })).toMatchObject({ ok: true });
    await world.run(3000);
    expect(bob.blobDisk.files.size).toBe(2);
    const again = bob.messages.filter(({ text }) => text === 'a photo');
    expect(again.map(({ attachments }) => attachments[0]?.id)).toEqual([
      attachmentId,
      attachmentId,
    ]);
    await bob.open(self);
    await world.run(1000);
    const copy = bob.messages.find(({ text }) => text === 'a photo')?.attachments[0];
    expect(copy?.state.kind).toBe('here');
    expect(copy?.id).not.toBe(attachmentId);
    const read = await bob.do({
      type: 'ReadAttachment',
      conversationId: self,
      key: bob.messages.find(({ text }) => text === 'a photo')?.key ?? '',
      attachmentId: copy?.id ?? '',
      fromByte: 0,
      byteCount: 200_000,
    });
    expect(read).toEqual({ ok: true, value: group.bytesByText.get('a photo') });
  });

  test('[FT15] that is not here is named again here, and goes nowhere else', async () => {
    const { group, world, alice, bob } = await setup();
    await group.send(alice, 'a film', { size: 1_500_000 });
    expect(await group.until([bob], 'a film', 'waiting for ask')).toBe(true);
    const self = bob.state?.conversations.find(({ kind }) => kind === 'self')?.id ?? '';
    const { conversationId, key } = group.named(bob, 'a film');
    const forward = { type: 'Forward', conversationId, keys: [key] } as const;
    expect(await bob.do({ ...forward, to: [conversationId, self] })).toEqual({
      ok: false,
      error: 'file-not-here',
    });
    await world.run(1000);
    const films = () => bob.messages.filter(({ text }) => text === 'a film');
    expect(films()).toHaveLength(1); // all or nothing
    expect(await bob.do({ ...forward, to: [conversationId] })).toMatchObject({ ok: true });
    await world.run(3000);
    const [first, second] = films().map(({ attachments }) => attachments[0]?.id);
    expect(second).toBe(first);
    // It lives as long as one message names it.
    await bob.do({ type: 'FetchAttachment', ...group.named(bob, 'a film') });
    expect(await group.until([bob], 'a film', 'here')).toBe(true);
    await bob.do({ type: 'DeleteMessages', conversationId, keys: [key], from: 'here' });
    await world.run(5000);
    expect(group.stateAt(bob, 'a film')).toBe('here');
    const left = films().map((message) => message.key);
    await bob.do({ type: 'DeleteMessages', conversationId, keys: left, from: 'here' });
    await world.run(5000);
    expect(bob.blobDisk.files.size).toBe(0);
  });

  test('[FT10] goes with a message that disappears, from all who had it', async () => {
    const { group, world, alice, bob, carol } = await setup();
    const minuteMs = 60_000;
    const conversationId = group.idOf(alice);
    await alice.do({ type: 'SetTimer', conversationId, timerMs: minuteMs });
    await world.run(3000);
    await group.send(alice, 'for a minute', { size: 200_000 });
    expect(await group.until([bob, carol], 'for a minute', 'here')).toBe(true);
    for (const peer of [bob, carol]) {
      await peer.do({ type: 'MarkRead', conversationId: group.idOf(peer) });
    }
    await world.run(5 * minuteMs);
    expect(group.message(bob, 'for a minute')).toBeUndefined();
    for (const { blobDisk } of [alice, bob, carol]) expect(blobDisk.files.size).toBe(0);
  });

  test('[FT8] is refused where what is written of it does not fit, forwarded or not', async () => {
    const { group, world, alice, bob } = await setup();
    await group.send(alice, 'a photo', { size: 200_000 });
    expect(await group.until([bob], 'a photo', 'here')).toBe(true);
    const self = bob.state?.conversations.find(({ kind }) => kind === 'self')?.id ?? '';
    const { conversationId, key } = group.named(bob, 'a photo');
    const forward = { type: 'Forward', conversationId, keys: [key], to: [self] } as const;
    const files = bob.blobDisk.files.size;
    bob.blobDisk.capacityBytes = bob.blobDisk.usedBytes + 1000;
    expect(await bob.do(forward)).toMatchObject({ ok: false, error: 'disk-full' });
    bob.blobDisk.capacityBytes = Infinity;
    bob.disk.faults.capacityBytes = 0;
    expect(await bob.do(forward)).toMatchObject({ ok: false, error: 'disk-full' });
    expect(await group.send(bob, 'mine', { size: 100_000 })).toMatchObject({ error: 'disk-full' });
    expect(
      await bob.do({
        type: 'SavePack',
        name: 'P',
        stickers: [{ word: 'w', picture: stickerPicture(1) }],
      }),
    ).toMatchObject({ ok: false, error: 'disk-full' });
    expect(bob.blobDisk.files.size).toBe(files);
    bob.disk.faults.capacityBytes = Infinity;
    await world.run(60_000);
    expect(group.message(bob, 'mine')).toBeUndefined();
    expect(await bob.do(forward)).toMatchObject({ ok: true });
  });

  test('[FT14] that lies damaged on disk is noticed when it is read, and fetched again', async () => {
    const { group, world, alice, bob } = await setup();
    await group.send(alice, 'a photo', { size: 300_000 });
    await group.until([bob], 'a photo', 'here');
    for (const slots of bob.blobDisk.files.values()) slots.get(2)?.fill(0, 100, 200);
    expect(await group.read(bob, 'a photo')).toBe('not-ready');
    expect(await group.until([bob], 'a photo', 'here')).toBe(true);
    await world.run(1000);
    expect(await group.read(bob, 'a photo')).toEqual(group.bytesByText.get('a photo'));
  });
});

/** Bytes of files that a device sends from now on. */
const blobBytes = (net: Internet, name: string): (() => number) => {
  let bytes = 0;
  const { arriving } = net;
  net.arriving = (frame, way) => {
    if (way.by === 'blob' && way.from === name) bytes += frame.length;
    return arriving(frame, way);
  };
  return () => bytes;
};
