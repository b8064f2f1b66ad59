/** What a review of the core found about invites, each as the test that failed before it was fixed. */
import { describe, expect, test } from 'vitest';
import { Internet, noFaults } from '../simulation/network.ts';
import { Peer } from '../simulation/peer.ts';
import { begin } from '../simulation/workload.ts';
import { World } from '../simulation/world.ts';

describe('[EH2] rooms of invites', () => {
  test('[EH2] who follows one link twice at once has one room and gets in', async () => {
    const world = new World(7);
    const net = new Internet(world, noFaults);
    const alice = new Peer(net, 'alice');
    const bob = new Peer(net, 'bob');
    await begin(alice);
    await begin(bob);
    const made = await alice.do({ type: 'CreateGroup', name: 'crew' });
    if (!made.ok) throw new Error(made.error);
    const { conversationId } = made.value;
    const target = { kind: 'conversation', conversationId } as const;
    const invite = await alice.do({ type: 'PrepareInvite', target, isOpen: false });
    if (!invite.ok) throw new Error(invite.error);
    const { link } = invite.value;
    const answers: boolean[] = [];
    for (let i = 0; i < 2; i++) {
      void bob.execute({ type: 'Join', link }).then(({ ok }) => answers.push(ok));
    }
    await world.run(30_000, () => (alice.state?.requests.length ?? 0) > 0);
    expect(answers).toEqual([true, true]);
    expect(bob.state?.joins.length).toBe(1);
    expect(bob.network?.meetings.size).toBeGreaterThan(0);
    const requestId = alice.state?.requests[0]?.requestId ?? '';
    await alice.do({ type: 'Decide', requestId, isApproved: true });
    const isIn = (): boolean => bob.state?.joins[0]?.stage === 'joined';
    expect(await world.run(30_000, isIn)).toBe(true);
  });
});
