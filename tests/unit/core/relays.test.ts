import { afterEach, expect, test } from 'vitest';
import { createCore } from '../../../src/core/core.ts';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import type { NetworkHandlers, RelayState } from '../../../src/network/port.ts';
import { createClock } from '../../../src/platform/clock.ts';
import { createNodeRandom } from '../../../src/platform/random.node.ts';
import { createPlainKeySlot } from '../../../src/platform/key-slot.node.ts';
import { decodeInviteLink } from '../../../src/protocol/invites/invite.ts';
import { createMemoryDisk } from '../../../src/storage/memory-disk.ts';
import { createMemoryStorage } from '../../../src/storage/memory.ts';
import { silentNetwork } from '../../support/core-parts.ts';
import { must } from '../../support/writers.ts';

const address = (name: string, transport = 'ws'): string =>
  `/dns4/${name}.example/tcp/443/tls/${transport}/p2p/${name}`;

const cores: ReturnType<typeof createCore>[] = [];
afterEach(async () => {
  for (const core of cores.splice(0)) await core.close();
});

const setup = async (ownRelays: ReadonlyArray<string>) => {
  let handlers: NetworkHandlers | undefined;
  const core = createCore({
    clock: createClock(),
    random: createNodeRandom(),
    backend: createNodeBackend(),
    keySlot: createPlainKeySlot(),
    storage: createMemoryStorage({ disk: createMemoryDisk() }),
    network: {
      ...silentNetwork,
      start: (own) => {
        handlers = own;
      },
    },
    config: { pageUrl: 'http://localhost/', ownRelays },
  });
  cores.push(core);
  must(await core.execute({ type: 'CreateIdentity', name: 'Alice' }));
  return {
    core,
    tell: (relay: string, state: RelayState): void => {
      const day = state === 'up' ? 1 : undefined;
      handlers?.event({ type: 'RelayChanged', relay, state, day, retryMs: undefined });
    },
    link: async (): Promise<string> => {
      const target = { kind: 'direct' } as const;
      return must(await core.execute({ type: 'PrepareInvite', target, isOpen: false })).link;
    },
  };
};

const relaysIn = (link: string): ReadonlyArray<string> => must(decodeInviteLink(link)).relays;

test('[IV3] a link names relays that answer before those that do not, each once before twice', async () => {
  const own = [address('oak'), address('oak', 'wss')];
  const { core, tell, link } = await setup(own);
  const added = [address('yew'), address('ash'), address('fir')];
  must(await core.execute({ type: 'SetRelays', addresses: added }));
  expect(relaysIn(await link())).toEqual([address('oak'), address('yew'), address('ash')]);
  for (const relay of [...own, address('fir')]) tell(relay, 'up');
  expect(relaysIn(await link())).toEqual([address('oak'), address('yew'), address('fir')]);
  for (const relay of own) tell(relay, 'unreachable');
  tell(address('yew'), 'up');
  tell(address('ash'), 'up');
  expect(relaysIn(await link())).toEqual(added);
});

test('[IV3] asked for again, it is the same invite with the relays of now', async () => {
  const { core, tell, link } = await setup([address('oak')]);
  const first = await link();
  expect(await link()).toBe(first);
  must(await core.execute({ type: 'SetRelays', addresses: [address('yew')] }));
  tell(address('yew'), 'up');
  const second = await link();
  expect(relaysIn(second)).toEqual([address('oak'), address('yew')]);
  expect(must(decodeInviteLink(second)).secret).toEqual(must(decodeInviteLink(first)).secret);
  expect(await link()).toBe(second);
});
