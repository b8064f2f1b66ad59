import { peerIdFromString } from '@libp2p/peer-id';
import { multiaddr } from '@multiformats/multiaddr';
import { expect, test } from 'vitest';
import { chargedTo } from '../../../relay/mailbox/charged-to.ts';

const peerId = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN';
const remotePeer = peerIdFromString(peerId);
const from = (address: string): string =>
  chargedTo({ remoteAddr: multiaddr(`${address}/tcp/4001`), remotePeer });

test('[MB4] however an IPv6 address is spelt, its /64 is charged', () => {
  const network = from('/ip6/2001:db8:0:0:1:2:3:4');
  for (const same of ['2001:db8::1', '2001:0db8::ffff:1:2:3', '2001:DB8:0:0:a::']) {
    expect(from(`/ip6/${same}`)).toBe(network);
  }
  for (const other of ['2001:db8:0:1::1', '2001:db8:1::1', '2001::db8:0:0:1', '::2001:db8:0:0']) {
    expect(from(`/ip6/${other}`)).not.toBe(network);
  }
});

test('[MB4] an IPv4 address is itself, also in the clothes of IPv6', () => {
  expect(from('/ip6/::ffff:192.0.2.1')).toBe(from('/ip4/192.0.2.1'));
  expect(from('/ip6/::ffff:c000:201')).toBe(from('/ip4/192.0.2.1'));
  expect(from('/ip6/::ffff:192.0.2.2')).not.toBe(from('/ip4/192.0.2.1'));
});

test('[MB4] behind a proxy on the same machine each peer stands for itself', () => {
  for (const loopback of ['/ip4/127.0.0.1', '/ip4/127.9.9.9', '/ip6/::1', '/ip6/0:0:0:0:0:0:0:1']) {
    expect(from(loopback)).toBe(peerId);
  }
  expect(from('/ip6/::ffff:127.0.0.1')).toBe(peerId);
  expect(from('/dns4/relay.example')).toBe(peerId);
});
