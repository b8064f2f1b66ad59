/**
 * Somebody was removed and does not accept it (PROTOCOL §12.15–18): their whole device, and whatever
 * goes over the wire, against those who go on without them.
 */
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { Epoch } from '../../src/core/epochs/epoch.ts';
import { entryHash, type Envelope } from '../../src/protocol/envelope.ts';
import { decodeSeal, openSealBox } from '../../src/protocol/epochs/seal.ts';
import { encodeText, readText } from '../../src/protocol/content-payloads.ts';
import { forge, logOf, type Forged } from '../support/forge.ts';
import { envelopesIn, groupStateOf, openAll, type GroupState } from '../support/whole-state.ts';
import { closedFor, namesSeenBy, remove, setLevel } from '../simulation/members.ts';
import type { Peer } from '../simulation/peer.ts';
import { History } from '../simulation/run.ts';

interface Scene {
  readonly history: History;
  readonly alice: Peer;
  readonly bob: Peer;
  readonly carol: Peer;
  /** Everything that went over the wire since the scene began. */
  readonly wire: Uint8Array[];
}

const setupScene = async (seed: number): Promise<Scene> => {
  const history = new History(seed, { messages: 0, isHarsh: false, peers: 3 });
  const wire: Uint8Array[] = [];
  history.net.arriving = (frame) => {
    wire.push(frame.slice());
    return frame.slice();
  };
  await history.meet();
  await history.world.run(1000);
  const [alice, bob, carol] = history.peers;
  if (!alice || !bob || !carol) throw new Error('three peers');
  return { history, alice, bob, carol, wire };
};

const say = async ({ history }: Scene, peer: Peer, text: string): Promise<void> => {
  history.say(peer, text);
  await history.world.run(5000);
};

describe('the removed reader', () => {
  test('[attack 15] with its whole state opens nothing that was written after', async () => {
    const scene = await setupScene(21);
    const { history, alice, bob, carol, wire } = scene;
    await say(scene, bob, 'still here');
    await remove(history, alice, 'bob');
    await history.world.run(2000);
    await say(scene, alice, 'without bob');
    await say(scene, carol, 'indeed');
    expect(carol.texts).toEqual(['bob: still here', 'alice: without bob', 'carol: indeed']);
    await bob.crash();
    const state = await groupStateOf(bob.disk);
    await carol.crash();
    const member = await groupStateOf(carol.disk);
    const envelopes = wire.flatMap((frame) => [...envelopesIn(frame)]);

    const textsOf = async (who: GroupState): Promise<ReadonlyArray<string>> =>
      (await openAll(who, envelopes)).flatMap(({ body }) =>
        body.type === 'text' ? (readText(body.payload)?.text ?? []) : [],
      );
    expect([...new Set(await textsOf(member))].sort()).toEqual([
      'indeed',
      'still here',
      'without bob',
    ]);
    expect(await textsOf(state)).toEqual(['still here']);

    // The next epoch's seals lie where the removed can read them, and none of them is for them.
    const seals = (await openAll(state, envelopes)).flatMap(({ body }) => {
      const seal = body.type === 'seal' ? decodeSeal(body.payload) : undefined;
      return seal?.ok === true ? [seal.value] : [];
    });
    const held = new Set(state.seeds.map(({ epochId }) => toHex(epochId)));
    const later = seals.filter(({ epochId }) => !held.has(toHex(epochId)));
    expect(later.length).toBeGreaterThan(0);
    for (const { epochId, ephemeralPub, boxes } of later) {
      for (const box of boxes) {
        const opened = await openSealBox(state.core.backend, {
          epochId,
          ephemeralPub,
          box,
          secretHash: new Uint8Array(32),
          prekeys: state.prekeys.all(),
          inboxSeed: state.self.me.inboxSeed,
        });
        expect(opened.ok ? 'opened' : opened.error).toMatch(/not-for-us|bad-box/);
      }
    }
  });
});

/** Gossips as the removed device to one peer. */
const gossipTo = async (
  { history }: Scene,
  peer: Peer,
  sent: { readonly epoch: Epoch; readonly envelopes: ReadonlyArray<Envelope> },
): Promise<void> => {
  for (const { bytes } of sent.envelopes) {
    void peer.network?.receiveGossip(sent.epoch.keys.topic, bytes, 'bob-2');
    await history.world.run(200);
  }
};

