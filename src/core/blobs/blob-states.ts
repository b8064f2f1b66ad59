/** What is known of each file beyond this device, and how it is told to the interface. */
import { toHex } from '../../base/bytes.ts';
import type { Layout } from '../../protocol/blobs/layout.ts';
import { blobIdOf, type FileShape, type Manifest } from '../../protocol/blobs/manifest.ts';
import { limits } from '../../protocol/limits.ts';
import type { AttachmentState, FetchRules } from '../api-attachments.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { BlobFile } from './blob-file.ts';
import type { Fetching } from './fetching.ts';
import type { Have } from './have.ts';

const idHexes = new WeakMap<Manifest, string>();

/** Asked at every look at a message: hashed once. */
export const idHexOf = (manifest: Manifest): string => {
  const known = idHexes.get(manifest);
  if (known !== undefined) return known;
  const idHex = toHex(blobIdOf(manifest));
  idHexes.set(manifest, idHex);
  return idHex;
};

/** Comes by itself, or was asked for. */
export const isWanted = ({ mode, isDue }: Pick<BlobFile, 'mode' | 'isDue'>): boolean =>
  mode === 'fetch' || (mode === 'auto' && isDue);

type Choosable = Pick<BlobFile, 'mode' | 'isDue' | 'doneBytes'> & {
  readonly manifest: Pick<Manifest, 'sizeBytes'> & { readonly shape: Pick<FileShape, 'kind'> };
};

/**
 * [FT1] Which of a conversation's files come by themselves: those that its rules name. [FT17] Nobody
 * fills a disk with them: there is room for so much, for what was begun before what was not.
 */
export const chooseDue = (
  files: ReadonlyArray<Choosable>,
  { kinds, sizeBytesMax }: FetchRules,
): void => {
  const begunFirst = files.toSorted((a, b) => Number(b.doneBytes > 0) - Number(a.doneBytes > 0));
  let roomBytes: number = limits.autoBytesPerConversationMax;
  for (const file of begunFirst) {
    const { sizeBytes, shape } = file.manifest;
    const isNamed = file.mode === 'auto' && kinds.includes(shape.kind);
    file.isDue = isNamed && sizeBytes <= sizeBytesMax && sizeBytes <= roomBytes;
    if (file.isDue) roomBytes -= sizeBytes;
  }
};

/** [FT21] Other members who last said that they have all of it. */
export const holderCountOf = (
  conversation: Conversation,
  { holders }: Pick<BlobFile, 'holders'>,
  ownHex: string,
): number => {
  const { levels } = conversation.membership.view; // who was removed may have it, and gives it to nobody
  const people = new Set<string>();
  for (const deviceHex of holders) {
    const identityHex = conversation.identityOf(deviceHex);
    const isMember = identityHex !== undefined && levels.has(identityHex);
    if (isMember && identityHex !== ownHex) people.add(identityHex);
  }
  return people.size;
};

/** Of others who have a part of it, how much the one has who has the most; a preview is none. */
export const sharedHundredthsOf = (
  { firstDataSlot, dataCount }: Pick<Layout, 'firstDataSlot' | 'dataCount'>,
  haves: ReadonlyMap<string, Have>,
): number | undefined => {
  const parts = [...haves.values()].filter(({ isWhole }) => !isWhole);
  const most = Math.max(0, ...parts.map((have) => have.countFrom(firstDataSlot)));
  return most === 0 ? undefined : Math.floor((100 * most) / dataCount);
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

interface Elsewhere {
  readonly fetching: Fetching | undefined;
  readonly haves: ReadonlyMap<string, Have>;
  readonly holderCount: () => number;
}

export const stateOfFile = (
  file: BlobFile,
  { fetching, haves, holderCount }: Elsewhere,
): AttachmentState => {
  const { doneBytes } = file;
  if (file.isWhole) {
    const sharedHundredths = sharedHundredthsOf(file.layout, haves);
    const here = { kind: 'here', holderCount: holderCount() } as const;
    return sharedHundredths === undefined ? here : { ...here, sharedHundredths };
  }
  if (file.mode === 'paused') return { kind: 'paused', doneBytes };
  if (!isWanted(file)) return { kind: 'waiting', doneBytes, for: 'ask' };
  if (file.isOutOfSpace) return { kind: 'waiting', doneBytes, for: 'space' };
  const reach = fetching?.reach() ?? 'none';
  if (reach === 'direct') {
    return { kind: 'fetching', doneBytes, fromCount: fetching?.fromCount ?? 0 };
  }
  if (file.isFromMailbox) return { kind: 'fetching', doneBytes, fromCount: 0, isFromMailbox: true };
  return { kind: 'waiting', doneBytes, for: reach === 'relayed' ? 'direct-path' : 'holder' };
};
