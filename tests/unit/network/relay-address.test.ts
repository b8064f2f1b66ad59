import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRelayAddress } from '../../../src/network/relays/relay-address.ts';
import { limits } from '../../../src/protocol/limits.ts';

const peerId = '12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq';

describe('relay address', () => {
  test.each([
    `/ip4/127.0.0.1/tcp/9001/ws/p2p/${peerId}`,
    `/ip6/::1/tcp/9001/ws/p2p/${peerId}`,
    `/dns4/relay.example.org/tcp/443/tls/ws/p2p/${peerId}`,
    `/dns4/relay.example.org/tcp/443/wss/p2p/${peerId}`,
    `/dns/localhost/tcp/9001/ws/p2p/${peerId}`,
    `/ip4/192.0.2.1/udp/9002/webrtc-direct/certhash/uEiBit4cmicMinNRrGzJ7-QghgAE17TfV6QlPbwt6Ft6wJg/p2p/${peerId}`,
  ])('[NA1] %s is one', (address) => {
    const parsed = parseRelayAddress(address);
    expect(parsed.ok && parsed.value.peerId.toString()).toBe(peerId);
  });

  test.each([
    '',
    'relay.example.org',
    `/p2p/nobody`,
    '/ip4/127.0.0.1/tcp/9001/ws',
    `/ip4/127.0.0.1/tcp/9001/ws/p2p/${peerId}/p2p-circuit`,
    `/ip4/127.0.0.1/tcp/9001/ws/p2p/${peerId}/p2p-circuit/p2p/${peerId}`,
    `/dns4/${'a'.repeat(limits.relayAddressBytesMax)}/tcp/1/ws/p2p/${peerId}`,
  ])('[NA1] %j is none', (address) => {
    expect(parseRelayAddress(address)).toEqual({ ok: false, error: 'bad-address' });
  });

  test('[NA2] no text makes it throw', () => {
    const piece = fc.constantFrom(
      '/',
      'ip4',
      'p2p',
      'tcp',
      '127.0.0.1',
      peerId,
      'ws',
      '\0',
      'dns4',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 12 }).map((all) => all.join('/')),
    );
    fc.assert(
      fc.property(text, (some) => {
        expect(() => parseRelayAddress(some)).not.toThrow();
      }),
    );
  });
});
