/** Sotto without a screen: the real core in Node over real libp2p and a real database. */
import { join } from 'node:path';
import type {
  Command,
  CommandResult,
  CoreEvent,
  CoreState,
  DeliveryState,
  MessageItem,
} from '../../../src/core/api.ts';
import { createCore } from '../../../src/core/core.ts';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import { createNodeNetwork, type NodeNetworkOptions } from '../../../src/network/libp2p.node.ts';
import { createClock } from '../../../src/platform/clock.ts';
import { createNodeRandom } from '../../../src/platform/random.node.ts';
import { createPlainKeySlot } from '../../../src/platform/key-slot.node.ts';
import { createSqliteStorage } from '../../../src/storage/sqlite.node.ts';

const patienceMs = 180_000; // many of them share a processor

export interface NodePeer {
  execute<C extends Command>(command: C): Promise<CommandResult<C>>;
  /** The value of a command that must succeed. */
  must<T>(
    result: Promise<
      { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }
    >,
  ): Promise<T>;
  /** Resolves with what the look finds in the state, now or after a change. */
  until<T>(look: (state: CoreState) => T | undefined, withinMs?: number): Promise<T>;
  /** Resolves when so many different messages have been shown since the timeline was opened. */
  untilShown(count: number): Promise<void>;
  /** Resolves when the open timeline shows this text, with this delivery where one is given. */
  untilSeen(text: string, delivery?: DeliveryState): Promise<void>;
  /** Each message of the open timeline, its text, when it is first shown. */
  onText(hear: (text: string) => void): void;
  close(): Promise<void>;
}

/**
 * Whoever keeps their data in this folder under this name, perhaps from before. `network`: where it
 * listens; nowhere unless given.
 */
export const openNodePeer = (
  { folder, name, relay }: { folder: string; name: string; relay: string },
  network: NodeNetworkOptions = {},
): NodePeer => {
  const core = createCore({
    clock: createClock(),
    random: createNodeRandom(),
    backend: createNodeBackend(),
    keySlot: createPlainKeySlot(),
    storage: createSqliteStorage({ path: join(folder, `${name}.sqlite`) }),
    network: createNodeNetwork(network),
    config: { pageUrl: 'http://127.0.0.1/', ownRelays: [relay] },
  });
  let state: CoreState | undefined;
  const shown = new Map<string, MessageItem>();
  const checks = new Set<() => void>();
  let hear: (text: string) => void = () => undefined;
  core.subscribe((event: CoreEvent) => {
    if (event.type === 'StateChanged') state = event.state;
    if (event.type === 'TimelineSpliced') {
      for (const item of event.inserted) {
        if (item.type !== 'message') continue;
        const isNew = !shown.has(item.key);
        shown.set(item.key, item);
        if (isNew) hear(item.text);
      }
    }
    for (const check of [...checks]) check();
  });

  const until = <T>(look: (now: CoreState) => T | undefined, withinMs = patienceMs): Promise<T> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        checks.delete(check);
        reject(new Error(`${name}: what was waited for did not come`));
      }, withinMs);
      const check = (): void => {
        const found = state && look(state);
        if (found === undefined) return;
        checks.delete(check);
        clearTimeout(timer);
        resolve(found);
      };
      checks.add(check);
      check();
    });

  return {
    execute: (command) => core.execute(command),
    must: async (answer) => {
      const result = await answer;
      if (!result.ok) throw new Error(`${name} was refused: ${JSON.stringify(result.error)}`);
      return result.value;
    },
    until,
    untilShown: async (count) => {
      await until(() => (shown.size >= count ? true : undefined));
    },
    untilSeen: async (text, delivery) => {
      const isIt = (item: MessageItem): boolean =>
        item.text === text && (delivery === undefined || item.delivery?.state === delivery);
      await until(() => (shown.values().some(isIt) ? true : undefined));
    },
    onText: (listener) => {
      hear = listener;
    },
    close: () => core.close(),
  };
};

/** Somebody new. */
export const startNodePeer = async (
  folder: string,
  name: string,
  relay: string,
): Promise<NodePeer> => {
  const peer = openNodePeer({ folder, name, relay });
  await peer.must(peer.execute({ type: 'CreateIdentity', name }));
  return peer;
};

/** Two newcomers come to share a direct conversation; its id on each side. */
export const befriendPeers = async (
  alice: NodePeer,
  bob: NodePeer,
): Promise<{ readonly alice: string; readonly bob: string }> => {
  const target = { kind: 'direct' } as const;
  const { link } = await alice.must(
    alice.execute({ type: 'PrepareInvite', target, isOpen: false }),
  );
  await bob.must(bob.execute({ type: 'Join', link }));
  const { requestId } = await alice.until(({ requests }) => requests[0]);
  await alice.must(alice.execute({ type: 'Decide', requestId, isApproved: true }));
  const idOf = (peer: NodePeer): Promise<string> =>
    peer.until(
      ({ conversations }) =>
        conversations.find(({ kind, truth }) => kind === 'direct' && truth.kind === 'relayed')?.id,
    );
  const ids = { alice: await idOf(alice), bob: await idOf(bob) };
  await bob.must(bob.execute({ type: 'OpenTimeline', conversationId: ids.bob }));
  return ids;
};
