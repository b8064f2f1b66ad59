import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openNodePeer, startNodePeer, type NodePeer } from '../bench/support/node-peer.ts';
import { makeTempDir, removeDir } from '../support/browsers.ts';
import { startPeerProcess, type PeerProcess } from '../support/peer-process.ts';
import { startRelayProcess } from '../support/relay-process.ts';

vi.setConfig({ testTimeout: 120_000 });

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const setupFolder = async (): Promise<string> => {
  const folder = await makeTempDir('headless');
  undo.push(() => removeDir(folder));
  return folder;
};

const setupPeer = (...args: Parameters<typeof startPeerProcess>): PeerProcess => {
  const peer = startPeerProcess(...args);
  undo.push(() => peer.kill());
  return peer;
};

const setupPerson = async (folder: string, name: string, relay: string): Promise<NodePeer> => {
  const person = await startNodePeer(folder, name, relay);
  undo.push(() => person.close());
  return person;
};

/** Alice's group, and an open link to it. */
const setupGroup = async (alice: NodePeer) => {
  const group = { type: 'CreateGroup', name: 'Garden' } as const;
  const { conversationId } = await alice.must(alice.execute(group));
  const target = { kind: 'conversation', conversationId } as const;
  const { link } = await alice.must(alice.execute({ type: 'PrepareInvite', target, isOpen: true }));
  return { link };
};

interface Visit {
  readonly person: NodePeer;
  readonly garden: string;
}

/** Looks at the group, once it is there. */
const visit = async (person: NodePeer): Promise<Visit> => {
  const garden = await person.until(
    ({ conversations }) => conversations.find(({ name }) => name === 'Garden')?.id,
  );
  await person.must(person.execute({ type: 'OpenTimeline', conversationId: garden }));
  return { person, garden };
};

const write = ({ person, garden }: Visit, text: string) =>
  person.must(person.execute({ type: 'SendMessage', conversationId: garden, text }));

/** Alice and Bob in a group of theirs; both have seen a message of the other. */
const setupTwo = async (folder: string, relay: string) => {
  const alicePeer = await setupPerson(folder, 'Alice', relay);
  const { link } = await setupGroup(alicePeer);
  const alice = await visit(alicePeer);
  const bobPeer = await setupPerson(folder, 'Bob', relay);
  await bobPeer.must(bobPeer.execute({ type: 'Join', link }));
  const bob = await visit(bobPeer);
  await write(bob, 'hello from Bob');
  await alice.person.untilSeen('hello from Bob');
  await write(alice, 'hello from Alice');
  await bob.person.untilSeen('hello from Alice');
  return { alice, bob, link };
};

const portIn = (address: string): number => Number(/tcp\/(\d+)/u.exec(address)?.[1]);

test('[PE1] what cannot be done is said in a sentence, and ends it with 1', async () => {
  const folder = await setupFolder();
  const data = join(folder, 'peer');
  const refused: ReadonlyArray<readonly [args: ReadonlyArray<string>, sentence: string]> = [
    [[], 'Say with --data where this peer keeps its data.'],
    [['--data', data, '--walls'], "Unknown option '--walls'"],
    [['--data', data, '--name', ' '], 'The name after --name is empty or too long.'],
    [['--data', data, '--relay', '/nowhere'], '"/nowhere" is no relay address.'],
    [['--data', data, '--join', 'https://sotto.example/'], 'This is not a whole invite link.'],
    [['--data', join(folder, 'peer/peer.sqlite')], 'The peer could not start: '],
  ];
  for (const [args, sentence] of refused) {
    const peer = setupPeer(args);
    expect(await peer.ended()).toBe(1);
    expect(peer.output()).toContain(sentence);
  }
  const off = setupPeer(['--data', data, '--mailbox'], { settings: { SOTTO_MAILBOX_MB: '0' } });
  expect(await off.ended()).toBe(1);
  expect(off.output()).toContain('SOTTO_MAILBOX_MB');
});

test('[PE1, PE2, PE5] one process at a time has the data, and it stays who it was', async () => {
  const data = join(await setupFolder(), 'peer');
  const listen = ['--listen', '127.0.0.1:0'];
  const first = setupPeer(['--data', data, '--name', 'Keeper', '--mailbox', ...listen]);
  expect(await first.said('Name: ')).toBe('Keeper');
  expect(await first.said('Listens: ')).toBe('/ip4/127.0.0.1/tcp/0/ws');
  const address = await first.said('Address: ');
  const second = setupPeer(['--data', data]);
  expect(await second.ended()).toBe(1);
  expect(second.output()).toContain('Another process uses this data folder.');
  const port = portIn(address);
  const third = setupPeer(['--data', join(data, 'other'), '--mailbox'], { port });
  expect(await third.ended()).toBe(1);
  expect(third.output()).toContain(`TCP port ${port} on 127.0.0.1 is already in use`);
  const taken = ['--listen', `127.0.0.1:${port}`];
  const fourth = setupPeer(['--data', join(data, 'other'), ...taken]);
  expect(await fourth.ended()).toBe(1);
  expect(fourth.output()).toContain('choose another one with --listen');
  expect(await first.stop('SIGINT')).toBe(0);
  const again = setupPeer(['--data', data, '--mailbox'], { port });
  expect(await again.said('Name: ')).toBe('Keeper');
  expect(await again.said('Address: ')).toBe(address);
  expect(await again.said('Relay: ')).toBe(address);
  await again.kill();
});

test('[PE2, PE3] it joins by a link, stays in, and hands on what who was away missed', async () => {
  const folder = await setupFolder();
  const settings = { SOTTO_MAILBOX_MB: '0' }; // only a member can have kept it
  const relay = await startRelayProcess({ dataDir: join(folder, 'relay'), settings });
  undo.push(() => relay.kill());
  const { alice, bob, link } = await setupTwo(folder, relay.address);
  await bob.person.close();

  const args = ['--data', join(folder, 'peer'), '--name', 'Keeper'];
  const joining = setupPeer([...args, '--join', link]);
  expect(await joining.said('Address: ')).toMatch(/^none of its own/);
  expect(await joining.said('In: ')).toBe('Garden');
  await joining.kill();
  const member = setupPeer(args); // without the link: it is in still
  expect(await member.said('In: ')).toBe('Garden');
  await write(alice, 'while Bob sleeps');
  await alice.person.untilSeen('while Bob sleeps', 'delivered');
  await alice.person.close();

  const back = openNodePeer({ folder, name: 'Bob', relay: relay.address });
  undo.push(() => back.close());
  await visit(back);
  await back.untilSeen('while Bob sleeps');
  expect(await member.stop('SIGTERM')).toBe(0);
});

test('[PE4] with --mailbox it keeps, over a kill, what people leave who share no group with it', async () => {
  const folder = await setupFolder();
  const args = ['--data', join(folder, 'keeper'), '--mailbox'];
  const keeper = setupPeer(args);
  const address = await keeper.said('Address: ');
  const { alice, bob } = await setupTwo(folder, address);
  await bob.person.close();
  await write(alice, 'is anybody there?');
  await alice.person.untilSeen('is anybody there?', 'parked');
  await alice.person.close();

  await keeper.kill();
  const again = setupPeer(args, { port: portIn(address) });
  expect(await again.said('Address: ')).toBe(address);
  expect(again.output()).not.toContain('In: ');
  const back = openNodePeer({ folder, name: 'Bob', relay: address });
  undo.push(() => back.close());
  await visit(back);
  await back.untilSeen('is anybody there?');
});
