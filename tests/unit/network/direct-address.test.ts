import { describe, expect, test } from 'vitest';
import { mayDial } from '../../../src/network/peers/direct-address.node.ts';
import {
  isProvedByName,
  parseDirectAddress,
  type ParsedDirect,
} from '../../../src/network/peers/direct-address.ts';

const parsed = (address: string): ParsedDirect => {
  const read = parseDirectAddress(address);
  if (read === undefined) throw new Error(`${address} was not read`);
  return read;
};

const named = ['/dns4/peer.example/tcp/443/wss', '/dns/peer.example/tcp/8443/tls/ws'];
const publicOnes = ['/ip4/8.8.8.8/tcp/4020/ws', '/ip6/2a00:1450:4001:81b::2004/tcp/4020/wss'];
const loopback = ['/ip4/127.0.0.1/tcp/1/ws', '/ip4/127.8.8.8/tcp/1/wss', '/ip6/0:0::1/tcp/1/ws'];
const inside = [
  '/ip4/10.0.0.1/tcp/80/ws',
  '/ip4/172.16.0.1/tcp/80/ws',
  '/ip4/172.31.255.1/tcp/80/ws',
  '/ip4/192.168.1.1/tcp/80/tls/ws',
  '/ip6/fd00::1/tcp/80/ws',
];
const reserved = [
  '/ip4/0.0.0.0/tcp/80/ws',
  '/ip4/169.254.169.254/tcp/80/ws',
  '/ip4/100.64.0.1/tcp/80/ws',
  '/ip4/255.255.255.255/tcp/80/ws',
  '/ip6/::/tcp/80/ws',
  '/ip6/fe80::1/tcp/80/ws',
  '/ip6/::ffff:127.0.0.1/tcp/80/ws',
  '/ip6/::ffff:8.8.8.8/tcp/80/ws',
  '/ip6/64:ff9b::a00:1/tcp/80/ws',
  '/ip6/2002:7f00:1::/tcp/80/ws',
];

describe('where a peer listens, by somebody else’s word', () => {
  test('[NP9] host, port and WebSocket are read, and nothing else', () => {
    for (const address of [...named, ...publicOnes, ...loopback, ...inside]) {
      expect(parseDirectAddress(address)?.multiaddr).toBeDefined();
    }
    const [relay = ''] = publicOnes;
    for (const address of [
      '',
      'nonsense',
      '/ip4/8.8.8.8/tcp/4020',
      '/ip4/8.8.8.8/udp/4020/quic-v1',
      '/ip4/8.8.8.8/udp/4020/webrtc-direct',
      '/ip4/0x7f.1/tcp/4020/ws',
      '/dns4/peer.example/tcp/443/tls/sni/other.example/ws',
      '/dnsaddr/peer.example/tcp/443/wss',
      '/unix/%2Fvar%2Frun%2Fdocker.sock',
      `${relay}/http-path/admin`,
      `${relay}/p2p-circuit`,
      `${relay}/p2p/12D3KooWBBaze2PRrdw748k1pYMShqWd6uCvxeeCR7MwbHyu8YFU`,
      `/dns4/${'a'.repeat(80)}/tcp/443/wss`,
    ]) {
      expect(parseDirectAddress(address), address).toBeUndefined();
    }
  });

  test('[NP9] a page dials a name that its certificate proves, and nothing else', () => {
    expect(named.map(parsed).every(isProvedByName)).toBe(true);
    const others = [...publicOnes, ...loopback, ...inside, '/dns4/peer.example/tcp/80/ws'];
    expect(others.map(parsed).some(isProvedByName)).toBe(false);
  });

  test('[NP9] in Node a public address too; one of a network by who tells of an own one there', () => {
    const dialled = (addresses: ReadonlyArray<string>, own: ReadonlyArray<string> = []) =>
      addresses.filter((address) => mayDial(parsed(address), own.map(parsed)));
    expect(dialled([...named, ...publicOnes])).toEqual([...named, ...publicOnes]);
    expect(dialled(['/dns4/localhost/tcp/80/ws'])).toEqual([]);
    expect(dialled([...loopback, ...inside])).toEqual([]);
    // Behind a proxy it listens on loopback as well, and says so to nobody.
    expect(dialled([...loopback, ...inside], [...named, ...publicOnes])).toEqual([]);
    expect(dialled([...loopback, ...inside], ['/ip4/127.0.0.1/tcp/4020/ws'])).toEqual(loopback);
    expect(dialled([...loopback, ...inside], ['/ip4/192.168.1.7/tcp/4020/ws'])).toEqual(inside);
    expect(dialled(reserved, [...loopback, ...inside, ...publicOnes, ...reserved])).toEqual([]);
  });
});
