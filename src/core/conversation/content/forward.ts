/** Says again what was said: somewhere else, or where nobody took it. */
import { toHex } from '../../../base/bytes.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { encodePoll } from '../../../protocol/content-payloads.ts';
import type { Manifest } from '../../../protocol/blobs/manifest.ts';
import { limits } from '../../../protocol/limits.ts';
import type { CommandError } from '../../api.ts';
import type { Attachments } from '../../attachments.ts';
import type { Conversation } from '../conversation.ts';
import { isBlocked } from '../views/message-view.ts';
import { findMessage } from './annotate.ts';
import { composed, type Compose } from './compose.ts';
import { hide } from './delete.ts';
import { checkWriter, say, type Speaker } from './say.ts';
import { saidIn } from './said.ts';

/**
 * Its words as they stand now, and what is attached. Names in it stay words: whom they mean is of the
 * conversation they come from. A poll becomes its question, since its votes stay where they are.
 */
const copyOf = (from: Conversation, key: string, to: Conversation): Result<Copy, CommandError> => {
  const found = findMessage(from, key);
  if (!found.ok) return found;
  const { message, annotated } = found.value;
  const { location, card, isSticker, attachments: manifests = [] } = message.payload;
  const compose = (attachments: ReadonlyArray<Manifest>): Compose =>
    composed(to, {
      text: message.poll?.question ?? saidIn(message, annotated).text,
      isForwarded: true,
      ...(location && { location }),
      ...(card && { card }),
      attachments,
      ...(isSticker && { isSticker }),
    });
  const fit = compose(manifests);
  return fit.ok ? ok({ conversation: to, compose, manifests }) : fit;
};

/** A message as it will be said somewhere, with files of its own. */
interface Copy {
  readonly conversation: Conversation;
  readonly compose: (attachments: ReadonlyArray<Manifest>) => Compose;
  readonly manifests: ReadonlyArray<Manifest>;
}

export interface ToForward {
  readonly keys: ReadonlyArray<string>;
  readonly to: ReadonlyArray<Conversation>;
  readonly attachments: Attachments;
}

/** Everything that can be known to fail fails before anything is written. */
export const forward = async (
  from: Conversation,
  { keys, to, attachments }: ToForward,
  speaker: Speaker,
): Promise<Result<undefined, CommandError>> => {
  if (keys.length * to.length > limits.forwardedMax) return err('too-many');
  const copies: Copy[] = [];
  for (const conversation of to) {
    const writer = checkWriter(conversation, speaker);
    if (!writer.ok) return writer;
    for (const key of keys) {
      const copy = copyOf(from, key, conversation);
      if (!copy.ok) return copy;
      // Sealed anew it has to be here; where everybody has its key already it is only named again.
      const isHere = conversation === from || attachments.areHere(from, copy.value.manifests);
      if (!isHere) return err('file-not-here');
      copies.push(copy.value);
    }
  }
  for (const copy of copies) {
    const said = await sayCopy(from, copy, { attachments, speaker });
    if (!said.ok) return said;
  }
  return ok(undefined);
};

/**
 * [FT15] Elsewhere a file gets a key of its own: who reads there was perhaps never to read here, and
 * the two are not to be told for one. In the same conversation everybody has that key already.
 */
const sayCopy = (
  from: Conversation,
  { conversation, compose, manifests }: Copy,
  { attachments, speaker }: { readonly attachments: Attachments; readonly speaker: Speaker },
): Promise<Result<{ readonly key: string }, CommandError>> =>
  manifests.length === 0 || conversation === from
    ? say(conversation, compose(manifests), speaker)
    : attachments.with(async ({ blobs, parts }) => {
        const files = await parts.filesAgain(blobs, from, manifests);
        return files.ok
          ? parts.sendFiles(blobs, conversation, { files: files.value, compose, speaker })
          : files;
      });

/** As a new message; the one that nobody takes is no longer shown here. */
export const writeAgain = async (
  conversation: Conversation,
  key: string,
  speaker: Speaker,
): Promise<Result<{ readonly key: string }, CommandError>> => {
  const found = findMessage(conversation, key);
  if (!found.ok) return found;
  const { message, annotated } = found.value;
  const isOwn = message.authorHex === toHex(speaker.ownId);
  if (!isOwn || !isBlocked(conversation, message.place)) return err('not-allowed');
  const { text, mentions } = saidIn(message, annotated);
  const { payload, poll } = message;
  const again: Compose =
    poll === undefined
      ? composed(conversation, { ...payload, text, mentions })
      : ok({ type: 'poll', payload: encodePoll(poll) });
  const said = await say(conversation, again, speaker);
  if (!said.ok) return said;
  const hidden = await hide(conversation, [key], speaker);
  return hidden.ok ? said : hidden;
};
