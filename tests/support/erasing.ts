/** One device alone in a group over the real conversation, for tests of what it erases. */
import { assert } from '../../src/base/assert.ts';
import { toHex } from '../../src/base/bytes.ts';
import { Conversation } from '../../src/core/conversation/conversation.ts';
import type { ConversationHost } from '../../src/core/conversation/conversation-host.ts';
import type { Place, ProjectedMessage } from '../../src/core/conversation/reading/projection.ts';
import { Settings } from '../../src/core/vault/settings.ts';
import { encodeText } from '../../src/protocol/content-payloads.ts';
import { encodeIdentityLog } from '../../src/protocol/membership/identity.ts';
import { convIdOf } from '../../src/protocol/membership/ops.ts';
import { setupCore, type TestCore } from './core-parts.ts';

const quietHost: Omit<ConversationHost, 'settings'> = {
  signal: () => undefined,
  changed: () => undefined,
  offersChanged: () => undefined,
  shown: () => undefined,
  peersShown: () => undefined,
  arrived: () => undefined,
  membershipChanged: () => undefined,
  offered: () => undefined,
  failed: () => undefined,
};

export interface Alone {
  readonly device: TestCore;
  readonly conversation: Conversation;
  readonly failures: string[];
}

export const loadAlone = async (device: TestCore, convId: Uint8Array): Promise<Alone> => {
  const failures: string[] = [];
  const host: ConversationHost = {
    ...quietHost,
    settings: new Settings(device.deps.vault),
    failed: (_: Conversation, failure: string) => {
      failures.push(failure);
    },
  };
  const conversation = new Conversation(device.deps, host, convId);
  const loaded = await conversation.opening.load();
  assert(loaded.ok, 'what was stored loads');
  return { device, conversation, failures };
};

export const setupAlone = async (options: Parameters<typeof setupCore>[0] = {}): Promise<Alone> => {
  const device = await setupCore(options);
  const { me } = device.deps;
  const create = {
    type: 'create',
    conversation: {
      kind: 'group',
      nonce: new Uint8Array(16),
      name: 'garden',
      policy: { addLevel: 2, keepMs: null },
      creator: me.identity.identityId,
    },
  } as const;
  const alone = await loadAlone(device, convIdOf(create));
  const { membership } = alone.conversation;
  await membership.author(create);
  await membership.author({
    type: 'identity',
    identityLog: encodeIdentityLog(me.identity),
    name: me.name,
  });
  const first = await alone.conversation.publish([], 'create');
  assert(first.ok, 'the first epoch is made');
  return alone;
};

/** The same device after a crash that loses what was not flushed. */
export const restartAlone = async ({ device, conversation }: Alone): Promise<Alone> =>
  loadAlone(await device.restart(), conversation.convId);

/** Resolves once they are in a log. */
export const write = async (
  { conversation }: Pick<Alone, 'conversation'>,
  texts: ReadonlyArray<string>,
): Promise<void> => {
  for (const text of texts) await conversation.send('text', encodeText({ text }));
  while (conversation.outbox.waiting.length > 0) await new Promise(setImmediate);
};

export const messagesOf = ({
  conversation,
}: Pick<Alone, 'conversation'>): ReadonlyArray<ProjectedMessage> =>
  [...conversation.projection.items].filter((item) => item.type === 'message');

/** What is read, with a sign for what was erased. */
export const textsOf = (alone: Pick<Alone, 'conversation'>): ReadonlyArray<string> =>
  messagesOf(alone).map(({ payload, isErased }) => (isErased ? '✗' : payload.text));

export const placeOf = (alone: Pick<Alone, 'conversation'>, text: string): Place => {
  const place = messagesOf(alone).find((message) => message.payload.text === text)?.place;
  assert(place !== undefined, 'the message is there');
  return place;
};

export const keyOf = (alone: Pick<Alone, 'conversation'>, text: string): string => {
  const key = messagesOf(alone).find((message) => message.payload.text === text)?.key;
  assert(key !== undefined, 'the message is there');
  return key;
};

export const ownHexOf = ({ device }: Alone): string => toHex(device.self.me.identity.identityId);
