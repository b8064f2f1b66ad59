import { expect, test } from 'vitest';
import { HeardBefore } from '../../../src/core/sync/heard-before.ts';
import type { NetworkEvent } from '../../../src/network/port.ts';

const relay = '/dns4/relay.example/tcp/443';

test('[NP7] who joins is told the latest of what was said before, also that bytes are paid for', () => {
  const before = new HeardBefore();
  const started: NetworkEvent = { type: 'Started', peerId: 'own', canWebRtc: true };
  const metered: NetworkEvent = { type: 'MeteredChanged', isMetered: true };
  const down: NetworkEvent = {
    type: 'RelayChanged',
    relay,
    state: 'connecting',
    day: undefined,
    retryMs: undefined,
  };
  const up: NetworkEvent = { ...down, state: 'up', day: 3 };
  before.note(started);
  before.note(down);
  before.note(metered);
  before.note(up);
  const told: NetworkEvent[] = [];
  before.tell({ networkEvent: (event) => told.push(event) });
  expect(told).toEqual([started, up, metered]);
});
