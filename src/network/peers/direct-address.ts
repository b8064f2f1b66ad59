/**
 * Where a peer listens by itself. Such addresses come from other members, who may lie: of what they
 * say only the forms below are read, which of those are dialled the platform decides, and who answers
 * there has to be that peer, or nothing comes of it (Noise).
 */
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { limits } from '../../protocol/limits.ts';
import type { DirectAddress } from '../port.ts';

export interface ParsedDirect {
  readonly multiaddr: Multiaddr;
  readonly host: string;
  readonly isName: boolean;
  /** Over TLS: who answers to a name has shown a certificate for it first. */
  readonly isSecure: boolean;
}

const form = /^(?:ip[46]|(dns[46]?)) tcp (?:ws|(wss|tls ws))$/u;

/** [NP9] Host, port and WebSocket, and nothing else: no path, no peer, no relay between. */
export const parseDirectAddress = (address: DirectAddress): ParsedDirect | undefined => {
  if (address.length > limits.directAddressBytesMax) return undefined;
  try {
    const parsed = multiaddr(address);
    const components = parsed.getComponents();
    const read = form.exec(components.map(({ name }) => name).join(' '));
    const host = components[0]?.value;
    if (read === null || host === undefined) return undefined;
    const [, name, secure] = read;
    return { multiaddr: parsed, host, isName: name !== undefined, isSecure: secure !== undefined };
  } catch {
    return undefined; // the parser throws on what it cannot read
  }
};

/** [NP9] What a page may dial at somebody else's word: a name that its certificate proves. */
export const isProvedByName = ({ isName, isSecure }: ParsedDirect): boolean => isName && isSecure;
