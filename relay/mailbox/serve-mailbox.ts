/**
 * Serves `/sotto/mailbox/1` to peers that hold a reservation on a direct connection: their number is
 * bounded, and there is an address to charge for what they write.
 */
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { createFrameStream } from '../../src/network/frame-stream.ts';
import { limits } from '../../src/protocol/limits.ts';
import { mailboxProtocol } from '../../src/network/relays/mailbox-stream.ts';
import { encodeMailboxReply, type MailboxRefusal } from '../../src/protocol/mailbox-frames.ts';
import { createRate } from '../rate.ts';
import { chargedTo } from './charged-to.ts';
import type { Mailbox } from './mailbox.ts';

const streamsPerPeerMax = 2;
const expireEveryMs = 60 * 60_000;
/** Coming back after a month is hundreds of requests; somebody who writes needs a few a minute. */
const requestsBurst = 600;
const requestsPerSecond = 10;

export interface ServeMailboxOptions {
  readonly node: Libp2p;
  readonly mailbox: Mailbox;
  readonly now: () => number;
  readonly hasReservation: (connection: Connection) => boolean;
}

const refuse = (why: MailboxRefusal): Uint8Array => encodeMailboxReply({ t: 'refused', why });

interface Serving {
  readonly stream: Stream;
  readonly connection: Connection;
  readonly isWithinRate: () => boolean;
}

const serveStream = async (
  { mailbox, hasReservation }: ServeMailboxOptions,
  { stream, connection, isWithinRate }: Serving,
): Promise<void> => {
  const frames = createFrameStream(stream, limits.mailboxFrameBytesMax);
  const from = chargedTo(connection);
  for (;;) {
    const request = await frames.read();
    if (!isWithinRate()) await frames.write(refuse('too-often'));
    else if (!hasReservation(connection)) await frames.write(refuse('no-reservation'));
    else await frames.write(await mailbox.answer(request, from));
  }
};

/** Resolves with what ends the service. */
export const serveMailbox = async (options: ServeMailboxOptions): Promise<() => Promise<void>> => {
  const { node, mailbox } = options;
  mailbox.expire();
  const expiry = setInterval(() => {
    mailbox.expire();
  }, expireEveryMs);
  expiry.unref();
  /** Of the connection: who opens another stream has asked as often as before. */
  const rates = new WeakMap<Connection, () => boolean>();
  const rateOf = (connection: Connection): (() => boolean) => {
    const known = rates.get(connection);
    if (known !== undefined) return known;
    const { now } = options;
    const rate = createRate({ now, burst: requestsBurst, perSecond: requestsPerSecond });
    rates.set(connection, rate);
    return rate;
  };
  await node.handle(
    mailboxProtocol,
    (stream, connection) => {
      serveStream(options, { stream, connection, isWithinRate: rateOf(connection) }).catch(
        (error: unknown) => {
          // The peer went, or sent what is no frame: either way there is nobody to answer.
          stream.abort(error instanceof Error ? error : new Error('mailbox stream failed'));
        },
      );
    },
    { maxInboundStreams: streamsPerPeerMax, runOnLimitedConnection: false },
  );
  return async () => {
    clearInterval(expiry);
    await node.unhandle(mailboxProtocol);
    mailbox.close();
  };
};
