/** What people do, and how a conversation comes about. */
import type { Peer } from './peer.ts';
import type { World } from './world.ts';

const must = <T>(
  result:
    { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  return result.value;
};

/** Starts a device and gives it a name. */
export const begin = async (peer: Peer): Promise<void> => {
  peer.start();
  must(await peer.do({ type: 'CreateIdentity', name: peer.name }));
};

/** Two newcomers come to share a direct conversation; its id on each side. */
export const introduce = async (
  world: World,
  alice: Peer,
  bob: Peer,
): Promise<{ alice: string; bob: string }> => {
  await begin(alice);
  await begin(bob);
  const invite = must(
    await alice.do({ type: 'PrepareInvite', target: { kind: 'direct' }, isOpen: false }),
  );
  must(await bob.do({ type: 'Join', link: invite.link }));
  await world.run(30_000, () => (alice.state?.requests.length ?? 0) > 0);
  const request = alice.state?.requests[0];
  if (request === undefined) throw new Error('nobody asked to join');
  must(await alice.do({ type: 'Decide', requestId: request.requestId, isApproved: true }));
  await world.run(30_000, () => bob.state?.joins.some(({ stage }) => stage === 'joined') === true);
  await world.run(1000);
  return { alice: directId(alice), bob: directId(bob) };
};

/** A group with these members, made by the first, joined by an invite. */
export const formGroup = async (
  world: World,
  peers: ReadonlyArray<Peer>,
  isOpen: boolean,
): Promise<ReadonlyMap<Peer, string>> => {
  const [founder, ...others] = peers;
  if (founder === undefined) throw new Error('a group has a founder');
  for (const peer of peers) await begin(peer);
  const { conversationId } = must(await founder.do({ type: 'CreateGroup', name: 'crew' }));
  const target = { kind: 'conversation', conversationId } as const;
  const { link } = must(await founder.do({ type: 'PrepareInvite', target, isOpen }));
  for (const peer of others) {
    must(await peer.do({ type: 'Join', link }));
    const isIn = (): boolean => peer.state?.joins.some(({ stage }) => stage === 'joined') === true;
    while (!isIn()) {
      const before = world.nowMs;
      await world.run(60_000, () => isIn() || (founder.state?.requests.length ?? 0) > 0);
      const request = founder.state?.requests[0];
      if (request !== undefined && !isIn()) {
        await founder.do({ type: 'Decide', requestId: request.requestId, isApproved: true });
        await world.run(200);
      }
      if (world.nowMs - before >= 60_000) throw new Error(`${peer.name} did not get in`);
    }
  }
  await world.run(3000);
  return new Map(peers.map((peer) => [peer, groupId(peer)]));
};

const idOfKind = (peer: Peer, kind: 'direct' | 'group'): string => {
  const found = peer.state?.conversations.find((conversation) => conversation.kind === kind);
  if (found === undefined) throw new Error(`${peer.name} has no ${kind} conversation`);
  return found.id;
};

export const directId = (peer: Peer): string => idOfKind(peer, 'direct');
export const groupId = (peer: Peer): string => idOfKind(peer, 'group');
