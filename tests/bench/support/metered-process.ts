/** A program in a process of its own that says what it costs (meter.ts), without knowing that it does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Reading } from './meter.ts';

const meter = pathToFileURL(join(import.meta.dirname, 'meter.ts')).href;

export interface MeteredProcess {
  /** The first line it printed: its address. */
  readonly address: string;
  read(): Promise<Reading>;
  stop(): Promise<void>;
}

export const startMetered = async (
  script: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<MeteredProcess> => {
  const child = spawn(process.execPath, ['--import', meter, script], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const ended = exited.then((): never => {
    throw new Error(`${script} has ended`);
  });
  ended.catch(() => undefined); // told to whoever waits
  const { stdout } = child;
  if (stdout === null) throw new Error('a pipe was asked for');
  const [printed] = (await Promise.race([once(stdout, 'data'), ended])) as [Buffer];
  return {
    address: printed.toString().split('\n')[0] ?? '',
    read: async () => {
      child.send('read');
      const [reading] = (await Promise.race([once(child, 'message'), ended])) as [Reading];
      return reading;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
};
