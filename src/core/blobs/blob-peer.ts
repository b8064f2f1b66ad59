/** Who is at hand to give or take files, and the words of files as they travel to them. */
import type { BlobFrame } from '../../protocol/blobs/blob-frames.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { ProvedLink } from '../sync/links.ts';
import type { BlobFile } from './blob-file.ts';

export interface BlobPeer extends ProvedLink {
  readonly conversation: Conversation;
}

type Unaddressed<T> = T extends BlobFrame ? Omit<T, 'mailbox'> : never;
/** A frame to a peer: the epoch is the one that is shared with it. */
export type BlobWords = Unaddressed<BlobFrame>;

export interface BlobWire {
  /** Devices of members, each over its links. */
  peers(): ReadonlyArray<BlobPeer>;
  /** Rejects with an Error where the link is gone. */
  send(peer: BlobPeer, words: BlobWords): Promise<void>;
  /** Hangs up on who sends what nobody honest sends. */
  deny(peer: ProvedLink): void;
}

/** [FT12] Now, and not only when it came: who was removed since is given nothing more. */
export const isMemberNow = ({ conversation, epoch, devSignPub }: BlobPeer): boolean =>
  conversation.isMember && conversation.mayRead(epoch, devSignPub);

/**
 * [FT18] Of a file only those hear, its size and its name included, who may read a message that it
 * goes with: who came later without the past is told nothing of what was sent in it.
 */
export const mayHearOf = (
  { conversation, devSignPub }: BlobPeer,
  { keys }: Pick<BlobFile, 'keys'>,
): boolean =>
  [...keys].some((key) => {
    const item = conversation.projection.byKey(key);
    if (item?.type !== 'message') return false; // in no log yet, or not here
    const epoch = conversation.logs.byId(item.place.epochHex);
    return epoch !== undefined && conversation.mayRead(epoch, devSignPub);
  });
