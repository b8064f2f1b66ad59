import { describe, expect, test } from 'vitest';
import { FoundPeers } from '../../../src/core/sync/found-peers.ts';
import { limits } from '../../../src/protocol/limits.ts';

const relays = ['/dns4/relay.example/tcp/443'];

const setup = (proved: ReadonlySet<string> = new Set()) => {
  const found = new FoundPeers((peerId) => proved.has(peerId));
  const note = (epoch: string, peerId: string, expiresAtMs = 1000): void => {
    found.note(epoch, { peerId, relays }, expiresAtMs);
  };
  const flood = (epoch: string, count: number): void => {
    for (let i = 0; i < count; i++) note(epoch, `${epoch} ${String(i)}`);
  };
  const wanted = (nowMs = 0) => found.wanted(nowMs).map(({ peerId }) => peerId);
  return { found, note, flood, wanted };
};

describe('who is sought', () => {
  test('[NP6] who was there first is that until a relay comes back', () => {
    const { found, note } = setup();
    found.note('club', { peerId: 'alice', relays, wereThere: true }, 1000);
    note('club', 'alice');
    expect(found.wanted(0)).toEqual([{ peerId: 'alice', relays, wereThere: true }]);
    found.forgetOrder();
    expect(found.wanted(0)).toEqual([{ peerId: 'alice', relays }]);
  });

  test('[MT1] addresses under one epoch, however many, keep those of another in', () => {
    const { note, flood, wanted } = setup();
    note('family', 'alice');
    note('family', 'bob');
    flood('club', 10 * limits.foundPeersMax);
    expect(wanted()).toHaveLength(limits.wantedPeersMax);
    expect(wanted()).toEqual(expect.arrayContaining(['alice', 'bob']));
  });

  test('[MT1] who proved to be a member is sought first, and stays', () => {
    const { note, flood, wanted } = setup(new Set(['alice']));
    note('club', 'alice');
    flood('club', 10 * limits.foundPeersMax);
    expect(wanted()[0]).toBe('alice');
  });

  test('[MT1] one epoch has a share, all of them together a limit', () => {
    const { flood, wanted } = setup();
    flood('club', limits.foundPerEpochMax + 1);
    expect(wanted(0)).not.toContain('club 0');
    for (let i = 0; i < 100; i++) flood(`epoch ${String(i)}`, 10);
    expect(wanted(0)).toHaveLength(limits.wantedPeersMax);
  });

  test('[NP6] who was there before this device stays that, however often it says so', () => {
    const found = new FoundPeers(() => false);
    const say = (wereThere: boolean): void => {
      found.note('club', { peerId: 'alice', relays, wereThere }, 1000);
    };
    say(false);
    expect(found.wanted(0)).toMatchObject([{ wereThere: false }]);
    for (const wereThere of [true, false]) {
      say(wereThere);
      expect(found.wanted(0)).toMatchObject([{ wereThere: true }]);
    }
  });

  test('a peer found in two places is sought once; what is too old not at all', () => {
    const { note, wanted } = setup();
    note('club', 'alice', 100);
    note('family', 'alice', 200);
    note('family', 'bob', 100);
    expect(wanted(150)).toEqual(['alice']);
  });
});
