/**
 * What is said in an invite's room beside control operations and seals: a request, that it was seen,
 * a no, the parts of a welcome, and secrets that a link gives. `to` names the device that asked; zeros: whoever reads it.
 */
import { bytesOf, bytesUpTo, recordOf, type CborValue } from '../../protocol/cbor.ts';
import { identityLogBytesMax } from '../../protocol/membership/identity.ts';
import {
  decodeWelcomePart,
  encodeWelcomePart,
  type WelcomePart,
} from '../../protocol/invites/welcome.ts';

export const inviteEntry = {
  request: 'request',
  asked: 'asked',
  declined: 'declined',
  welcome: 'welcome',
  history: 'history',
} as const;

export interface Asked {
  readonly to: Uint8Array;
  /** Of who made the invite: the joiner compares it with the link. */
  readonly inviterLog: Uint8Array;
}

export const encodeAsked = ({ to, inviterLog }: Asked): CborValue => ({ to, inviterLog });
export const readAsked = recordOf({ to: bytesOf(32), inviterLog: bytesUpTo(identityLogBytesMax) });

export const encodeDeclined = (to: Uint8Array): CborValue => ({ to });
export const readDeclined = recordOf({ to: bytesOf(32) });

export interface AddressedPart {
  readonly to: Uint8Array;
  readonly part: WelcomePart;
}

export const encodeAddressedPart = ({ to, part }: AddressedPart): CborValue => ({
  to,
  part: encodeWelcomePart(part),
});

const readAddressed = recordOf({ to: bytesOf(32), part: (value) => value });

export const readAddressedPart = (payload: CborValue): AddressedPart | undefined => {
  const addressed = readAddressed(payload);
  const part = addressed && decodeWelcomePart(addressed.part);
  return addressed && part?.ok ? { to: addressed.to, part: part.value } : undefined;
};
