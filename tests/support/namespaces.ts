/**
 * Two people on two networks: each browser in a Linux network namespace of its own, the server in a
 * third, and between them a link that delays, loses and breaks (link-emulator.py). WebRTC has no
 * other way from one to the other; nothing goes round the faults.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findChromium, makeTempDir, removeDir } from './browsers.ts';

const emulator = join(import.meta.dirname, 'link-emulator.py');

export interface LinkFaults {
  /** Each way. */
  readonly delayMs: number;
  /** From 0 to 1, of all packets, each way. */
  readonly loss: number;
  /** The same for UDP alone: what goes directly. TCP, which is the way over the relay, stays. */
  readonly udpLoss?: number;
}

/** Packets since the start, one count for each hop of each packet. */
export interface LinkCounts {
  readonly passed: number;
  readonly lost: number;
  readonly cut: number;
}

export interface Networks {
  /** Programs to start instead of Chromium: the same in Alice's and in Bob's network. */
  readonly chromiums: readonly [string, string];
  /** From now on. */
  set(faults: LinkFaults): Promise<LinkCounts>;
  /** Nothing passes, between the two and to the server; resolves when it passes again. */
  cut(seconds: number): Promise<LinkCounts>;
  /** The packet capture, where one was asked for: every frame that left a browser or the server. */
  readonly capturePath: string;
  /** Ends what is there but the capture, so that it can be read whole. */
  stop(): Promise<void>;
  /** Ends the namespaces; the browsers in them must be closed. */
  dispose(): Promise<void>;
}

const works = (program: string, ...args: ReadonlyArray<string>): boolean =>
  spawnSync(program, args).status === 0;

/** Why there can be no namespaces here; undefined where there can. */
export const namespaceObstacle = (): string | undefined => {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  if (!existsSync('/dev/net/tun')) return 'there is no /dev/net/tun';
  const missing = ['ip', 'python3'].find((name) => !works(name, '-V'));
  if (missing !== undefined) return `${missing} is not installed`;
  const probe = `sotto-${process.pid}-probe`;
  if (!works('ip', 'netns', 'add', probe)) return 'this machine refuses network namespaces';
  works('ip', 'netns', 'del', probe);
  return undefined;
};

/** A program of its own, since whoever starts a browser names only a program. */
const writeWrapper = async (dir: string, namespace: string): Promise<string> => {
  const chromium = findChromium();
  if (chromium === undefined) throw new Error('Chromium is not installed.');
  const path = join(dir, namespace);
  await writeFile(path, `#!/bin/sh\nexec ip netns exec ${namespace} "${chromium}" "$@"\n`);
  await chmod(path, 0o755);
  return path;
};

const toCounts = (line: string): LinkCounts => {
  const of = (name: string): number => Number(new RegExp(`${name}=(\\d+)`).exec(line)?.[1]);
  return { passed: of('passed'), lost: of('lost'), cut: of('cut') };
};

const wsPortOf = (relay: string): number => Number(/\/tcp\/(\d+)\/ws/.exec(relay)?.[1]);

/** Of the app at this address and of its relay: what a browser must reach. */
export const portsOf = async (appUrl: string): Promise<ReadonlyArray<number>> => {
  const answer = await fetch(`${appUrl}relay.json`);
  const { relays } = (await answer.json()) as { readonly relays: ReadonlyArray<string> };
  const wsPort = relays.map(wsPortOf).find((port) => port > 0);
  if (wsPort === undefined) throw new Error('the relay has no address over WebSocket');
  return [Number(new URL(appUrl).port), wsPort];
};

/** Both networks reach these ports of this machine as ports of their own 127.0.0.1. */
export const openNetworks = async (
  ports: ReadonlyArray<number>,
  { isRecorded = false } = {},
): Promise<Networks> => {
  const dir = await makeTempDir('namespaces');
  const prefix = `sotto-${process.pid}`;
  const capturePath = join(dir, 'capture.pcap');
  const recording = isRecorded ? capturePath : '-';
  // It ends by itself when this process ends and its input with it.
  const child = spawn('python3', [emulator, prefix, recording, ...ports.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('the emulated link has ended');
    return line.value;
  };
  const ask = async (line: string): Promise<LinkCounts> => {
    child.stdin.write(`${line}\n`);
    return toCounts(await answer());
  };
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await exited;
  };
  await answer(); // ready
  return {
    chromiums: [await writeWrapper(dir, `${prefix}-a`), await writeWrapper(dir, `${prefix}-b`)],
    set: ({ delayMs, loss, udpLoss = 0 }) =>
      ask(`delay_ms=${delayMs} loss=${loss} udp_loss=${udpLoss}`),
    cut: (seconds) => ask(`cut_s=${seconds}`),
    capturePath,
    stop,
    dispose: async () => {
      await stop();
      await removeDir(dir);
    },
  };
};
