import { describe, expect, test } from 'vitest';
import type { MessageDetails, Safety } from '../../src/core/api.ts';
import { setupScene, talk, type Scene } from './hostile.ts';
import type { Peer } from './peer.ts';

const inspect = async ({ history }: Scene, peer: Peer, text: string): Promise<MessageDetails> => {
  const conversationId = history.ids.get(peer) ?? '';
  const key = peer.messages.find((message) => message.text === text)?.key ?? '';
  const details = await peer.do({ type: 'InspectMessage', conversationId, key });
  if (!details.ok) throw new Error(details.error);
  return details.value;
};

/** "bob: has; carol: waiting" */
const holdings = ({ holders }: MessageDetails): string =>
  holders
    .map(({ person, devices }) => `${person.name}: ${devices.map((d) => d.holding).join()}`)
    .sort()
    .join('; ');

const safetyOf = (peer: Peer): Safety => {
  if (peer.details === undefined) throw new Error(`${peer.name} has no conversation open`);
  return peer.details.safety;
};

describe('who has a message', () => {
  test('[WI1, WI2] is told by devices as they come', async () => {
    const scene = await setupScene();
    const { history, alice, bob, carol } = scene;
    await talk(scene, 1);
    await history.world.run(5000);
    expect(safetyOf(alice)).toMatchObject({ ownCount: 1, onlyHereCount: 0, fullDeviceCount: 2 });

    history.net.partition([['alice'], ['bob', 'carol']]);
    await history.world.run(60_000);
    history.say(alice, 'alone');
    await history.world.run(5000);
    expect(safetyOf(alice)).toMatchObject({ ownCount: 2, onlyHereCount: 1, fullDeviceCount: 0 });
    expect(holdings(await inspect(scene, alice, 'alone'))).toBe(
      'alice: has; bob: waiting; carol: waiting',
    );

    history.net.partition([['alice', 'bob'], ['carol']]);
    await history.world.run(60_000);
    expect(holdings(await inspect(scene, alice, 'alone'))).toBe(
      'alice: has; bob: has; carol: waiting',
    );
    expect(safetyOf(alice)).toMatchObject({ ownCount: 2, onlyHereCount: 0, fullDeviceCount: 1 });

    const received = await inspect(scene, bob, 'alone');
    expect(received.holders).toEqual([]); // bob is not told what carol has
    expect(received.item.arrivedAtMs).toBeGreaterThan(received.item.sentAtMs + 4000);
    expect(carol.texts).not.toContain('alice: alone');
  });

  test('[WI2] a message nobody knows has no details', async () => {
    const { history, alice } = await setupScene();
    const conversationId = history.ids.get(alice) ?? '';
    const answer = await alice.do({ type: 'InspectMessage', conversationId, key: 'no/such' });
    expect(answer).toEqual({ ok: false, error: 'unknown-message' });
  });
});
