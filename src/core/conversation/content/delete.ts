/** Two ways to delete: asking every device to, and no longer showing it on this one. */
import { toHex } from '../../../base/bytes.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { limits } from '../../../protocol/limits.ts';
import type { StorageFailure } from '../../../storage/port.ts';
import type { CommandError } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import { composeRedact } from './annotate.ts';
import type { Composed } from './compose.ts';
import { checkWriter, say, type Speaker } from './say.ts';

type Done = Promise<Result<undefined, CommandError>>;

/** All of them or none, as far as it can be known before. */
export const deleteForAll = async (
  conversation: Conversation,
  keys: ReadonlyArray<string>,
  speaker: Speaker,
): Done => {
  if (keys.length > limits.keysPerCommandMax) return err('too-many');
  const ownHex = toHex(speaker.ownId);
  const redactions: Composed[] = [];
  for (const key of new Set(keys)) {
    const redaction = composeRedact(conversation, { ownHex, key });
    if (!redaction.ok) return redaction;
    redactions.push(redaction.value);
  }
  // What nobody was given yet nobody has to be asked about; the rest of these is in a log.
  const taken = await conversation.run(() => takeBack(conversation, keys));
  if (!taken.ok) return err('busy');
  if (!taken.value.ok) return speaker.refused(taken.value.error);
  const writer = checkWriter(conversation, speaker);
  for (const [at, key] of [...new Set(keys)].entries()) {
    if (taken.value.value.has(key)) continue;
    if (!writer.ok) return writer;
    const redaction = redactions[at];
    const said = redaction && (await say(conversation, ok(redaction), speaker));
    if (said?.ok === false) return said;
  }
  return ok(undefined);
};

/** Takes those that wait out of the outbox, with all that was done to them; answers which. */
const takeBack = async (
  { outbox, readable }: Conversation,
  keys: ReadonlyArray<string>,
): Promise<Result<ReadonlySet<string>, StorageFailure>> => {
  const waiting = new Set(readable.waiting().map(({ key }) => key));
  const these = new Set(keys.filter((key) => waiting.has(key)));
  if (these.size === 0) return ok(these);
  const taken = await outbox.withdraw(readable.waitingAbout(these));
  return taken.ok ? ok(these) : taken;
};

export const deleteHere = async (
  conversation: Conversation,
  keys: ReadonlyArray<string>,
  speaker: Speaker,
): Done => {
  if (keys.length > limits.keysPerCommandMax) return err('too-many');
  const isHere = (key: string): boolean => conversation.readable.message(key) !== undefined;
  if (!keys.every(isHere)) return err('unknown-message');
  const hidden = await hide(conversation, keys, speaker);
  if (!hidden.ok) return hidden;
  const erased = await conversation.erasing.messages(keys);
  if (erased.ok) return erased;
  const { error } = erased;
  return error === 'queue-full' || error === 'stopped' ? err('busy') : speaker.refused(error);
};

/** In the queue, so that of two at once neither is lost. */
export const hide = async (
  conversation: Conversation,
  keys: ReadonlyArray<string>,
  { refused }: Speaker,
): Done => {
  const hidden = await conversation.run(() => conversation.hidden.add(keys));
  if (!hidden.ok) return err('busy');
  return hidden.value.ok ? ok(undefined) : refused(hidden.value.error);
};
