/** What somebody's root signed in one group comes to be known in another one, also to who met nobody of the first. */
import { expect, test } from 'vitest';
import {
  appendIdentityEntry,
  encodeIdentityLog,
  readIdentityLog,
  rootSigner,
} from '../../src/protocol/membership/identity.ts';
import { bytesNamed } from '../support/conversation.ts';
import { groupStateOf } from '../support/whole-state.ts';
import { must } from '../support/writers.ts';
import { personOf } from './members.ts';
import type { Peer } from './peer.ts';
import { History } from './run.ts';

const groupsOf = (peer: Peer): ReadonlyArray<string> =>
  (peer.state?.conversations ?? []).filter(({ kind }) => kind === 'group').map(({ id }) => id);

const troublesOf = (peer: Peer, name: string): ReadonlyArray<string> =>
  peer.details?.members.find(({ person }) => person.name === name)?.troubles ?? [];

/** Alice, Bob and Carol in a group; Bob and Carol in another, which Alice is not in. */
const setup = async (seed: number) => {
  const history = new History(seed, { messages: 0, isHarsh: false, peers: 3 });
  await history.meet();
  const { world } = history;
  await world.run(1000);
  const [alice, bob, carol] = history.peers;
  if (!alice || !bob || !carol) throw new Error('three peers');
  const conversationId = history.ids.get(bob) ?? '';
  const personId = personOf(bob, 'alice').id;
  must(await bob.do({ type: 'NewGroupWithout', conversationId, personId }));
  await world.run(10_000);
  const freshOf = (peer: Peer): string =>
    groupsOf(peer).find((id) => id !== history.ids.get(peer)) ?? '';
  /** Carol shows another log of hers in the first group, which only Alice hears. */
  const showOther = async (isSigned: boolean): Promise<void> => {
    await carol.crash();
    await bob.crash();
    const state = await groupStateOf(carol.disk);
    const { rootSeed, identity } = state.self.me;
    const seed = isSigned ? rootSeed : bytesNamed('mallory');
    const signer = await rootSigner(state.core.backend, seed);
    const { rootPub } = identity;
    const root = { publicKey: rootPub, sign: (message: Uint8Array) => signer.sign(message) };
    const entry = await appendIdentityEntry(root, undefined, {
      type: 'cert',
      devSignPub: bytesNamed('other device'),
      inboxPub: bytesNamed('other inbox'),
    });
    const log = must(readIdentityLog({ rootPub, entries: [entry] }));
    await state.membership.author({ type: 'identity', identityLog: encodeIdentityLog(log) });
    must(await state.membership.store());
    state.disk.flush(() => true);
    carol.start();
    await world.run(20_000); // Alice hears of it
    await carol.crash();
    bob.start();
    await world.run(20_000); // and Bob, of her, in the first group
    await bob.open(freshOf(bob));
    await world.run(5000);
  };
  return { bob, showOther };
};

test('[ID6] another history of somebody’s root is told on to a group where nobody met it', async () => {
  const { bob, showOther } = await setup(41);
  await showOther(true);
  expect(troublesOf(bob, 'carol')).toContain('identity-log');
});

test('[ID6] what the root did not sign is told on by nobody', async () => {
  const { bob, showOther } = await setup(41);
  await showOther(false);
  expect(troublesOf(bob, 'carol')).toEqual([]);
});
