/**
 * Serves `/sotto/rendezvous/1` (PROTOCOL.md §8; bytes in src/network/relays/rendezvous.ts): members of a
 * conversation find each other here without the relay learning who they are. Only for peers that
 * hold a reservation on a direct connection: they can be reached, and their number is bounded.
 */
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { createFrameStream } from '../src/network/frame-stream.ts';
import {
  decodeRequest,
  encodeReply,
  rendezvousProtocol,
  type RendezvousReply,
} from '../src/network/relays/rendezvous.ts';
import { limits } from '../src/protocol/limits.ts';
import { createMeetings, type Meetings } from './meetings.ts';
import { createRate } from './rate.ts';

const dayMs = 86_400_000;
const streamsPerPeerMax = 2;
const expireEveryMs = 60_000;
/** A client polls every 2 s at its busiest; these leave room for changes in between. */
const requestsBurst = 20;
const requestsPerSecond = 4;

export interface RendezvousOptions {
  readonly node: Libp2p;
  readonly now: () => number;
  readonly hasReservation: (connection: Connection) => boolean;
}

export interface Rendezvous {
  readonly meetings: Pick<Meetings, 'peerCount' | 'placeCount'>;
  stop(): Promise<void>;
}

/** Answers one stream's requests until the peer ends it or misbehaves. */
const serveStream = async (
  { node, now, hasReservation }: RendezvousOptions,
  meetings: Meetings,
  { stream, connection }: { readonly stream: Stream; readonly connection: Connection },
): Promise<void> => {
  const peer = connection.remotePeer.toString();
  const frames = createFrameStream(stream, limits.meetingRequestBytesMax);
  const isWithinRate = createRate({ now, burst: requestsBurst, perSecond: requestsPerSecond });
  let since = 0;

  const answer = (bytes: Uint8Array): RendezvousReply => {
    const refuse = (status: RendezvousReply['status']): RendezvousReply => ({
      status,
      day: Math.floor(now() / dayMs),
      met: [],
    });
    if (!isWithinRate()) return refuse('too-often');
    if (!hasReservation(connection)) return refuse('no-reservation');
    const request = decodeRequest(bytes);
    if (!request.ok) return refuse('malformed');
    if (request.value.meetings !== undefined) {
      since = 0;
      if (!meetings.register(peer, request.value.meetings).ok) return refuse('full');
    }
    const { met, mark } = meetings.poll(peer, since);
    since = mark;
    return { ...refuse('ok'), met };
  };

  for (;;) {
    const reply = answer(await frames.read());
    // A peer whose connection went while its request was read must not stay registered.
    if (node.getConnections(connection.remotePeer).length === 0) meetings.remove(peer);
    await frames.write(encodeReply(reply));
    if (reply.status === 'malformed' || reply.status === 'too-often') {
      await stream.close();
      return;
    }
  }
};

export const startRendezvous = async (options: RendezvousOptions): Promise<Rendezvous> => {
  const { node, now } = options;
  const meetings = createMeetings(now);
  const forget = (event: CustomEvent<Connection['remotePeer']>): void => {
    meetings.remove(event.detail.toString());
  };
  node.addEventListener('peer:disconnect', forget);
  const expiry = setInterval(() => {
    meetings.expire();
  }, expireEveryMs);
  expiry.unref();

  await node.handle(
    rendezvousProtocol,
    (stream, connection) => {
      serveStream(options, meetings, { stream, connection }).catch((error: unknown) => {
        // The peer went, or sent what is no frame: either way there is nobody to answer.
        stream.abort(error instanceof Error ? error : new Error('rendezvous stream failed'));
      });
    },
    { maxInboundStreams: streamsPerPeerMax, runOnLimitedConnection: false },
  );
  return {
    meetings,
    stop: async () => {
      clearInterval(expiry);
      node.removeEventListener('peer:disconnect', forget);
      await node.unhandle(rendezvousProtocol);
    },
  };
};
