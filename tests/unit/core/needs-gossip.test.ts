import { expect, test } from 'vitest';
import { needsGossip } from '../../../src/core/conversation/needs-gossip.ts';
import type { Conversation } from '../../../src/core/conversation/conversation.ts';
import type { Epoch } from '../../../src/core/epochs/epoch.ts';
import type { ScopePeer } from '../../../src/core/scope.ts';
import { limits } from '../../../src/protocol/limits.ts';

const epoch = Object.create(null) as Epoch;

const setup = (readers: ReadonlyArray<string>, peers: ReadonlyArray<Partial<ScopePeer>>) => {
  const recipients = new Map(readers.map((deviceHex) => [deviceHex, 'somebody']));
  const conversation = {
    deviceHex: 'own',
    epochs: { recipients: () => recipients },
    peers,
  } as unknown as Conversation;
  return needsGossip(conversation, epoch);
};
const linked = (deviceHex: string, isComplete = true) => ({ deviceHex, isComplete });

const others = ['bob', 'carol', 'dave', 'erin'];
const readers = ['own', ...others];

test('[FW4] in a group that is linked as a whole what one writes is not told by gossip as well', () => {
  expect(
    setup(
      readers,
      others.map((one) => linked(one)),
    ),
  ).toBe(false);
  expect(
    setup(
      readers,
      [...others, 'frank'].map((one) => linked(one)),
    ),
  ).toBe(false);
});

test('[FW4] where a reader has no link, or has not said yet what it holds, gossip goes', () => {
  const [bob = '', ...rest] = others;
  expect(
    setup(
      readers,
      rest.map((one) => linked(one)),
    ),
  ).toBe(true);
  expect(
    setup(
      readers,
      [...rest, 'frank'].map((one) => linked(one)),
    ),
  ).toBe(true);
  expect(setup(readers, [linked(bob, false), ...rest.map((one) => linked(one))])).toBe(true);
});

test('[FW4] among a few it goes always', () => {
  const few = readers.slice(0, limits.gossipAlwaysDevicesMax);
  expect(
    setup(
      few,
      few.slice(1).map((one) => linked(one)),
    ),
  ).toBe(true);
});
