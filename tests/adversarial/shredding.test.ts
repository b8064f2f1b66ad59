/**
 * Whoever takes a device after a message was erased on it (PROTOCOL §12.24): everything that is left,
 * and everything that ever went over the wire.
 */
import { describe, expect, test } from 'vitest';
import type { MessageItem } from '../../src/core/api.ts';
import type { Envelope } from '../../src/protocol/envelope.ts';
import { Attacker, type Known } from '../support/attacker.ts';
import { openedRecords } from '../support/opened-disk.ts';
import { envelopesIn, groupStateOf } from '../support/whole-state.ts';
import { conversationIdOf } from '../simulation/members.ts';
import type { Peer } from '../simulation/peer.ts';
import { History } from '../simulation/run.ts';

const dayMs = 24 * 3600 * 1000;

const setupScene = async (seed: number) => {
  const history = new History(seed, { messages: 0, isHarsh: false, peers: 3 });
  const { world, net, peers } = history;
  const [alice, bob, carol] = peers;
  if (!alice || !bob || !carol) throw new Error('three peers');
  const wire: Envelope[] = [];
  net.arriving = (frame) => {
    wire.push(...envelopesIn(frame));
    return frame.slice();
  };
  await history.meet(); // by an invite that asks for a yes, with these seeds
  await world.run(1000);
  const say = async (peer: Peer, text: string): Promise<void> => {
    history.say(peer, text);
    await world.run(5000);
  };
  const messageOf = (peer: Peer, text: string): MessageItem => {
    const found = peer.messages.find((message) => message.text === text);
    if (found === undefined) throw new Error(`${peer.name} does not see ${text}`);
    return found;
  };
  const erase = async (peer: Peer, text: string): Promise<string> => {
    const { key } = messageOf(peer, text);
    const conversationId = conversationIdOf(history, peer);
    const erased = await peer.do({
      type: 'DeleteMessages',
      conversationId,
      keys: [key],
      from: 'here',
    });
    expect(erased.ok).toBe(true);
    await world.run(1000);
    return key;
  };
  const erasureOf = ({ messages, details }: Peer, key: string): 'living' | 'under-way' | 'done' => {
    if (messages.some((message) => message.key === key)) return 'living';
    return details?.beingErasedCount === 0 ? 'done' : 'under-way';
  };
  const wait = async (days: number): Promise<void> => {
    for (const peer of peers) peer.skewMs += days * dayMs;
    await world.run(30_000);
  };
  /** What somebody reads who takes this device now, as it lies there. */
  const readWith = async (peer: Peer): Promise<ReadonlySet<string>> => {
    const disk = peer.disk.copy();
    const { membership } = await groupStateOf(disk);
    const ops = membership.all().map(({ opId, body }) => ({ opId, body }));
    const known: Known = {
      epochs: ops.flatMap(({ opId: id, body }) => {
        if (body.type === 'epoch') return [{ id, secretHash: body.secretHash }];
        return body.type === 'invite'
          ? [{ id: body.inviteId, secretHash: new Uint8Array(32) }]
          : [];
      }),
      devices: membership.view.devices.map(({ devSignPub }) => devSignPub),
      told: ops.flatMap(({ body }) =>
        body.type === 'invite' ? [body.pseudoSecret, body.boxSeed] : [],
      ),
    };
    return new Attacker(await openedRecords(disk), wire, known).read();
  };
  const restart = async (peer: Peer): Promise<void> => {
    await peer.crash();
    peer.start();
    await history.reopen(peer);
    await world.run(5000);
  };
  return { history, alice, bob, carol, say, erase, erasureOf, wait, readWith, restart };
};

describe('whoever takes the device', () => {
  test('[attack 24] opens what lives and nothing that was erased, with all that is left', async () => {
    const scene = await setupScene(32);
    const { alice, bob, say, erase, erasureOf, wait, readWith, restart } = scene;
    await say(alice, 'plain');
    await say(alice, 'secret');
    await say(bob, 'answer');
    const before = await readWith(bob);
    expect([...before].sort()).toEqual(['answer', 'plain', 'secret']);

    const key = await erase(bob, 'secret');
    // The box that brought the epoch's secret still opens: that is what is said, and what is so.
    expect(erasureOf(bob, key)).toBe('under-way');
    expect(await readWith(bob)).toContain('secret');

    await wait(8); // time alone erases no prekey
    await restart(bob);
    expect(erasureOf(bob, key)).toBe('under-way');
    await say(alice, 'a week later');
    await say(bob, 'indeed'); // binds, with the next prekey
    expect(erasureOf(bob, key)).toBe('under-way');
    await wait(8);
    await say(alice, 'two weeks later'); // sealed to that one
    expect(erasureOf(bob, key)).toBe('done');
    const living = ['a week later', 'answer', 'indeed', 'plain', 'two weeks later'];
    expect([...(await readWith(bob))].sort()).toEqual(living);
    await restart(bob);
    expect(erasureOf(bob, key)).toBe('done');
    expect(bob.messages.map(({ text }) => text).sort()).toEqual([...living].sort());
    // On this device: the others were not asked.
    expect(alice.messages.map(({ text }) => text)).toContain('secret');
  });

  test('[ER5] [attack 24] finds nothing of an epoch that the device made itself, at once', async () => {
    const { alice, bob, say, erase, erasureOf, readWith, restart } = await setupScene(33);
    await say(alice, 'plain');
    await say(alice, 'secret');
    await say(bob, 'answer');
    const key = await erase(alice, 'secret');
    expect(erasureOf(alice, key)).toBe('done');
    expect([...(await readWith(alice))].sort()).toEqual(['answer', 'plain']);
    await restart(alice);
    await say(alice, 'more');
    expect([...(await readWith(alice))].sort()).toEqual(['answer', 'more', 'plain']);
    expect(bob.texts).toContain('alice: more');
  });
});
