import { expect, test } from 'vitest';
import { fittingIn, type Asker } from '../../../src/core/invites/asker.ts';
import { limits } from '../../../src/protocol/limits.ts';

const devicesOf = (count: number) =>
  Array.from({ length: count }, () => ({
    devSignPub: new Uint8Array(32),
    inboxPub: new Uint8Array(32),
    identityId: new Uint8Array(32),
  }));

/** Nothing else of them is looked at. */
const asking = (deviceHex: string, count: number): Asker => {
  const devices = devicesOf(count).map((device) => ({
    ...device,
    name: '',
    certificate: device.inboxPub,
  }));
  return { deviceHex, words: [], log: { devices }, request: {} } as unknown as Asker;
};

test('[IV4] one newcomer too many does not keep out those for whom there is room', () => {
  const group = { devices: devicesOf(limits.devicesMax - 3) };
  const askers = [asking('a', 1), asking('b', 200), asking('c', 2), asking('d', 1)];
  expect(fittingIn(group, askers).map(({ deviceHex }) => deviceHex)).toEqual(['a', 'c']);
  expect(fittingIn({ devices: devicesOf(limits.devicesMax) }, askers)).toEqual([]);
});
