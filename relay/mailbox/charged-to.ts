/** Whose quota a request uses, by where it came from. */
import type { Connection } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { equalBytes, isZero, toHex } from '../../src/base/bytes.ts';

const networkBytes = 8; // of an IPv6 address: a /64 is one customer's
const mappedPrefix = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

/** As it goes over the wire: however it is spelt, one address has one form. */
const bytesOf = (name: string, value: string): Uint8Array =>
  multiaddr(`/${name}/${value}`).bytes.subarray(1);

const isLoopback = (ip: Uint8Array): boolean =>
  ip.length === 4 ? ip[0] === 127 : isZero(ip.subarray(0, 15)) && ip[15] === 1;

/**
 * An address, of IPv6 the network it is in. Behind a proxy on the same machine all have the proxy's;
 * there the peer stands for itself, and the size of all mailboxes is the bound.
 */
export const chargedTo = ({
  remoteAddr,
  remotePeer,
}: Pick<Connection, 'remoteAddr' | 'remotePeer'>): string => {
  const { name, value } =
    remoteAddr.getComponents().find((one) => one.name === 'ip4' || one.name === 'ip6') ?? {};
  if (name === undefined || value === undefined) return remotePeer.toString();
  const bytes = bytesOf(name, value);
  const isMapped = equalBytes(bytes.subarray(0, mappedPrefix.length), mappedPrefix);
  const ip = isMapped ? bytes.subarray(mappedPrefix.length) : bytes;
  if (isLoopback(ip)) return remotePeer.toString();
  return toHex(ip.length === 4 ? ip : ip.subarray(0, networkBytes));
};
