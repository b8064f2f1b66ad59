/**
 * Calls and notices over a message port: the link between a window and its worker. It carries
 * structured-cloneable values by copy: either side goes on using the bytes it sent, but for those
 * that it gives away.
 */
import { fillsMemory } from '../base/memory.ts';

/** The part of MessagePort and Worker that is used. */
export interface MessageEndpoint {
  postMessage(message: unknown, givenAway: ArrayBuffer[]): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** What crosses in one direction: calls with an answer, and notices without one. */
export interface Traffic {
  readonly calls: Readonly<
    Record<string, { readonly argument: unknown; readonly answer: unknown }>
  >;
  readonly notices: unknown;
}

type CallName<T extends Traffic> = keyof T['calls'] & string;

export interface Channel<Out extends Traffic> {
  /** Rejects when the other side's handler failed. */
  call<N extends CallName<Out>>(
    name: N,
    argument: Out['calls'][N]['argument'],
    givenAway?: ArrayBuffer[],
  ): Promise<Out['calls'][N]['answer']>;
  notify(notice: Out['notices'], givenAway?: ArrayBuffer[]): void;
}

/** The memory of bytes that nobody here uses any more; none where they are a part of something else. */
export const memoryOf = (bytes: Uint8Array): ArrayBuffer[] =>
  bytes.buffer instanceof ArrayBuffer && fillsMemory(bytes) ? [bytes.buffer] : [];

export interface ChannelHandlers<In extends Traffic> {
  readonly calls: {
    readonly [N in CallName<In>]: (
      argument: In['calls'][N]['argument'],
    ) => Promise<In['calls'][N]['answer']> | In['calls'][N]['answer'];
  };
  notice(notice: In['notices']): void;
}

type Message =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly name: string;
      readonly argument: unknown;
    }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly reason: string }
  | { readonly kind: 'notice'; readonly notice: unknown };

export const createChannel = <Out extends Traffic, In extends Traffic>(
  endpoint: MessageEndpoint,
  handlers: ChannelHandlers<In>,
): Channel<Out> => {
  const waiting = new Map<
    number,
    { readonly resolve: (answer: never) => void; readonly reject: (reason: Error) => void }
  >();
  let nextId = 0;

  const post = (message: Message, givenAway: ArrayBuffer[] = []): void => {
    endpoint.postMessage(message, givenAway);
  };

  const answer = async ({ id, name, argument }: Extract<Message, { kind: 'call' }>) => {
    try {
      const handler = handlers.calls[name as CallName<In>];
      post({ kind: 'answer', id, answer: await handler(argument) });
    } catch (reason) {
      post({ kind: 'failure', id, reason: String(reason) });
    }
  };

  endpoint.addEventListener('message', ({ data }) => {
    const message = data as Message; // only our own worker holds the other end
    switch (message.kind) {
      case 'call':
        void answer(message);
        return;
      case 'notice':
        handlers.notice(message.notice);
        return;
      case 'answer':
        waiting.get(message.id)?.resolve(message.answer as never);
        waiting.delete(message.id);
        return;
      case 'failure':
        waiting.get(message.id)?.reject(new Error(message.reason));
        waiting.delete(message.id);
    }
  });

  return {
    call: (name, argument, givenAway) =>
      new Promise((resolve, reject) => {
        const id = nextId;
        nextId += 1;
        waiting.set(id, { resolve, reject });
        post({ kind: 'call', id, name, argument }, givenAway);
      }),
    notify: (notice, givenAway) => {
      post({ kind: 'notice', notice }, givenAway);
    },
  };
};
