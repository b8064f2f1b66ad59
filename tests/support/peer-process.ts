/** The real thing: `npm run peer` without npm, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from './browsers.ts';

export interface PeerProcess {
  /** Resolves with the rest of the first line that starts like this. */
  said(start: string): Promise<string>;
  /** Everything it has said, also what went wrong. */
  output(): string;
  /** As a terminal or a service manager does; resolves with the exit code. */
  stop(signal: 'SIGINT' | 'SIGTERM'): Promise<number | null>;
  /** As a power cut. */
  kill(): Promise<void>;
  /** Resolves with the exit code of one that ends by itself. */
  ended(): Promise<number | null>;
}

export interface PeerProcessOptions {
  /** Of its mailbox; 0 lets the system choose. */
  readonly port?: number;
  readonly settings?: Readonly<Record<string, string>>;
}

export const startPeerProcess = (
  args: ReadonlyArray<string>,
  { port = 0, settings = {} }: PeerProcessOptions = {},
): PeerProcess => {
  const child = spawn(process.execPath, ['src/headless.ts', ...args], {
    env: { ...process.env, SOTTO_WS_PORT: String(port), SOTTO_WEBRTC_PORT: '', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = once(child, 'close') as Promise<[number | null]>;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null) child.kill(signal);
    return (await exited)[0];
  };
  return {
    said: (start) =>
      until(
        async () => {
          const line = output.split('\n').find((one) => one.startsWith(start));
          if (line === undefined && child.exitCode !== null) throw new Error(output);
          return line?.slice(start.length);
        },
        { withinMs: 60_000, sentence: () => `the peer never said "${start}":\n${output}` },
      ),
    output: () => output,
    stop: end,
    kill: async () => {
      await end('SIGKILL');
    },
    ended: async () => (await exited)[0],
  };
};
