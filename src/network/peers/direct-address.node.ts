/** Which addresses that members tell a peer in Node dials, and which of its own it tells. */
import { isPrivateIp } from '@libp2p/utils';
import { isProvedByName, type ParsedDirect } from './direct-address.ts';

type Network = 'loopback' | 'private' | 'public';

const loopback = /^(?:127\.|::1$)/u;
const privateNetwork = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd][\da-f]{2}:)/u;
const globalUnicast = /^(?:[\d.]+$|[23][\da-f]{3}:)/u;

/** Undefined: one of the machine's or the link's own, or reserved; never dialled. */
const networkOf = (ip: string): Network | undefined => {
  if (loopback.test(ip)) return 'loopback';
  if (privateNetwork.test(ip)) return 'private';
  return globalUnicast.test(ip) && isPrivateIp(ip) === false ? 'public' : undefined;
};

/**
 * [NP9] A name over TLS, or a public address. One inside a network (this machine, a home, a data
 * centre) only by who tells such addresses of its own: who does not is led to nothing in there.
 */
export const mayDial = (address: ParsedDirect, own: ReadonlyArray<ParsedDirect>): boolean => {
  if (address.isName) return isProvedByName(address);
  const network = networkOf(address.host);
  if (network === undefined || network === 'public') return network !== undefined;
  return own.some(({ host, isName }) => !isName && networkOf(host) === network);
};
