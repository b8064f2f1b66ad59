/**
 * P3: two cores in Node over real libp2p, from "send" to shown at the other: composed, stored, sealed,
 * signed, carried, verified, stored again, opened. Node peers have no WebRTC here, so every message
 * crosses the relay, a process of its own. Against: bare gossipsub, signed and unsigned, straight from
 * node to node on loopback, with no relay, no storage and no end-to-end encryption.
 */
import { join } from 'node:path';
import { makeTempDir, removeDir } from '../support/browsers.ts';
import { cpuMs } from '../support/cost.ts';
import { startRelayProcess } from '../support/relay-process.ts';
import type { Bench, Row } from './bench.ts';
import { startBareGossip } from './support/bare-gossip.ts';
import { befriendPeers, startNodePeer } from './support/node-peer.ts';
import { median, quantile } from './support/statistics.ts';

const payloadBytes = 256;

/** Something that takes messages at one end and counts them at the other. */
interface Pipe {
  send(number: number): Promise<unknown>;
  untilReceived(count: number): Promise<void>;
}

interface Sizes {
  readonly rounds: number;
  /** One after the other. */
  readonly singles: number;
  /** All at once. */
  readonly burst: number;
}

interface Round {
  readonly singleMs: ReadonlyArray<number>;
  readonly burstPerSecond: number;
  /** Of both ends, this process, per message of the burst. */
  readonly cpuMs: number;
}

/** `before`: messages that went through earlier. */
const playRound = async (pipe: Pipe, sizes: Sizes, before: number): Promise<Round> => {
  const singleMs: number[] = [];
  let sent = before;
  for (let i = 0; i < sizes.singles; i++) {
    const startedMs = performance.now();
    sent += 1;
    await Promise.all([pipe.send(sent), pipe.untilReceived(sent)]);
    singleMs.push(performance.now() - startedMs);
  }
  const startedMs = performance.now();
  const startedCpuMs = cpuMs();
  const sending: Array<Promise<unknown>> = [];
  for (let i = 0; i < sizes.burst; i++) {
    sent += 1;
    sending.push(pipe.send(sent));
  }
  await Promise.all([...sending, pipe.untilReceived(sent)]);
  return {
    singleMs,
    burstPerSecond: (1000 * sizes.burst) / (performance.now() - startedMs),
    cpuMs: (cpuMs() - startedCpuMs) / sizes.burst,
  };
};

const gossipPipe = async (isSigned: boolean): Promise<Pipe & { stop(): Promise<void> }> => {
  const gossip = await startBareGossip(isSigned);
  return {
    send: (number) => {
      const payload = new Uint8Array(payloadBytes);
      new DataView(payload.buffer).setFloat64(0, number); // no two alike, or it counts as a duplicate
      return gossip.publish(payload);
    },
    untilReceived: gossip.untilReceived,
    stop: gossip.stop,
  };
};

const sottoPipe = async (folder: string): Promise<Pipe & { stop(): Promise<void> }> => {
  const relay = await startRelayProcess({ dataDir: join(folder, 'relay') });
  const alice = await startNodePeer(folder, 'Alice', relay.address);
  const bob = await startNodePeer(folder, 'Bob', relay.address);
  const ids = await befriendPeers(alice, bob);
  return {
    send: (number) => {
      const text = String(number).padEnd(payloadBytes, '.');
      return alice.must(alice.execute({ type: 'SendMessage', conversationId: ids.alice, text }));
    },
    untilReceived: bob.untilShown,
    stop: async () => {
      await alice.close();
      await bob.close();
      await relay.stop();
    },
  };
};

const playAll = async (pipes: ReadonlyArray<Pipe>, sizes: Sizes): Promise<Round[][]> => {
  const rounds: Round[][] = pipes.map(() => []);
  const perRound = sizes.singles + sizes.burst;
  for (let round = 0; round < sizes.rounds; round++) {
    for (const [at, pipe] of pipes.entries()) {
      rounds[at]?.push(await playRound(pipe, sizes, round * perRound));
    }
  }
  return rounds;
};

const rowsOf = (ours: ReadonlyArray<Round>, others: Record<string, ReadonlyArray<Round>>): Row[] =>
  Object.entries(others).flatMap(([name, theirs], at) => {
    const letter = at === 0 ? 's' : 'u';
    const row = (
      id: string,
      measures: string,
      { unit, of, aim }: { unit: Row['unit']; of: (round: Round) => number; aim?: string },
    ): Row => ({
      id: `P3${letter}${id}`,
      measures,
      unit,
      rounds: ours.map(of),
      against: { name, rounds: theirs.map(of) },
      ...(aim === undefined || at > 0 ? {} : { aim }),
    });
    return [
      row('a', 'send to shown in Node over a relay, p50', {
        unit: 'ms',
        of: ({ singleMs }) => median(singleMs),
        aim: '≤ 1.5× (without a relay)',
      }),
      row('b', 'the same, p95', { unit: 'ms', of: ({ singleMs }) => quantile(singleMs, 0.95) }),
      row('c', 'messages a second in a burst', {
        unit: 'per s',
        of: ({ burstPerSecond }) => burstPerSecond,
        aim: '≥ 0.5×',
      }),
      row('d', 'CPU for a message of the burst, both ends', {
        unit: 'ms',
        of: ({ cpuMs: spent }) => spent,
      }),
    ];
  });

export const nodePeersBench: Bench = {
  id: 'P3',
  title: 'two peers in Node over libp2p',
  isSmoke: true,
  run: async ({ isSmoke }) => {
    const folder = await makeTempDir('peers');
    const stops: Array<() => Promise<void>> = [() => removeDir(folder)];
    const started = <T extends { stop(): Promise<void> }>(pipe: T): T => {
      stops.unshift(pipe.stop);
      return pipe;
    };
    try {
      const sotto = started(await sottoPipe(folder));
      const signed = started(await gossipPipe(true));
      const unsigned = started(await gossipPipe(false));
      const sizes = isSmoke
        ? { rounds: 3, singles: 20, burst: 50 }
        : { rounds: 5, singles: 60, burst: 200 };
      const [ours = [], theirsSigned = [], theirsUnsigned = []] = await playAll(
        [sotto, signed, unsigned],
        sizes,
      );
      return rowsOf(ours, {
        'bare gossipsub, signed': theirsSigned,
        'bare gossipsub, unsigned': theirsUnsigned,
      });
    } finally {
      for (const stop of stops) await stop();
    }
  },
};
