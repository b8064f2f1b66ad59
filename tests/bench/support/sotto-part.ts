/** Some of a crowd of cores in Node, in a process of their own. */
import { setTimeout as delay } from 'node:timers/promises';
import type { CoreState } from '../../../src/core/api.ts';
import { cpuMs } from '../../support/cost.ts';
import { playCourse, sharedNowMs, type Course, type Played } from './course.ts';
import { openNodePeer, type NodePeer } from './node-peer.ts';
import { answerCalls } from './part.ts';

interface Place {
  readonly from: number;
  readonly count: number;
  readonly folder: string;
  readonly relay: string;
}

/** How many there are to be, and until when they are waited for. */
interface Growth {
  readonly size: number;
  readonly untilMs: number;
}

let peers: ReadonlyArray<NodePeer> = [];
let from = 0;

const withinOf = (untilMs: number): number => Math.max(0, untilMs - sharedNowMs());
const crowdIn = ({ conversations }: CoreState) =>
  conversations.find(({ kind }) => kind === 'group');

/** Resolves with how far it has come, at the latest when the time is over. */
const inTime = <T>(peer: NodePeer, look: (state: CoreState) => T | undefined, untilMs: number) =>
  peer.until(look, withinOf(untilMs)).catch(() => undefined);

export const sottoHandlers = {
  open: async (place: Place): Promise<void> => {
    from = place.from;
    const names = Array.from({ length: place.count }, (_, at) => `peer${String(from + at)}`);
    const { folder, relay } = place;
    const listen = ['/ip4/127.0.0.1/tcp/0/ws'];
    peers = names.map((name) => openNodePeer({ folder, name, relay }, { listen }));
    for (const [at, peer] of peers.entries()) {
      await peer.must(peer.execute({ type: 'CreateIdentity', name: names[at] ?? '' }));
    }
  },
  /** The first of these makes the group; the link lets nobody in without a yes. */
  found: async (): Promise<string> => {
    const [founder] = peers;
    if (founder === undefined) throw new Error('nobody is here');
    const made = await founder.must(founder.execute({ type: 'CreateGroup', name: 'crowd' }));
    const target = { kind: 'conversation', conversationId: made.conversationId } as const;
    const invite = { type: 'PrepareInvite', target, isOpen: false } as const;
    return (await founder.must(founder.execute(invite))).link;
  },
  join: async (link: string): Promise<void> => {
    for (const peer of peers) {
      if (from > 0 || peer !== peers[0]) await peer.must(peer.execute({ type: 'Join', link }));
    }
  },
  /** Says yes to everybody at once, when all have asked or half of the time is over. */
  admit: async ({ size, untilMs }: Growth): Promise<number> => {
    const [founder] = peers;
    if (founder === undefined) throw new Error('nobody is here');
    const halfMs = sharedNowMs() + withinOf(untilMs) / 2;
    await inTime(
      founder,
      ({ requests }) => (requests.length >= size - 1 ? true : undefined),
      halfMs,
    );
    const { requests } = await founder.until((state) => state);
    const decided = requests.map(({ requestId }) =>
      founder.execute({ type: 'Decide', requestId, isApproved: true }),
    );
    await Promise.race([Promise.all(decided), delay(withinOf(untilMs))]);
    return requests.length + 1;
  },
  /** How many of these know of so many people; those who do show the group, and the others are left out. */
  gather: async ({ size, untilMs }: Growth): Promise<number> => {
    const gathered = await Promise.all(
      peers.map((peer) =>
        inTime(
          peer,
          (state) => {
            const crowd = crowdIn(state);
            return crowd !== undefined && crowd.peopleCount >= size ? crowd.id : undefined;
          },
          untilMs,
        ),
      ),
    );
    const here: NodePeer[] = [];
    for (const [at, conversationId] of gathered.entries()) {
      const peer = peers[at];
      if (peer === undefined || conversationId === undefined) continue;
      await peer.must(peer.execute({ type: 'OpenTimeline', conversationId }));
      here.push(peer);
    }
    peers = here;
    return here.length;
  },
  /** Of those who came together the first of these has this number. */
  count: (first: number): Promise<void> => {
    from = first;
    return Promise.resolve();
  },
  /** Processor time of this process so far. */
  spent: (): Promise<number> => Promise.resolve(cpuMs()),
  play: (course: Course): Promise<Played> =>
    playCourse(
      {
        ...{ from, count: peers.length },
        say: async (at, text) => {
          const peer = peers[at];
          const conversationId = await peer?.until((state) => crowdIn(state)?.id);
          if (peer === undefined || conversationId === undefined) throw new Error('nobody');
          await peer.must(peer.execute({ type: 'SendMessage', conversationId, text }));
        },
        onText: (hear) => {
          for (const [at, peer] of peers.entries()) {
            peer.onText((text) => {
              hear(at, text);
            });
          }
        },
      },
      course,
    ),
  close: async (): Promise<void> => {
    for (const peer of peers) await peer.close();
  },
};

if (import.meta.main) answerCalls(sottoHandlers);
