/**
 * Commands to the core of the real, built app, from outside: the page's one worker is noted as it is
 * made, and spoken to in the words of src/platform/channel.ts. The window ignores answers to calls
 * that are not its own. This is how ten thousand messages come about without ten thousand key strokes.
 */
import type { BrowserContext, Page } from '@playwright/test';
import type { Command } from '../../../src/core/api.ts';
import type { StateChange } from '../../../src/core/screen/state-change.ts';

declare global {
  var benchWorker: Worker;
  /** Resolves with it: a page that has loaded may not have made it yet. */
  var benchWorkerMade: Promise<Worker>;
  /** Answers with the value; rejects when the core refuses. */
  var benchExecute: (command: unknown) => Promise<unknown>;
}

const noteWorker = (): void => {
  const PlainWorker = globalThis.Worker;
  const { promise, resolve: made } = Promise.withResolvers<Worker>();
  globalThis.benchWorkerMade = promise;
  globalThis.Worker = class extends PlainWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      globalThis.benchWorker = this;
      made(this);
    }
  };
  interface Answer {
    readonly id: number;
    readonly answer?: { readonly ok: boolean; readonly value?: unknown; readonly error?: unknown };
  }
  const waiting = new Map<number, (answer: Answer['answer']) => void>();
  let heardOf: Worker | undefined;
  let lastId = 1_000_000_000; // far from the window's own calls
  const hear = ({ data }: MessageEvent<Answer>): void => {
    waiting.get(data.id)?.(data.answer);
    waiting.delete(data.id);
  };
  globalThis.benchExecute = async (argument) => {
    const { benchWorker: worker } = globalThis;
    if (heardOf !== worker) worker.addEventListener('message', hear);
    heardOf = worker;
    lastId += 1;
    const id = lastId;
    const answer = await new Promise<Answer['answer']>((resolve) => {
      waiting.set(id, resolve);
      worker.postMessage({ kind: 'call', id, name: 'execute', argument });
    });
    if (answer?.ok !== true) throw new Error(`refused: ${JSON.stringify(answer?.error)}`);
    return answer.value;
  };
};

/** Before the context's first page. */
export const tapCore = async (context: BrowserContext): Promise<void> => {
  await context.addInitScript(noteWorker);
};

export interface SendOptions {
  readonly conversationId: string;
  readonly count: number;
  /** Commands that wait for their answer at a time. */
  readonly atOnce: number;
}

export interface Sent {
  readonly totalMs: number;
  /** From the command to "durably stored", each. */
  readonly ackMs: ReadonlyArray<number>;
}

/** In the page. Rejects when the core refuses one. */
const sendThere = async ({ conversationId, count, atOnce }: SendOptions): Promise<Sent> => {
  const roomMs = 500;
  const sendOne = async (i: number): Promise<number> => {
    const startedMs = performance.now();
    const text = `message ${String(i).padStart(5, '0')}, about as long as what people really write`;
    await globalThis.benchExecute({ type: 'SendMessage', conversationId, text });
    return performance.now() - startedMs;
  };
  /** As many wait as may: what came before goes into its log first. */
  const sendWhenThereIsRoom = async (i: number): Promise<number> => {
    for (;;) {
      try {
        return await sendOne(i);
      } catch (error) {
        if (!String(error).includes('too-many')) throw error;
        await new Promise((resolve) => setTimeout(resolve, roomMs));
      }
    }
  };
  const ackMs: number[] = [];
  let next = 0;
  const sendOn = async (): Promise<void> => {
    while (next < count) {
      const i = next;
      next += 1;
      ackMs.push(await sendWhenThereIsRoom(i));
    }
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: atOnce }, sendOn));
  return { totalMs: performance.now() - startedMs, ackMs };
};

export const sendMany = (page: Page, options: SendOptions): Promise<Sent> =>
  page.evaluate(sendThere, options);

/** In the page: one after another, each answered with its value. */
const executeThere = async (commands: ReadonlyArray<unknown>): Promise<ReadonlyArray<unknown>> => {
  const values: unknown[] = [];
  for (const command of commands) values.push(await globalThis.benchExecute(command));
  return values;
};

export const executeAll = (
  page: Page,
  commands: ReadonlyArray<Command>,
): Promise<ReadonlyArray<unknown>> => page.evaluate(executeThere, commands);

/** In the page: resolves when the core says that so many of this conversation are unread. */
const unreadThere = async ([id, count]: readonly [string, number]): Promise<void> => {
  const worker = await globalThis.benchWorkerMade;
  await new Promise<void>((resolve) => {
    const hear = ({
      data,
    }: MessageEvent<{ readonly notice?: { readonly change?: StateChange } }>) => {
      const found = data.notice?.change?.changed.find((one) => one.id === id);
      if ((found?.unreadCount ?? 0) < count) return;
      worker.removeEventListener('message', hear);
      resolve();
    };
    worker.addEventListener('message', hear);
  });
};

export const untilUnread = (page: Page, conversationId: string, count: number): Promise<void> =>
  page.evaluate(unreadThere, [conversationId, count] as const);

/** Of the conversation that the page shows, from its address. */
export const shownConversationId = (page: Page): string => {
  const [, , id] = new URL(page.url()).hash.split('/');
  if (id === undefined || id === '') throw new Error(`no conversation is open: ${page.url()}`);
  return decodeURIComponent(id);
};
