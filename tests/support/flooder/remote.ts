/** How a test holds Mallory's node: see flooder.ts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BrowserContext } from '@playwright/test';
import { until } from '../browsers.ts';

/**
 * Gossip of a member: entries spoilt somewhere, or entries of later, of which nothing can be seen to
 * be wrong. On the sync protocol, as a stranger: noise, or frames about nothing that is shared.
 */
export type FloodKind = 'spoilt-gossip' | 'late-gossip' | 'noise-on-sync' | 'stray-on-sync';

export interface Heard {
  readonly isConnected: boolean;
  /** Entries of others that came by. */
  readonly entries: number;
}

export interface Flood {
  /** Envelopes or frames that the transport took. */
  readonly taken: number;
  readonly lastedMs: number;
  /** The page closed the connection. */
  readonly isHungUp: boolean;
}

export interface Flooder {
  /** As of a relay. */
  readonly address: string;
  /** Resolves when it is connected and has heard an entry of the page. */
  untilHeard(): Promise<void>;
  flood(kind: FloodKind, forMs: number): Promise<Flood>;
  stop(): Promise<void>;
}

export const startFlooder = async (): Promise<Flooder> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'flooder.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the flooder ended');
    return JSON.parse(value) as T;
  };
  const ask = <T>(order: string): Promise<T> => {
    child.stdin.write(`${order}\n`);
    return next<T>();
  };
  const { address } = await next<{ readonly address: string }>();
  return {
    address,
    untilHeard: async () => {
      const look = async (): Promise<true | undefined> => {
        const { isConnected, entries } = await ask<Heard>('heard');
        return isConnected && entries > 0 ? true : undefined;
      };
      await until(look, { withinMs: 60_000, sentence: () => 'nothing came by the flooder' });
    },
    flood: (kind, forMs) => ask(`flood ${kind} ${String(forMs)}`),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
};

/** Before the first page of this context: it is told of these as of relays of its app. */
export const addFlooders = async (
  appUrl: string,
  context: BrowserContext,
  flooders: ReadonlyArray<Flooder>,
): Promise<void> => {
  const list = (await (await fetch(`${appUrl}relay.json`)).json()) as {
    readonly relays: ReadonlyArray<string>;
  };
  const relays = [...list.relays, ...flooders.map(({ address }) => address)];
  await context.route('**/relay.json', (route) => route.fulfill({ json: { relays } }));
};
