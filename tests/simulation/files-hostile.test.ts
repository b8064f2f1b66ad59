/** Members who would keep others from their files, or learn of files that are none of theirs. */
import { describe, expect, test } from 'vitest';
import { fromHex } from '../../src/base/bytes.ts';
import { decodeBlobFrame, encodeBlobFrame } from '../../src/protocol/blobs/blob-frames.ts';
import { FileGroup } from './files.ts';
import { Peer } from './peer.ts';
import { begin, groupId } from './workload.ts';

const setup = async (seed: number) => {
  const group = new FileGroup(seed);
  const [alice, bob, carol] = await group.begin();
  if (!alice || !bob || !carol) throw new Error('three peers');
  return { group, world: group.history.world, net: group.history.net, alice, bob, carol };
};

/** This one says that it has its files, and gives nothing of them. */
const keepBack = ({ net }: Pick<Awaited<ReturnType<typeof setup>>, 'net'>, name: string): void => {
  net.arriving = (frame, { from, by }) => {
    const decoded = by === 'blob' && from === name ? decodeBlobFrame(frame) : undefined;
    if (decoded?.ok !== true || decoded.value.t !== 'chunk') return frame.slice();
    const { mailbox, id } = decoded.value;
    return encodeBlobFrame({ t: 'lack', mailbox, id, slots: [] });
  };
};

describe('files among members who are not all honest', () => {
  test('[FT18] who came later without the past hears of no file from before, and is given none', async () => {
    const { group, world, net, alice, bob } = await setup(31);
    await group.send(alice, 'before', { size: 200_000 });
    await group.until([bob], 'before', 'here');
    const dave = new Peer(net, 'dave');
    await begin(dave);
    const oldId = group.file(alice, 'before')?.id ?? '';
    const heard: string[] = [];
    net.arriving = (frame, { to, by }) => {
      if (by === 'blob' && to === 'dave') heard.push(Buffer.from(frame).toString('hex'));
      return frame.slice();
    };
    const target = { kind: 'conversation', conversationId: group.idOf(alice) } as const;
    const invite = await alice.do({ type: 'PrepareInvite', target, isOpen: true, history: 'none' });
    if (!invite.ok) throw new Error(invite.error);
    await dave.do({ type: 'Join', link: invite.value.link });
    const isIn = (): boolean =>
      dave.state?.conversations.some(({ kind }) => kind === 'group') === true;
    expect(await world.run(60_000, isIn)).toBe(true);
    await dave.open(groupId(dave));
    await world.run(10_000); // she hears of him
    await group.send(alice, 'since', { size: 100_000 });
    expect(await group.until([dave], 'since', 'here')).toBe(true);
    await world.run(10_000);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.filter((frame) => frame.includes(oldId))).toEqual([]);
    // One who knows its name from elsewhere asks for it all the same.
    const decoded = decodeBlobFrame(Buffer.from(heard[0] ?? '', 'hex'));
    const link = dave.network?.linkTo('alice');
    const id = fromHex(oldId);
    if (!decoded.ok || link === undefined || !id.ok) throw new Error('no way to ask');
    const { mailbox } = decoded.value;
    const before = heard.length;
    for (const asking of [
      { t: 'ask', mailbox, ids: [id.value] },
      { t: 'want', mailbox, id: id.value, slots: [0, 1] },
    ] as const) {
      await dave.network?.sendBlob(link, encodeBlobFrame(asking));
    }
    await world.run(2000);
    const answers = heard.slice(before).map((frame) => decodeBlobFrame(Buffer.from(frame, 'hex')));
    expect(answers.map((answer) => answer.ok && answer.value.t)).toEqual(['lack']);
  });

  test('[FT20] many small files that nobody gives do not hold up one that somebody does', async () => {
    const scene = await setup(32);
    const { group, world, alice, bob, carol } = scene;
    keepBack(scene, 'carol');
    for (let at = 0; at < 16; at++)
      await group.send(carol, `nothing ${String(at)}`, { size: 3000 });
    await world.run(5000);
    await group.send(alice, 'a photo', { size: 300_000 });
    await group.send(alice, 'a film', { size: 1_200_000 });
    const isThere = async (text: string, forMs: number): Promise<boolean> =>
      world.run(forMs, () => group.stateAt(bob, text) === 'here');
    expect(await isThere('a photo', 15_000)).toBe(true);
    await bob.do({ type: 'FetchAttachment', ...group.named(bob, 'a film') });
    expect(await isThere('a film', 5000)).toBe(true);
  });

  test('[FT19] a slow holder does not hold up the end', async () => {
    const { group, world, net, alice, bob, carol } = await setup(34);
    await bob.crash();
    await group.send(alice, 'a photo', { size: 600_000 });
    await group.until([carol], 'a photo', 'here');
    await carol.crash();
    net.throttles.set('alice', 10_000);
    const chunks: string[] = [];
    net.arriving = (frame, { from, to, by }) => {
      if (by === 'blob' && to === 'bob' && frame.length > 60_000) chunks.push(from);
      return frame.slice();
    };
    bob.start();
    await group.history.reopen(bob);
    // All of it was asked of who is there, and is a minute on its way.
    expect(await world.run(60_000, () => chunks.length > 0)).toBe(true);
    carol.start();
    await group.history.reopen(carol);
    expect(await world.run(15_000, () => group.stateAt(bob, 'a photo') === 'here')).toBe(true);
    await world.run(30_000);
    expect(chunks).toContain('alice');
    // No chunk came more than twice.
    expect(chunks.length).toBeLessThanOrEqual(20);
  });
});
