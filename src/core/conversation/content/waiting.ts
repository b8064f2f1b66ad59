/**
 * What waits in the outbox, as it will be read: after everything else, in the order of composing, and
 * only on this device. It follows the outbox by itself: what was appended is in the fold instead.
 */
import type { Content } from '../../epochs/log-host.ts';
import type { ProjectedMessage } from '../reading/projection.ts';
import { annotationOf, type Annotation, type Written } from './annotation.ts';
import { messageOf } from './messages.ts';

interface Read {
  readonly of: ReadonlyArray<Content>;
  readonly messages: ReadonlyMap<string, ProjectedMessage>;
  readonly byTarget: ReadonlyMap<string, ReadonlyArray<Annotation>>;
  /** By the message that they name as their thread. */
  readonly byThread: ReadonlyMap<string, ReadonlyArray<ProjectedMessage>>;
  /** The message that each of them is, or is about. */
  readonly keys: ReadonlyArray<string | undefined>;
}

const nothing: Read = {
  of: [],
  messages: new Map(),
  byTarget: new Map(),
  byThread: new Map(),
  keys: [],
};
const none: ReadonlyArray<never> = [];

export class Waiting {
  readonly #ownHex: string;
  readonly #contents: () => ReadonlyArray<Content>;
  #read = nothing;

  constructor(ownHex: string, contents: () => ReadonlyArray<Content>) {
    this.#ownHex = ownHex;
    this.#contents = contents;
  }

  /** By key, in the order of composing. */
  get messages(): ReadonlyMap<string, ProjectedMessage> {
    return this.#current().messages;
  }

  annotationsOf(targetKey: string): ReadonlyArray<Annotation> {
    return this.#current().byTarget.get(targetKey) ?? none;
  }

  /** Messages that name this one as their thread. */
  inThread(threadKey: string): ReadonlyArray<ProjectedMessage> {
    return this.#current().byThread.get(threadKey) ?? none;
  }

  /** Contents that are one of these messages, or about one. */
  about(keys: ReadonlySet<string>): ReadonlyArray<Content> {
    const read = this.#current();
    return read.of.filter((_, at) => keys.has(read.keys[at] ?? ''));
  }

  /** Messages of which something waits. */
  get targets(): Iterable<string> {
    return this.#current().byTarget.keys();
  }

  /** The outbox replaces its list whenever it changes. */
  #current(): Read {
    const contents = this.#contents();
    if (contents !== this.#read.of) this.#read = readAll(contents, this.#ownHex);
    return this.#read;
  }
}

const readAll = (contents: ReadonlyArray<Content>, ownHex: string): Read => {
  const messages = new Map<string, ProjectedMessage>();
  const byTarget = new Map<string, Annotation[]>();
  const byThread = new Map<string, ProjectedMessage[]>();
  const keys: (string | undefined)[] = [];
  for (const [order, content] of contents.entries()) {
    // It will stand behind all that is known when it is appended.
    const last = { lamport: Infinity, hash: String(order).padStart(9, '0'), place: undefined };
    const written: Written = { ...content, ...last };
    const message = messageOf(written, ownHex);
    if (message !== undefined) {
      messages.set(message.key, message);
      pushTo(byThread, message.threadKey, message);
    }
    const annotation = annotationOf(written, ownHex);
    keys.push(message?.key ?? annotation?.targetKey);
    if (annotation === undefined) continue;
    pushTo(byTarget, annotation.targetKey, annotation);
  }
  return { of: contents, messages, byTarget, byThread, keys };
};

const pushTo = <T>(map: Map<string, T[]>, key: string | undefined, item: T): void => {
  if (key === undefined) return;
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
};
