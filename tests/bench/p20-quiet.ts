/**
 * P20: eight peers in one group are connected and nobody says anything: bytes a minute for each of them,
 * as TCP carries them, and how much of a core all eight take. Windows of ten seconds, soon after the
 * last one came in, so what goes on less often than that is seen by chance or not at all.
 * Ours are cores in Node over a relay in a process of its own, whose part is not counted; they still
 * ask it who is there as often as after any change. Against: eight bare gossipsub nodes, after ours.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { cpuMs } from '../support/cost.ts';
import type { Bench, Row } from './bench.ts';
import { startBareCrowd } from './support/bare-crowd.ts';
import { startNodeCrowd } from './support/node-crowd.ts';
import { countSocketBytes, type SocketBytes } from './support/socket-bytes.ts';

const peers = 8;
const settleMs = 2000;
const windowMs = 10_000; // libp2p asks over each connection as often whether it is there
const minuteMs = 60_000;

interface Quiet {
  readonly kilobytesPerMinute: number;
  readonly cpuPercent: number;
}

/** `ends`: how many ends of each connection opened here are among the eight. */
const listen = async (bytes: SocketBytes, ends: 1 | 2, windows: number): Promise<Quiet[]> => {
  await delay(settleMs);
  const all: Quiet[] = [];
  for (let i = 0; i < windows; i++) {
    const before = { bytes: bytes.read(), cpuMs: cpuMs(), atMs: performance.now() };
    await delay(windowMs);
    const tookMs = performance.now() - before.atMs;
    const passed = (ends * (bytes.read() - before.bytes)) / peers;
    all.push({
      kilobytesPerMinute: (passed / 1000) * (minuteMs / tookMs),
      cpuPercent: (100 * (cpuMs() - before.cpuMs)) / tookMs,
    });
  }
  return all;
};

const listenToOurs = async (windows: number): Promise<ReadonlyArray<Quiet>> => {
  const bytes = countSocketBytes();
  try {
    const crowd = await startNodeCrowd();
    try {
      await crowd.growTo(peers);
      return await listen(bytes, 1, windows); // the other end is the relay
    } finally {
      await crowd.stop();
    }
  } finally {
    bytes.stop();
  }
};

const listenToBare = async (windows: number): Promise<ReadonlyArray<Quiet>> => {
  const bytes = countSocketBytes();
  try {
    const crowd = await startBareCrowd(peers);
    try {
      return await listen(bytes, 2, windows);
    } finally {
      await crowd.stop();
    }
  } finally {
    bytes.stop();
  }
};

export const quietBench: Bench = {
  id: 'P20',
  title: 'eight peers connected, nothing said',
  isSmoke: false,
  run: async ({ isSmoke }) => {
    const windows = isSmoke ? 1 : 2;
    const ours = await listenToOurs(windows);
    const bare = await listenToBare(windows);
    const rowOf = (
      id: string,
      measures: string,
      { unit, of, aim }: { unit: Row['unit']; of: (quiet: Quiet) => number; aim: string },
    ): Row => ({
      id: `P20${id}`,
      measures,
      unit,
      rounds: ours.map(of),
      against: { name: 'bare gossipsub', rounds: bare.map(of) },
      aim,
    });
    return [
      rowOf('a', `${String(peers)} quiet peers: a minute of one`, {
        unit: 'kB',
        of: ({ kilobytesPerMinute }) => kilobytesPerMinute,
        aim: '≤ 1.5×',
      }),
      rowOf('b', 'the same: of one core, all together', {
        unit: '%',
        of: ({ cpuPercent }) => cpuPercent,
        aim: '≤ 1 % each',
      }),
    ];
  },
};
