/**
 * What somebody did to a message, as one entry says it: an edit, a redaction, a reaction, a vote, a
 * pin; and what they set for the whole conversation. Read from a log, or from what waits.
 */
import { toHex } from '../../../base/bytes.ts';
import type { CborValue } from '../../../protocol/cbor.ts';
import {
  keyOfMessage,
  readEdit,
  readPin,
  readReaction,
  readRedact,
  readSettings,
  readVote,
  type MessageName,
  type NamedInText,
} from '../../../protocol/content-payloads.ts';
import { messageKey, type Place, type ProjectedTimer } from '../reading/projection.ts';
import type { Ordered } from '../reading/sorted.ts';

export type Act =
  | {
      readonly type: 'edit';
      readonly text: string;
      readonly mentions: ReadonlyArray<NamedInText>;
    }
  | { readonly type: 'redact' }
  | { readonly type: 'reaction'; readonly emoji: string; readonly isOn: boolean }
  | { readonly type: 'vote'; readonly choices: ReadonlyArray<number> }
  | { readonly type: 'pin'; readonly isOn: boolean }
  | { readonly type: 'settings'; readonly timerMs: number | undefined };

export interface Annotation extends Ordered {
  readonly authorHex: string;
  readonly targetKey: string;
  readonly sentAt: number;
  /** Undefined: it waits, and lies in no log yet. */
  readonly place: Place | undefined;
  readonly act: Act;
}

/** An entry, or what will be one. */
export interface Written {
  readonly type: string;
  readonly mid: Uint8Array;
  readonly payload: CborValue;
  readonly sentAt: number;
  readonly lamport: number;
  readonly hash: string;
  readonly place: Place | undefined;
}

/** In the place of a message: what is said of the conversation as a whole. */
export const wholeConversation = '';

/** Undefined: it is no such thing, does not read, or is not its author's to do. */
export const annotationOf = (written: Written, authorHex: string): Annotation | undefined => {
  const told = actOf(written, authorHex);
  if (told === undefined) return undefined;
  const { mid, sentAt, lamport, hash, place } = written;
  const [targetKey, act] = told;
  const key = messageKey(authorHex, mid);
  return { key, authorHex, targetKey, sentAt, lamport, hash, place, act };
};

type Told = readonly [targetKey: string, act: Act];

const actOf = ({ type, payload }: Written, authorHex: string): Told | undefined => {
  switch (type) {
    case 'edit': {
      const edit = readEdit(payload);
      if (edit === undefined || !isOf(authorHex, edit.of)) return undefined;
      const { of, text, mentions = [] } = edit;
      return [keyOfMessage(of), { type, text, mentions }];
    }
    case 'redact': {
      const redact = readRedact(payload);
      const isOwn = redact !== undefined && isOf(authorHex, redact.of);
      return isOwn ? [keyOfMessage(redact.of), { type }] : undefined;
    }
    case 'reaction': {
      const reaction = readReaction(payload);
      if (reaction === undefined) return undefined;
      const { of, emoji, isOn } = reaction;
      return [keyOfMessage(of), { type, emoji, isOn }];
    }
    case 'vote': {
      const vote = readVote(payload);
      return vote && [keyOfMessage(vote.of), { type, choices: vote.choices }];
    }
    case 'pin': {
      const pin = readPin(payload);
      return pin && [keyOfMessage(pin.of), { type, isOn: pin.isOn }];
    }
    case 'settings': {
      const settings = readSettings(payload);
      return settings && [wholeConversation, { type, timerMs: settings.timerMs ?? undefined }];
    }
    default:
      return undefined;
  }
};

/** The line in the timeline that this makes; undefined: none. */
export const timerLineOf = ({
  act,
  key,
  authorHex,
  lamport,
  hash,
  sentAt,
}: Annotation): ProjectedTimer | undefined => {
  if (act.type !== 'settings') return undefined;
  const { timerMs } = act;
  return { type: 'timer', key: `timer/${key}`, byHex: authorHex, timerMs, lamport, hash, sentAt };
};

/** [AN2] Nobody edits or deletes the words of somebody else. */
const isOf = (authorHex: string, of: MessageName): boolean => toHex(of.identityId) === authorHex;
