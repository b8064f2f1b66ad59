/** A link made here, as it is kept: its secret is nowhere but in it and in this record. */
import {
  booleanOf,
  bytesOf,
  naturalOf,
  recordOf,
  textUpTo,
  type CborValue,
} from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import { readOptions, usualOptions, type StoredOptions } from './invite-options.ts';

export interface OwnLink {
  readonly secret: Uint8Array;
  readonly inviteId: Uint8Array;
  /** Hex of the conversation id; empty: it makes a direct one. */
  readonly target: string;
  readonly isOpen: boolean;
  readonly expiresAtMs: number;
  readonly link: string;
  /** Hex of who used a direct invite; empty: nobody yet. */
  readonly usedBy: string;
  /** Absent in links of before there was a choice: the usual ones. */
  readonly options?: StoredOptions;
}

export const readOwnLink = recordOf(
  {
    secret: bytesOf(32),
    inviteId: bytesOf(32),
    target: textUpTo(64),
    isOpen: booleanOf,
    expiresAtMs: naturalOf,
    link: textUpTo(limits.linkCharsMax),
    usedBy: textUpTo(64),
  },
  { options: readOptions },
);

export const encodeOwnLink = ({ options, ...rest }: OwnLink): CborValue =>
  options === undefined ? rest : { ...rest, options: { ...options } };

export const optionsOf = ({ options, target }: OwnLink): StoredOptions =>
  options ?? usualOptions(target !== '');