describe('the removed writer', () => {
  test('[attack 16] neither back-dates nor goes on: in no log of its own does anything count', async () => {
    const scene = await setupScene(22);
    const { history, alice, bob, carol } = scene;
    await say(scene, bob, 'first');
    // A change of who may write makes the next epoch due; bob binds in it and closes the one before.
    await setLevel(history, alice, { name: 'carol', level: 'reader' });
    await history.world.run(2000);
    await setLevel(history, alice, { name: 'carol', level: 'member' });
    await history.world.run(2000);
    await setLevel(history, alice, { name: 'carol', level: 'reader' });
    await say(scene, alice, 'second');
    await say(scene, bob, 'third');
    history.net.partition([['alice'], ['bob', 'carol']]);
    await history.world.run(10_000);
    await remove(history, alice, 'bob');
    await history.world.run(1000);
    await bob.crash();

    const state = await groupStateOf(bob.disk);
    const epochs = state.seeds.map((seed) => new Epoch(seed));
    const [older, newer] = epochs.slice(-2);
    if (older === undefined || newer === undefined) throw new Error('two epochs');
    const olderLog = await logOf(state, older);
    const newerLog = await logOf(state, newer);
    expect(olderLog.length).toBeGreaterThan(1);
    expect(newerLog.length).toBeGreaterThan(1);
    const lamport = Math.max(older.base, newer.base) + 1000;
    const at = ({
      text,
      ...forged
    }: Pick<Forged, 'epoch' | 'before'> & Partial<Forged> & { readonly text: string }) =>
      forge(state, {
        incarnation: 0,
        lamport,
        said: { type: 'text', payload: encodeText({ text }) },
        ...forged,
      });
    const backDated = await at({ epoch: older, before: olderLog, text: 'back-dated' });
    const goneOn = await at({ epoch: newer, before: newerLog, text: 'gone on' });
    const fork = await at({ epoch: newer, before: newerLog, text: 'forked' });
    const oldBind = await at({ epoch: older, before: [], text: '', incarnation: 1 });
    const oldText = await at({
      epoch: older,
      before: [oldBind],
      text: 'another old log',
      incarnation: 1,
    });
    // The cunning one: a second log here that says the back-dated entry was always there.
    const { writerPub, seq } = backDated;
    const newBind = await at({
      epoch: newer,
      before: [],
      text: '',
      incarnation: 1,
      closes: [{ writerPub, seq, hash: entryHash(backDated) }],
    });
    const newText = await at({
      epoch: newer,
      before: [newBind],
      text: 'another new log',
      incarnation: 1,
    });
    await gossipTo(scene, carol, { epoch: older, envelopes: [backDated, oldBind, oldText] });
    await gossipTo(scene, carol, { epoch: newer, envelopes: [goneOn, newBind, newText] });
    await history.world.run(2000);
    // Carol has not heard of the removal: what bob goes on to say counts for her, the past does not.
    expect([...carol.texts].sort()).toEqual([
      'alice: second',
      'bob: another new log',
      'bob: first',
      'bob: gone on',
      'bob: third',
    ]);
    // What proves two histories comes last: that log ends where they part, for everybody (FK4).
    await gossipTo(scene, carol, { epoch: newer, envelopes: [fork] });

    history.net.heal();
    await history.world.run(60_000);
    const kept = ['bob: first', 'alice: second', 'bob: third'];
    expect(carol.texts).toEqual(kept);
    expect(alice.texts).toEqual(kept);
    // They are held all the same, by her too who never spoke with bob: replicas stay equal.
    await alice.crash();
    const held = await groupStateOf(alice.disk);
    const log = await held.deps.segments.log(
      held.seeds.find(({ epochId }) => toHex(epochId) === older.idHex)?.segment ?? '',
    );
    if (!log.ok) throw new Error('the segment opens');
    const writers = log.value.writers(older.mailbox).map(({ nextSeq }) => nextSeq);
    expect(writers).toContain(olderLog.length + 1);
  });

  test('[attack 18] a removed admin strikes back with what it signs in the past, and hits nobody', async () => {
    const scene = await setupScene(23);
    const { history, alice, bob, carol } = scene;
    await setLevel(history, alice, { name: 'bob', level: 'admin' });
    await history.world.run(3000);
    history.net.partition([['alice'], ['bob', 'carol']]);
    await history.world.run(10_000);
    await remove(history, alice, 'bob');
    // He knows nothing of it yet, or says so: either way his act lies beside the removal.
    await remove(history, bob, 'carol');
    await history.world.run(3000);
    expect(closedFor(history, carol)).toBe('removed');
    history.net.heal();
    await history.world.run(60_000);
    expect(namesSeenBy(carol)).toEqual(['alice', 'carol']);
    expect(closedFor(history, carol)).toBeUndefined();
    expect(closedFor(history, bob)).toBe('removed');
    await say(scene, carol, 'I am still here');
    expect(alice.texts).toEqual(['carol: I am still here']);
    expect(bob.texts).toEqual([]);
  });
});
