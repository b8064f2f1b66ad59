/** `profile`: how its author wants to be called and seen here. The latest one that counts holds. */
import { booleanOf, bytesUpTo, recordOf, textUpTo, type CborValue } from './cbor.ts';
import { limits } from './limits.ts';

export interface ProfilePayload {
  readonly name: string;
  /** What they say about themselves; undefined: nothing. */
  readonly status?: string | undefined;
  /** Encoded; looked at by its reader (see picture.ts). */
  readonly picture?: Uint8Array | undefined;
  /** They do not want it shown when they are here. */
  readonly isPresenceHidden?: boolean | undefined;
}

/** [PF2] Total. */
export const readProfile = recordOf(
  { name: textUpTo(limits.nameBytesMax) },
  {
    status: textUpTo(limits.statusBytesMax),
    picture: bytesUpTo(limits.pictureBytesMax),
    isPresenceHidden: booleanOf,
  },
);

export const encodeProfile = ({
  name,
  status,
  picture,
  isPresenceHidden,
}: ProfilePayload): CborValue => ({
  name,
  ...(status !== undefined && status !== '' && { status }),
  ...(picture && { picture }),
  ...(isPresenceHidden === true && { isPresenceHidden }),
});
