/** What people type, checked before anything is done with it. */
import { utf8ToBytes } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import { toWireText } from '../protocol/cbor.ts';
import { limits } from '../protocol/limits.ts';
import type { CommandError } from './api.ts';

/** A name on one line, with single spaces. */
export const checkedName = (name: string): Result<string, CommandError> => {
  const checked = toWireText(name).replace(/\s+/gu, ' ').trim();
  if (checked === '') return err('empty');
  return utf8ToBytes(checked).length > limits.nameBytesMax ? err('too-long') : ok(checked);
};

/** A multiaddr that names a host, a transport and the relay's peer id; the adapter says the rest. */
export const isRelayAddress = (address: string): boolean =>
  utf8ToBytes(address).length < limits.relayAddressBytesMax &&
  /^\/(?:ip4|ip6|dns|dns4|dns6)\/[^/]+\/(?:tcp|udp)\/\d+\/.*p2p\/[1-9A-HJ-NP-Za-km-z]+$/u.test(
    address,
  );
