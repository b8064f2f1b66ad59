import { expect, test } from 'vitest';
import type { CoreDeps } from '../../../src/core/deps.ts';
import type { Epoch } from '../../../src/core/epochs/epoch.ts';
import type { Scope } from '../../../src/core/scope.ts';
import { Meetings } from '../../../src/core/sync/meetings.ts';
import type { Meeting, PeerAddress } from '../../../src/network/port.ts';
import {
  openPeerRecord,
  sealPeerRecord,
  type PeerRecord,
} from '../../../src/protocol/rendezvous.ts';
import { World } from '../../simulation/world.ts';
import { fixedBytes, valueOf } from '../protocol/fixtures.ts';

const relay = '/dns4/relay.example/tcp/443/wss/p2p/12D3KooWRelay';
const direct = ['/dns4/peer.example/tcp/443/wss'];
const bob: PeerRecord = { peerId: 'bob', relays: [relay], direct, expiresAtMs: 1 };

const epochOf = (name: string) => ({
  idHex: name,
  keys: { rdv: fixedBytes(name), rdvSeal: fixedBytes(`${name} seal`) },
});

/** A device that listens, in one conversation and one invite's room. */
const setup = () => {
  const [club, room] = [epochOf('club'), epochOf('room')];
  let left: ReadonlyArray<Meeting> = [];
  let wanted: ReadonlyArray<PeerAddress> = [];
  const world = new World(1);
  const clock = world.clock(() => 0);
  const deps = {
    clock,
    random: { bytes: (length: number) => fixedBytes('nonce', length) },
    network: {
      setMeetings: (_relay: string, meetings: ReadonlyArray<Meeting>) => (left = meetings),
      setWanted: (peers: ReadonlyArray<PeerAddress>) => (wanted = peers),
    },
  } as unknown as CoreDeps;
  const scopes = [
    { operations: {}, offeredEpochs: () => [club as unknown as Epoch] },
    { operations: undefined, offeredEpochs: () => [room as unknown as Epoch] },
  ] as unknown as ReadonlyArray<Scope>;
  const meetings = new Meetings(
    deps,
    () => scopes,
    () => true,
  );
  meetings.started({ type: 'Started', peerId: 'alice', canWebRtc: false, direct });
  meetings.relayChanged({ type: 'RelayChanged', relay, state: 'up', day: 1, retryMs: undefined });
  const [inClub, inRoom] = left;
  if (inClub === undefined || inRoom === undefined) throw new Error('two meetings');
  const says = (at: Meeting, { keys }: typeof club) =>
    valueOf(openPeerRecord(keys.rdvSeal, at.blob));
  const hear = ({ key }: Meeting, { keys }: typeof club): ReadonlyArray<PeerAddress> => {
    const blob = sealPeerRecord(keys.rdvSeal, fixedBytes('n', 24), bob);
    meetings.met({ type: 'Met', relay, key, blobs: [blob] });
    meetings.refresh(); // now, not in a moment
    return wanted;
  };
  return { club, room, inClub, inRoom, says, hear };
};

test('[NP8] where a device listens is told to members, not to who has a link alone', () => {
  const { club, room, inClub, inRoom, says } = setup();
  expect(says(inClub, club)).toMatchObject({ peerId: 'alice', relays: [relay], direct });
  expect(says(inRoom, room)).not.toHaveProperty('direct');
});

test('[NP8] it is taken from members alone, and holds beside what others say of the peer', () => {
  const { club, room, inClub, inRoom, hear } = setup();
  expect(hear(inRoom, room)).toEqual([{ peerId: 'bob', relays: [relay] }]);
  expect(hear(inClub, club)).toEqual([{ peerId: 'bob', relays: [relay], direct }]);
  expect(hear(inRoom, room)).toEqual([{ peerId: 'bob', relays: [relay], direct }]);
});
