/** What is known of each file beyond this device, and how it is told to the interface. */
import { toHex } from '../../base/bytes.ts';
import { blobIdOf, type Manifest } from '../../protocol/blobs/manifest.ts';
import { limits } from '../../protocol/limits.ts';
import type { AttachmentState } from '../api-attachments.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { BlobFile } from './blob-file.ts';
import type { Fetching } from './fetching.ts';

const idHexes = new WeakMap<Manifest, string>();

/** Asked at every look at a message: hashed once. */
export const idHexOf = (manifest: Manifest): string => {
  const known = idHexes.get(manifest);
  if (known !== undefined) return known;
  const idHex = toHex(blobIdOf(manifest));
  idHexes.set(manifest, idHex);
  return idHex;
};

/** [FT1] A small file comes by itself, a large one when it is asked for. */
export const isWanted = ({ mode, manifest }: BlobFile): boolean =>
  mode === 'fetch' || (mode === 'auto' && manifest.sizeBytes <= limits.autoFetchBytesMax);

type Counted = Pick<BlobFile, 'mode'> & { readonly manifest: Pick<Manifest, 'sizeBytes'> };

/** What it takes of the room for files that come by themselves. */
export const autoBytesOf = ({ mode, manifest: { sizeBytes } }: Counted): number =>
  mode === 'auto' && sizeBytes <= limits.autoFetchBytesMax ? sizeBytes : 0;

/** [FT17] Nobody fills a disk with what comes by itself: beyond the room for it a file is asked for. */
export const hasRoomFor = (file: Counted, heldBytes: number): boolean =>
  heldBytes + autoBytesOf(file) <= limits.autoBytesPerConversationMax;

/** [FT21] Other people who last said that they have all of it. */
export const holderCountOf = (
  conversation: Conversation,
  { holders }: Pick<BlobFile, 'holders'>,
  ownHex: string,
): number => {
  const people = new Set<string>();
  for (const deviceHex of holders) {
    const identityHex = conversation.identityOf(deviceHex);
    if (identityHex !== undefined && identityHex !== ownHex) people.add(identityHex);
  }
  return people.size;
};

/** Every other person has all of it. */
export const isHeldByAll = (
  conversation: Conversation,
  file: BlobFile,
  ownHex: string,
): boolean => {
  const others = [...conversation.membership.view.levels.keys()].filter((id) => id !== ownHex);
  return holderCountOf(conversation, file, ownHex) >= others.length;
};

export const stateOfFile = (
  file: BlobFile,
  { fetching, holderCount }: { fetching: Fetching | undefined; holderCount: () => number },
): AttachmentState => {
  const { doneBytes } = file;
  if (file.isWhole) return { kind: 'here', holderCount: holderCount() };
  if (file.mode === 'paused') return { kind: 'paused', doneBytes };
  if (!isWanted(file)) return { kind: 'waiting', doneBytes, for: 'ask' };
  if (file.isOutOfSpace) return { kind: 'waiting', doneBytes, for: 'space' };
  const reach = fetching?.reach() ?? 'none';
  if (reach === 'direct') {
    return { kind: 'fetching', doneBytes, fromCount: fetching?.fromCount ?? 0 };
  }
  return { kind: 'waiting', doneBytes, for: reach === 'relayed' ? 'direct-path' : 'holder' };
};
