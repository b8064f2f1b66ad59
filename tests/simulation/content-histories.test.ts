/** Whatever fails meanwhile, in the end everybody sees every message alike, with all that was done. */
import { expect, test } from 'vitest';
import type { Command } from '../../src/core/api.ts';
import { commonView } from './content.ts';
import type { Peer } from './peer.ts';
import { History } from './run.ts';

const emoji = ['👍', '🎉', '❤️'];

/** Something that this peer could do now with one of the messages it sees. */
const anyAct = ({ world, ids }: History, peer: Peer, n: number): Command | undefined => {
  const conversationId = ids.get(peer);
  const { messages } = peer;
  if (conversationId === undefined || messages.length === 0) return undefined;
  const { key } = world.random.pick(messages);
  const of = { conversationId, key };
  const isOn = world.chance(70);
  const poll = { question: `q${String(n)}`, options: ['a', 'b', 'c'], isMultiple: true };
  return world.random.pick<Command>([
    { type: 'EditMessage', ...of, text: `edit ${String(n)}` },
    { type: 'EditMessage', ...of, text: `edit again ${String(n)}` },
    { type: 'React', ...of, emoji: world.random.pick(emoji), isOn },
    { type: 'React', ...of, emoji: world.random.pick(emoji), isOn },
    { type: 'Pin', ...of, isOn },
    { type: 'Vote', ...of, choices: [n % 3] },
    { type: 'CreatePoll', conversationId, poll: { ...poll, isAnonymous: false } },
    { type: 'SendMessage', conversationId, text: `reply ${String(n)}`, replyTo: key },
    { type: 'SendMessage', conversationId, text: `thread ${String(n)}`, threadOf: key },
    { type: 'DeleteMessages', conversationId, keys: [key], from: 'everyone' },
  ]);
};

const trouble = async (history: History): Promise<void> => {
  const { world, peers } = history;
  if (world.chance(6)) await history.crash(world.random.pick(peers));
  if (world.chance(5)) history.split();
  if (world.chance(3)) history.fillDisk(world.random.pick(peers));
};

test.each([301, 305, 307])(
  '[SM2, AN1, OB4] people who crash, part and run out of disk end with the same (seed %i)',
  async (seed) => {
    const history = new History(seed, { peers: 3, messages: 0, isHarsh: true });
    const { world, peers, net } = history;
    await history.meet();
    Object.assign(net.faults, { lossPercent: 15, duplicatePercent: 5, breakPercent: 2 });
    let doneCount = 0;
    for (let n = 0; n < 90; n++) {
      const peer = world.random.pick(peers);
      if (n % 4 === 0) history.say(peer, `m${String(n)}`);
      const command = anyAct(history, peer, n);
      if (command !== undefined && peer.isRunning) {
        void peer.execute(command).then((done) => {
          if (done.ok) doneCount += 1;
        });
      }
      await trouble(history);
      await world.run(world.random.pick([0, 10, 200, 2000]));
    }
    await history.healAll();
    await world.run(60_000);
    const [first, ...others] = peers.map(commonView);
    expect(doneCount).toBeGreaterThan(30);
    const told = JSON.stringify(first);
    for (const happened of ['isEdited', 'isDeleted', 'isPinned']) {
      expect(told.includes(`"${happened}":true`), happened).toBe(true);
    }
    for (const view of others) expect(view).toEqual(first);
    for (const { violations, state } of peers) {
      expect(violations).toEqual([]);
      expect(state?.conversations.some(({ failure }) => failure !== undefined)).toBe(false);
    }
    expect(net.witness.violations).toEqual([]);
  },
  120_000,
);
