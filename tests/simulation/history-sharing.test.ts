import { describe, expect, test } from 'vitest';
import type { SharedHistory } from '../../src/core/api.ts';
import type { CborValue } from '../../src/protocol/cbor.ts';
import { decodeEnvelope, entryHash, type Envelope } from '../../src/protocol/envelope.ts';
import { openEnvelope } from '../../src/protocol/envelope-box.ts';
import { chainKey, deriveEpochKeys, ratchet } from '../../src/protocol/epochs/epoch-keys.ts';
import { decodeSyncFrame, encodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import { limits } from '../../src/protocol/limits.ts';
import { inspect } from '../../src/replication/inspect.ts';
import { equalBytes, toHex } from '../../src/base/bytes.ts';
import { bytesIn, fieldOf, openedRecords } from '../support/opened-disk.ts';
import { Internet, noFaults, type Way } from './network.ts';
import { Peer } from './peer.ts';
import { begin, groupId } from './workload.ts';
import { World } from './world.ts';

const envelopesIn = (frame: Uint8Array, { by }: Way): ReadonlyArray<Envelope> => {
  if (by === 'gossip') {
    const envelope = decodeEnvelope(frame);
    return envelope.ok ? [envelope.value] : [];
  }
  const decoded = decodeSyncFrame(frame);
  if (!decoded.ok || decoded.value.t !== 'update') return [];
  const runs = inspect(decoded.value.update, { bytesMax: limits.syncFrameBytesMax });
  return runs.ok ? runs.value.flatMap(({ envelopes }) => envelopes) : [];
};

/** A secret that a member hands over. */
const isSeal = (frame: Uint8Array, { by }: Way): boolean => {
  const decoded = by === 'link' ? decodeSyncFrame(frame) : undefined;
  return decoded?.ok === true && decoded.value.t === 'seal';
};

const nothing = encodeSyncFrame({ t: 'vector', epochs: [] });

const readEpochRecord = (
  value: CborValue,
): { readonly id: Uint8Array; readonly secret: Uint8Array } | undefined => {
  const [id, secret] = ['epochId', 'secret'].map((name) => fieldOf(value, name));
  return id && secret && { id, secret };
};

/**
 * How many of these entries open with any 32 bytes in some records, to an attacker who knows beside
 * them what all members know: which epochs there are and whose devices.
 */
const openedWith = (
  records: ReadonlyArray<CborValue>,
  known: ReadonlyArray<CborValue>,
  envelopes: ReadonlyArray<Envelope>,
): number => {
  const opened = new Set<string>();
  const candidates = new Map(
    records.flatMap((value) => bytesIn(value, 32)).map((bytes) => [toHex(bytes), bytes]),
  );
  const devices = known.flatMap((value) => fieldOf(value, 'devSignPub') ?? []);
  for (const epoch of known.flatMap((value) => readEpochRecord(value) ?? [])) {
    const { mailbox16 } = deriveEpochKeys(epoch.id, epoch.secret);
    const own = envelopes.filter(({ mailbox }) => equalBytes(mailbox, mailbox16));
    const seqMax = Math.max(0, ...own.map(({ seq }) => seq));
    for (const secret of candidates.values()) {
      for (const devSignPub of devices) {
        let chain = chainKey({ epochId: epoch.id, secret, devSignPub, incarnation: 0 });
        for (let seq = 1; seq <= seqMax; seq++) {
          const { messageKey, next } = ratchet(chain, seq);
          for (const envelope of own.filter((other) => other.seq === seq)) {
            if (openEnvelope(envelope, messageKey).ok) opened.add(toHex(entryHash(envelope)));
          }
          chain = next;
        }
      }
    }
  }
  return opened.size;
};

/** A group of Alice and Bob with ten messages, and people who come later. */
const setup = async (seed: number) => {
  const world = new World(seed);
  const net = new Internet(world, noFaults);
  const peers = ['alice', 'bob', 'carol', 'dave'].map((name) => new Peer(net, name));
  const [alice, bob, carol, dave] = peers;
  if (!alice || !bob || !carol || !dave) throw new Error('four peers');
  const before: Envelope[] = [];
  net.arriving = (frame, way) => {
    before.push(...envelopesIn(frame, way));
    return frame.slice();
  };
  for (const peer of peers) await begin(peer);
  const created = await alice.do({ type: 'CreateGroup', name: 'garden' });
  if (!created.ok) throw new Error(created.error);
  const target = { kind: 'conversation', conversationId: created.value.conversationId } as const;
  const linkFor = async (isOpen: boolean, history: SharedHistory): Promise<string> => {
    const invite = await alice.do({ type: 'PrepareInvite', target, isOpen, history });
    if (!invite.ok) throw new Error(invite.error);
    expect(invite.value.history).toBe(history);
    return invite.value.link;
  };
  const hasJoined = (peer: Peer): boolean =>
    peer.state?.conversations.some(({ kind }) => kind === 'group') === true;
  /** Follows the link and is in; whoever must say yes does. */
  const join = async (peer: Peer, link: string): Promise<void> => {
    await peer.do({ type: 'Join', link });
    const isSettled = (): boolean => hasJoined(peer) || (alice.state?.requests.length ?? 0) > 0;
    expect(await world.run(60_000, isSettled)).toBe(true);
    const request = alice.state?.requests[0];
    if (request !== undefined) {
      void alice.execute({ type: 'Decide', requestId: request.requestId, isApproved: true });
    }
    expect(await world.run(60_000, () => hasJoined(peer))).toBe(true);
    await peer.open(groupId(peer));
  };
  const say = async (peer: Peer, texts: ReadonlyArray<string>): Promise<void> => {
    for (const text of texts) {
      await peer.do({ type: 'SendMessage', conversationId: groupId(peer), text });
      await world.run(500);
    }
  };
  await join(bob, await linkFor(false, 'none'));
  await alice.open(groupId(alice));
  await say(alice, ['a0', 'a1', 'a2', 'a3', 'a4']);
  await say(bob, ['b0', 'b1', 'b2', 'b3', 'b4']);
  expect(await world.run(60_000, () => alice.texts.length === 10 && bob.texts.length === 10)).toBe(
    true,
  );
  net.arriving = (frame) => frame.slice();
  const old = new Set(
    (await openedRecords(alice.disk))
      .flatMap((value) => readEpochRecord(value) ?? [])
      .map(({ id, secret }) => toHex(deriveEpochKeys(id, secret).mailbox16)),
  );
  expect(old.size).toBeGreaterThan(1);
  const isOld = ({ mailbox }: Envelope): boolean => old.has(toHex(mailbox));
  const noticeOf = (peer: Peer, name: string) =>
    peer.items.flatMap((item) =>
      item.type === 'notice' && 'who' in item.notice && item.notice.who.name === name
        ? [item.notice]
        : [],
    );
  return { world, net, alice, bob, carol, dave, before, isOld, linkFor, join, say, noticeOf };
};

describe('history for newcomers', () => {
  test('[HI4] who is let in with everything sees it, though only another member serves it', async () => {
    const { world, net, alice, bob, carol, isOld, linkFor, join, noticeOf } = await setup(21);
    const link = await linkFor(false, 'all');
    // Alice answers and welcomes; of the conversation itself she sends Carol nothing.
    net.arriving = (frame, way) => {
      const isHers = way.from === 'alice' && way.to === 'carol';
      const isKeptBack = isHers && envelopesIn(frame, way).some(isOld);
      // The secrets are in her welcome: nobody else needs to hand them over.
      return isKeptBack || isSeal(frame, way) ? nothing : frame.slice();
    };
    await join(carol, link);
    // Whoever did not hear of Carol before Alice went would not look for her.
    const isKnownToBob = (): boolean => noticeOf(bob, 'carol').length === 1;
    expect(await world.run(10_000, isKnownToBob)).toBe(true);
    await alice.crash();
    expect(await world.run(120_000, () => carol.texts.length === 10)).toBe(true);
    expect(carol.texts).toEqual(bob.texts);
    const added = { kind: 'added', history: 'all', by: { name: 'alice' }, who: { isMe: true } };
    // Bob passes on what Alice wrote a little later than what he wrote himself.
    expect(await world.run(10_000, () => noticeOf(carol, 'carol').length === 1)).toBe(true);
    expect(noticeOf(carol, 'carol')).toMatchObject([added]);
    expect(noticeOf(bob, 'carol')).toMatchObject([{ kind: 'added', history: 'all' }]);
    // It is no news, and nothing of it is called late.
    expect(carol.arrivals).toEqual([]);
    expect(carol.messages.map(({ arrivedAtMs }) => arrivedAtMs)).toEqual(Array(10).fill(undefined));
    expect(carol.state?.conversations.find(({ kind }) => kind === 'group')?.unreadCount).toBe(0);
  });

  test('[HI4] it is still there, and goes on, after a restart', async () => {
    const { world, alice, bob, carol, linkFor, join, say } = await setup(22);
    await join(carol, await linkFor(false, 'all'));
    expect(await world.run(120_000, () => carol.texts.length === 10)).toBe(true);
    await world.run(5000);
    await carol.crash();
    carol.start();
    expect(await world.run(10_000, () => carol.state?.phase === 'ready')).toBe(true);
    await carol.open(groupId(carol));
    expect(carol.texts).toHaveLength(10);
    await say(bob, ['after']);
    await say(carol, ['hello']);
    const hasAll = (peer: Peer): boolean => peer.texts.length === 12;
    expect(await world.run(60_000, () => [alice, bob, carol].every(hasAll))).toBe(true);
    expect(carol.texts).toEqual(alice.texts);
  });

  test('[HI1] who is let in with nothing opens nothing from before, with all its state', async () => {
    const { world, net, alice, bob, carol, dave, before, isOld, linkFor, join, say, noticeOf } =
      await setup(23);
    await join(dave, await linkFor(false, 'all')); // somebody else may read it
    expect(await world.run(60_000, () => dave.texts.length === 10)).toBe(true);
    const toCarol: Envelope[] = [];
    net.arriving = (frame, way) => {
      if (way.to === 'carol') toCarol.push(...envelopesIn(frame, way));
      return frame.slice();
    };
    await join(carol, await linkFor(false, 'none'));
    await say(alice, ['welcome']);
    await say(bob, ['hi carol']);
    await world.run(60_000);
    expect(carol.texts).toEqual(['alice: welcome', 'bob: hi carol']);
    expect(carol.items.filter(({ type }) => type === 'gap')).toEqual([]);
    expect(noticeOf(bob, 'carol')).toMatchObject([{ kind: 'added', history: 'none' }]);
    // Nobody sent it, and what it holds opens none of it.
    expect(toCarol.length).toBeGreaterThan(0);
    expect(toCarol.filter(isOld)).toEqual([]);
    const [ofAlice, ofBob, ofCarol] = await Promise.all(
      [alice, bob, carol].map(({ disk }) => openedRecords(disk)),
    );
    const known = [ofAlice ?? [], ofBob ?? []].flat();
    expect(openedWith(ofAlice ?? [], known, before)).toBeGreaterThan(9);
    expect(openedWith(ofCarol ?? [], known, before)).toBe(0);
  });

  test('[HI3] by an open link with history a newcomer sees what was before and since', async () => {
    const { world, alice, bob, carol, dave, linkFor, join, say, noticeOf } = await setup(24);
    const link = await linkFor(true, 'all');
    await world.run(2000); // Bob hears of the link first
    await say(bob, ['after the link']);
    await join(carol, link);
    await say(alice, ['hi carol']);
    await join(dave, link);
    const hasAll = (peer: Peer): boolean => peer.texts.length === 12;
    expect(await world.run(120_000, () => [alice, bob, carol, dave].every(hasAll))).toBe(true);
    expect(dave.texts).toEqual(alice.texts);
    expect(noticeOf(alice, 'dave')).toMatchObject([{ kind: 'joined', history: 'all' }]);
  });

  test('[HI3] the open link alone opens what was before it and since, without anybody', async () => {
    const { world, net, bob, carol, linkFor, join, say } = await setup(26);
    const link = await linkFor(true, 'all');
    await world.run(2000); // Bob hears of the link first
    await say(bob, ['after the link']);
    await world.run(5000);
    net.arriving = (frame, way) => (isSeal(frame, way) ? nothing : frame.slice());
    await join(carol, link);
    expect(await world.run(120_000, () => carol.texts.length === 11)).toBe(true);
    expect(carol.texts).toEqual(bob.texts);
  });

  test('[HI1, HI3] by an open link with "since" a newcomer reads what came since it was made, alone', async () => {
    const { world, net, alice, bob, carol, before, isOld, linkFor, join, say, noticeOf } =
      await setup(27);
    const link = await linkFor(true, 'since');
    await world.run(2000); // Bob hears of the link first
    const toCarol: Envelope[] = [];
    net.arriving = (frame, way) => {
      if (way.to === 'carol') toCarol.push(...envelopesIn(frame, way));
      return isSeal(frame, way) ? nothing : frame.slice();
    };
    await say(bob, ['since the link']);
    await say(alice, ['me too']);
    await world.run(5000);
    await join(carol, link);
    expect(await world.run(120_000, () => carol.texts.length === 2)).toBe(true);
    await say(carol, ['hello']);
    await world.run(30_000);
    expect(carol.texts).toEqual(['bob: since the link', 'alice: me too', 'carol: hello']);
    expect(noticeOf(carol, 'carol')).toMatchObject([{ kind: 'joined', history: 'since' }]);
    expect(noticeOf(bob, 'carol')).toMatchObject([{ kind: 'joined', history: 'since' }]);
    expect(toCarol.filter(isOld)).toEqual([]);
    const [ofAlice, ofBob, ofCarol] = await Promise.all(
      [alice, bob, carol].map(({ disk }) => openedRecords(disk)),
    );
    const known = [ofAlice ?? [], ofBob ?? []].flat();
    expect(openedWith(ofAlice ?? [], known, before)).toBeGreaterThan(9);
    expect(openedWith(ofCarol ?? [], known, before)).toBe(0);
  });

  test('[HI1] let in with "since" by a yes, a newcomer reads what came after the link, not before', async () => {
    const { world, bob, carol, linkFor, join, say, noticeOf } = await setup(28);
    const link = await linkFor(false, 'since');
    await world.run(2000);
    await say(bob, ['before the yes']);
    await join(carol, link);
    await say(bob, ['after the yes']);
    expect(await world.run(60_000, () => carol.texts.length === 2)).toBe(true);
    await world.run(30_000);
    expect(carol.texts).toEqual(['bob: before the yes', 'bob: after the yes']);
    expect(noticeOf(bob, 'carol')).toMatchObject([{ kind: 'added', history: 'since' }]);
  });

  test('[HI3] nothing from before an open link is written under any more', async () => {
    const { world, alice, bob, isOld, linkFor, say, net } = await setup(25);
    await linkFor(true, 'all');
    await world.run(30_000); // what was written before has gone its ways
    const since: Envelope[] = [];
    net.arriving = (frame, way) => {
      since.push(...envelopesIn(frame, way));
      return frame.slice();
    };
    await say(alice, ['new']);
    await say(bob, ['also new']);
    await world.run(10_000);
    expect(bob.texts).toHaveLength(12);
    expect(since.some(isOld)).toBe(false);
  });
});
