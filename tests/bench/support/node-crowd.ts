/** Many cores in Node in one group, over a relay: for the rows about crowds. */
import { join } from 'node:path';
import { makeTempDir, removeDir } from '../../support/browsers.ts';
import { startRelayProcess } from '../../support/relay-process.ts';
import { openNodePeer, type NodePeer } from './node-peer.ts';

/** A group that its founder lets anybody into who has the link; everybody looks at it. */
export interface Gathering {
  readonly members: ReadonlyArray<{ readonly peer: NodePeer; readonly conversationId: string }>;
  /**
   * One after the other, as many as come in before the time is over; resolves when each of all knows
   * of all.
   */
  admit(peers: ReadonlyArray<NodePeer>, untilMs?: number): Promise<void>;
}

/** Its group, once that has so many people in it. */
const groupOf = (peer: NodePeer, peopleCount: number): Promise<string> =>
  peer.until(
    ({ conversations }) =>
      conversations.find((one) => one.kind === 'group' && one.peopleCount === peopleCount)?.id,
  );

export const foundGathering = async (founder: NodePeer): Promise<Gathering> => {
  const made = await founder.must(founder.execute({ type: 'CreateGroup', name: 'crowd' }));
  const { conversationId } = made;
  const target = { kind: 'conversation', conversationId } as const;
  const { link } = await founder.must(
    founder.execute({ type: 'PrepareInvite', target, isOpen: true }),
  );
  await founder.must(founder.execute({ type: 'OpenTimeline', conversationId }));
  const members = [{ peer: founder, conversationId }];
  return {
    members,
    admit: async (peers, untilMs = Infinity) => {
      const came: NodePeer[] = [];
      for (const peer of peers) {
        if (performance.now() > untilMs) break;
        await peer.must(peer.execute({ type: 'Join', link }));
        came.push(peer);
        await groupOf(founder, members.length + came.length);
      }
      const after = members.length + came.length;
      await Promise.all(members.map(({ peer }) => groupOf(peer, after)));
      for (const peer of came) {
        const id = await groupOf(peer, after);
        await peer.must(peer.execute({ type: 'OpenTimeline', conversationId: id }));
        members.push({ peer, conversationId: id });
      }
    },
  };
};

/** Newcomers in one process with a relay in another, all in one group that may grow. */
export interface NodeCrowd {
  readonly gathering: Gathering;
  /** Resolves with its size: that, or what it had grown to when the time was over. */
  growTo(size: number, untilMs?: number): Promise<number>;
  stop(): Promise<void>;
}

export const startNodeCrowd = async (): Promise<NodeCrowd> => {
  const folder = await makeTempDir('crowd');
  const relay = await startRelayProcess({ dataDir: join(folder, 'relay') });
  const peers: NodePeer[] = [];
  const begin = async (): Promise<NodePeer> => {
    const name = `peer${String(peers.length)}`;
    const peer = openNodePeer({ folder, name, relay: relay.address });
    peers.push(peer); // before anything can fail, so that it is closed as well
    await peer.must(peer.execute({ type: 'CreateIdentity', name }));
    return peer;
  };
  const stop = async (): Promise<void> => {
    for (const peer of peers) await peer.close();
    await relay.stop();
    await removeDir(folder);
  };
  try {
    const gathering = await foundGathering(await begin());
    return {
      gathering,
      growTo: async (size, untilMs) => {
        const count = size - gathering.members.length;
        await gathering.admit(await Promise.all(Array.from({ length: count }, begin)), untilMs);
        return gathering.members.length;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
