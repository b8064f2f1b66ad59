/** A member whose program does not hold back: what it does with the words of others (AN1 to AN4). */
import { expect, test } from 'vitest';
import { Epoch } from '../../src/core/epochs/epoch.ts';
import type { CborValue } from '../../src/protocol/cbor.ts';
import {
  encodeEdit,
  encodePin,
  encodeReaction,
  encodeRedact,
  encodeSettings,
  encodeText,
  encodeVote,
  type MessageName,
} from '../../src/protocol/content-payloads.ts';
import type { Envelope } from '../../src/protocol/envelope.ts';
import { limits } from '../../src/protocol/limits.ts';
import { nameOfKey } from '../../src/core/conversation/content/message-names.ts';
import { forge, logOf } from '../support/forge.ts';
import { groupStateOf, type GroupState } from '../support/whole-state.ts';
import { act, commonView, seen, write } from '../simulation/content.ts';
import { setupScene, type Scene } from '../simulation/hostile.ts';

const nameOf = (key: string): MessageName => {
  const name = nameOfKey(key);
  if (name === undefined) throw new Error('a key of a message');
  return name;
};

/** Goes on in the log of the device with whatever it wants, and gossips it to carol. */
const goOn = async (
  { history, carol }: Scene,
  state: GroupState,
  all: ReadonlyArray<readonly [type: string, payload: CborValue]>,
): Promise<void> => {
  const seed = state.seeds.at(-1);
  if (seed === undefined) throw new Error('an epoch');
  const epoch = new Epoch(seed);
  const log: Envelope[] = [...(await logOf(state, epoch))];
  expect(log.length).toBeGreaterThan(0);
  for (const [type, payload] of all) {
    const lamport = epoch.base + 1000 + log.length;
    const envelope = await forge(state, {
      ...{ epoch, incarnation: 0, before: log, said: { type, payload }, lamport },
    });
    log.push(envelope);
    void carol.network?.receiveGossip(epoch.keys.topic, envelope.bytes, 'bob-2');
    await history.world.run(300);
  }
};

test('[AN2, AN3, AN4, TI1] edits and deletes nobody else’s words, votes once, floods nothing', async () => {
  const scene = await setupScene(61);
  const { history, alice, bob, carol } = scene;
  const hers = await write(history, alice, 'my own words');
  const { key: poll } = await act(history, alice, (conversationId) => ({
    type: 'CreatePoll',
    conversationId,
    poll: { question: 'When?', options: ['now', 'later'], isMultiple: false, isAnonymous: false },
  }));
  await history.world.run(10_000);
  const his = await write(history, bob, 'as bob said it');
  await history.world.run(10_000);
  await bob.crash();
  const state = await groupStateOf(bob.disk);
  const of = nameOf(hers);
  const nowhere = { identityId: of.identityId, mid: new Uint8Array(16).fill(9) };
  const emoji = Array.from({ length: limits.emojiPerPersonMax + 5 }, (_, n) =>
    String.fromCodePoint(0x1f600 + n),
  );
  await goOn(scene, state, [
    ['edit', encodeEdit({ of, text: 'put into her mouth' })],
    ['edit', encodeEdit({ of: nameOf(poll), text: 'another question' })],
    ['redact', encodeRedact({ of })],
    ['redact', encodeRedact({ of: nowhere })],
    ['vote', encodeVote({ of: nameOf(poll), choices: [0] })],
    ['vote', encodeVote({ of: nameOf(poll), choices: [1] })],
    ['vote', encodeVote({ of: nameOf(poll), choices: [0, 1] })],
    ['vote', encodeVote({ of: nameOf(poll), choices: [11] })],
    ['vote', encodeVote({ of, choices: [0] })],
    ['pin', encodePin({ of: nowhere, isOn: true })],
    ['settings', encodeSettings({ timerMs: limits.timerMinMs })],
    ['reaction', { of: [of.identityId, of.mid], emoji: '\u202e', isOn: true }],
    ['edit', { of: [of.identityId], text: 7 }],
    ['text', encodeText({ text: 'under nothing', thread: nowhere })],
    ...emoji.map((one) => ['reaction', encodeReaction({ of, emoji: one, isOn: true })] as const),
    ['edit', encodeEdit({ of: nameOf(his), text: 'as bob says it now' })],
  ]);
  await history.world.run(60_000);

  expect(commonView(alice)).toEqual(commonView(carol));
  for (const peer of [alice, carol]) {
    expect(seen(peer, hers)).toMatchObject({
      text: 'my own words',
      isEdited: false,
      deletion: undefined,
    });
    expect(seen(peer, hers).reactions).toHaveLength(limits.emojiPerPersonMax);
    expect(seen(peer, poll).poll).toMatchObject({ question: 'When?', voterCount: 1 });
    expect(seen(peer, poll).poll?.options.map(({ count }) => count)).toEqual([0, 1]);
    expect(seen(peer, his)).toMatchObject({ text: 'as bob says it now', isEdited: true });
    expect(peer.texts).toContain('bob: under nothing');
    expect(peer.details?.pins).toEqual([]);
    expect(peer.state?.conversations.every(({ timerMs }) => timerMs === undefined)).toBe(true);
    expect(peer.state?.conversations.some(({ failure }) => failure !== undefined)).toBe(false);
  }
}, 60_000);

test('[AN1, CL1] what the removed did to messages goes with what they wrote', async () => {
  const scene = await setupScene(62);
  const { history, alice, bob, carol } = scene;
  const key = await write(history, alice, 'before');
  await history.world.run(10_000);
  await act(history, bob, (conversationId) => ({
    ...{ type: 'React', conversationId, key, emoji: '👍', isOn: true },
  }));
  await history.world.run(10_000);
  expect(seen(carol, key).reactions).toHaveLength(1);
  history.net.partition([['alice'], ['bob', 'carol']]);
  await history.world.run(10_000);
  const person = alice.details?.members.find((member) => member.person.name === 'bob')?.person;
  if (person === undefined) throw new Error('alice sees bob');
  await act(history, alice, (conversationId) => ({
    ...{ type: 'Remove', conversationId, personId: person.id },
  }));
  for (const [emoji, isOn] of [
    ['👍', false],
    ['👎', true],
  ] as const) {
    await act(history, bob, (conversationId) => ({
      ...{ type: 'React', conversationId, key, emoji, isOn },
    }));
  }
  await history.world.run(10_000);
  expect(seen(carol, key).reactions.map(({ emoji }) => emoji)).toEqual(['👎']);
  history.net.heal();
  await history.world.run(60_000);
  for (const peer of [alice, carol]) {
    expect(
      seen(peer, key).reactions.map(({ emoji }) => emoji),
      peer.name,
    ).toEqual(['👍']);
  }
}, 60_000);
