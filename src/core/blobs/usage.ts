/**
 * What files take of this device, and what of it others have as well: counted over all files of a
 * conversation, whatever is on the screen.
 */
import { toHex } from '../../base/bytes.ts';
import { ok, type Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import type { StorageFailure } from '../../storage/port.ts';
import type { FileUsage, FreeableFiles } from '../api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { otherDevices } from '../conversation/views/safety.ts';
import type { BlobFile } from './blob-file.ts';
import type { Blobs } from './blobs.ts';

const sizeOf = (files: ReadonlyArray<BlobFile>): number =>
  files.reduce((sum, { manifest }) => sum + manifest.sizeBytes, 0);

const wholeIn = (blobs: Blobs, conversation: Conversation): ReadonlyArray<BlobFile> =>
  blobs.shelf.files(conversation).filter(({ isWhole }) => isWhole);

const isMine = ({ deps: { me } }: Blobs, { keys }: BlobFile): boolean => {
  const ownHex = toHex(me.identity.identityId);
  return [...keys].some((key) => key.startsWith(`${ownHex}/`));
};

/** [SU2] Somebody is known to have it, or it came from somebody. */
const isFreeable = (blobs: Blobs, conversation: Conversation, file: BlobFile): boolean => {
  if (file.isPending) return false;
  return !isMine(blobs, file) || blobs.deviceCount(conversation, file) > 0;
};

/** [WI4] Own files that no device of a member is known to have whole, and no mailbox keeps. */
export const onlyHereCount = (blobs: Blobs, conversation: Conversation): number => {
  const nowMs = blobs.deps.core.clock.now();
  const others = otherDevices(conversation);
  const isHeld = ({ holders }: BlobFile): boolean =>
    others.some((deviceHex) => holders.has(deviceHex));
  const isLeft = ({ leftAtMs = -Infinity }: BlobFile): boolean =>
    nowMs - leftAtMs < limits.mailboxChunkLifeMs;
  return wholeIn(blobs, conversation).filter(
    (file) => isMine(blobs, file) && !isHeld(file) && !isLeft(file),
  ).length;
};

const freeableOf = (blobs: Blobs, conversation: Conversation): ReadonlyArray<FreeableFiles> => {
  const files = wholeIn(blobs, conversation).filter((file) =>
    isFreeable(blobs, conversation, file),
  );
  return ([2, 1, 0] as const).flatMap((deviceCount) => {
    const held = files.filter(
      (file) => Math.min(2, blobs.deviceCount(conversation, file)) === deviceCount,
    );
    return held.length === 0 ? [] : [{ deviceCount, count: held.length, sizeBytes: sizeOf(held) }];
  });
};

/** [SU1] Of conversations with files, what takes most first. */
export const usageOf = (
  blobs: Blobs,
  conversations: ReadonlyArray<Conversation>,
): ReadonlyArray<FileUsage> =>
  conversations
    .map((conversation) => {
      const files = wholeIn(blobs, conversation);
      return {
        conversationId: conversation.id,
        count: files.length,
        sizeBytes: sizeOf(files),
        freeable: freeableOf(blobs, conversation),
      };
    })
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.sizeBytes - a.sizeBytes);

export const freeFiles = async (
  blobs: Blobs,
  conversations: ReadonlyArray<Conversation>,
): Promise<Result<undefined, StorageFailure>> => {
  for (const conversation of conversations) {
    for (const file of wholeIn(blobs, conversation)) {
      if (!isFreeable(blobs, conversation, file)) continue;
      const freed = await blobs.free(conversation, file);
      if (!freed.ok) return freed;
    }
  }
  return ok(undefined);
};
