/** Relay addresses come from people and links: they are read here, and nowhere trusted. */
import type { PeerId } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { err, ok, type Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import type { RelayAddress } from '../port.ts';

export interface ParsedRelay {
  readonly address: RelayAddress;
  readonly multiaddr: Multiaddr;
  readonly peerId: PeerId;
}

/** A multiaddr that ends in the relay's peer id and does not itself lead over a relay. */
export const parseRelayAddress = (address: RelayAddress): Result<ParsedRelay, 'bad-address'> => {
  if (address.length > limits.relayAddressBytesMax) return err('bad-address');
  try {
    const parsed = multiaddr(address);
    const components = parsed.getComponents();
    const last = components.at(-1);
    const isCircuit = components.some(({ name }) => name === 'p2p-circuit');
    if (last?.name !== 'p2p' || last.value === undefined || isCircuit) return err('bad-address');
    return ok({ address, multiaddr: parsed, peerId: peerIdFromString(last.value) });
  } catch {
    return err('bad-address'); // both parsers throw on what they cannot read
  }
};
