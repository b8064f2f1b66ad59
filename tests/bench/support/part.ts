/** A part of a bench in a process of its own: it answers calls, and ends with its parent. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

type Handlers = Readonly<Record<string, (input: never) => Promise<unknown>>>;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly reason?: string;
}

/** In the part: answers what it is called for, one call beside the other. */
export const answerCalls = (handlers: Handlers): void => {
  process.on('message', ({ id, name, input }: Call) => {
    const answer = (rest: Omit<Answer, 'id'>): void => {
      process.send?.({ id, ...rest });
    };
    const handler = handlers[name];
    if (handler === undefined) answer({ reason: `nothing is called ${name}` });
    else {
      handler(input as never).then(
        (value) => {
          answer({ value });
        },
        (reason: unknown) => {
          answer({ reason: String(reason) });
        },
      );
    }
  });
  process.on('disconnect', () => process.exit());
};

/** The same from outside. */
export interface Part<H extends Handlers> {
  call<N extends keyof H & string>(name: N, input: Parameters<H[N]>[0]): ReturnType<H[N]>;
  stop(): Promise<void>;
}

export const startPart = <H extends Handlers>(script: string): Part<H> => {
  const child = fork(script, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  child.on('message', ({ id, value, reason }: Answer) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (reason === undefined) call?.resolve(value);
    else call?.reject(new Error(reason));
  });
  void exited.then(() => {
    for (const call of waiting.values()) call.reject(new Error(`${script} has ended`));
  });
  return {
    call: (name, input) => {
      lastId += 1;
      const call = Promise.withResolvers<unknown>();
      waiting.set(lastId, call);
      child.send({ id: lastId, name, input });
      return call.promise as ReturnType<H[typeof name]>;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
};
