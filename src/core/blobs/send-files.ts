/**
 * A message with files: they are sealed onto this device's disk first, and what says so is written
 * together with the message. Until then the message is shown and lies in no outbox: a crash leaves
 * nothing of it but chunks that the next start sweeps up, and the words are still with who wrote them.
 */
import { toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Manifest } from '../../protocol/blobs/manifest.ts';
import { limits } from '../../protocol/limits.ts';
import type { CommandError } from '../api.ts';
import type { FileData, NewAttachment } from '../api-attachments.ts';
import type { Compose } from '../conversation/content/compose.ts';
import { checkWriter, type Speaker } from '../conversation/content/say.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { messageKey } from '../conversation/reading/projection.ts';
import type { Content } from '../epochs/log-host.ts';
import type { CoreFailure } from '../failures.ts';
import type { BlobFile } from './blob-file.ts';
import type { Blobs } from './blobs.ts';
import { idHexOf } from './blob-states.ts';
import { shapeOf } from '../conversation/views/attachment-view.ts';
import { draftManifest, sealFile } from './seal-file.ts';

export interface FilesToSend {
  readonly files: ReadonlyArray<NewAttachment>;
  /** The message around them, or why there can be none. */
  readonly compose: (manifests: ReadonlyArray<Manifest>) => Compose;
  readonly speaker: Speaker;
}

type Said = Result<{ readonly key: string }, CommandError>;

interface Sealed {
  readonly file: BlobFile;
  readonly manifest: Manifest;
}

/** Within the limits, before anything is read of them. */
const check = (files: ReadonlyArray<NewAttachment>): Result<undefined, CommandError> => {
  if (files.length > limits.attachmentsMax) return err('too-many');
  const isLarge = ({ data, preview }: NewAttachment): boolean =>
    data.size > limits.fileBytesMax || (preview?.length ?? 1) > limits.previewBytesMax;
  if (files.some(isLarge)) return err('too-long');
  return files.some(({ preview }) => preview?.length === 0) ? err('empty') : ok(undefined);
};

export const sendFiles = async (
  blobs: Blobs,
  conversation: Conversation,
  { files, compose, speaker }: FilesToSend,
): Promise<Said> => {
  const fit = check(files);
  if (!fit.ok) return fit;
  const drafts = files.map((file) => draftManifest(blobs.deps.core.random, file));
  const composed = compose(drafts);
  if (!composed.ok) return composed;
  const writer = checkWriter(conversation, speaker);
  if (!writer.ok) return writer;
  const content = conversation.content(composed.value.type, composed.value.payload);
  conversation.outbox.prepare(content);
  for (const draft of drafts) blobs.preparing.set(idHexOf(draft), 0);
  blobs.shownSoon(conversation);
  const said = await sealAndSay(blobs, conversation, { files, drafts, content, compose, speaker });
  for (const draft of drafts) blobs.preparing.delete(idHexOf(draft));
  if (!said.ok) conversation.outbox.removed([content]);
  blobs.changed(conversation);
  blobs.shown(conversation);
  return said;
};

interface Prepared extends FilesToSend {
  readonly drafts: ReadonlyArray<Manifest>;
  readonly content: Content;
}

const sealAndSay = async (
  blobs: Blobs,
  conversation: Conversation,
  { files, drafts, content, compose, speaker }: Prepared,
): Promise<Said> => {
  const names: string[] = [];
  const key = messageKey(toHex(speaker.ownId), content.mid);
  const sealed: Sealed[] = [];
  const giveUp = async (failure: CoreFailure | 'unreadable' | 'not-wanted'): Promise<Said> => {
    for (const name of names) await blobs.shelf.discard(name);
    if (failure === 'not-wanted') return err('unknown-message');
    return failure === 'unreadable' ? err('storage-failed') : speaker.refused(failure);
  };
  for (const [at, file] of files.entries()) {
    const draft = drafts[at];
    if (draft === undefined) continue;
    const name = blobs.shelf.newName();
    names.push(name);
    const manifest = await sealFile(
      {
        ...blobs.parts,
        name,
        onProgress: (doneBytes) => {
          blobs.preparing.set(idHexOf(draft), doneBytes);
          blobs.shownSoon(conversation);
        },
        isCancelled: () => !conversation.outbox.isPreparing(content.mid),
      },
      draft,
      file,
    );
    const isWanted = conversation.outbox.isPreparing(content.mid);
    if (!manifest.ok || !isWanted) {
      return giveUp(manifest.ok || !isWanted ? 'not-wanted' : manifest.error);
    }
    sealed.push({
      file: blobs.shelf.sealed(manifest.value, name, key),
      manifest: manifest.value,
    });
  }
  const composed = compose(sealed.map(({ manifest }) => manifest));
  if (!composed.ok) {
    await giveUp('not-wanted');
    return composed;
  }
  if (conversation.isForgotten) return giveUp('not-wanted');
  const writer = checkWriter(conversation, speaker);
  if (!writer.ok) {
    await giveUp('not-wanted');
    return writer;
  }
  const writes = sealed.map(({ file }) => blobs.shelf.recordOf(conversation, file));
  const sent = await conversation.sendPrepared({ ...content, ...composed.value }, writes);
  if (!sent.ok) return giveUp(sent.error);
  for (const { file } of sealed) blobs.shelf.put(conversation, file);
  return ok({ key });
};

/** Files of messages here, as if they were chosen anew. */
export const filesAgain = async (
  blobs: Blobs,
  conversation: Conversation,
  manifests: ReadonlyArray<Manifest>,
): Promise<Result<ReadonlyArray<NewAttachment>, CommandError>> => {
  const files: NewAttachment[] = [];
  for (const manifest of manifests) {
    const file = blobs.shelf.file(conversation, idHexOf(manifest));
    if (file?.isWhole !== true) return err('not-ready');
    const preview = await file.preview();
    files.push({
      name: manifest.name,
      mediaType: manifest.mediaType,
      data: dataOf(file),
      shape: shapeOf(manifest),
      preview: preview && new Uint8Array(preview),
    });
  }
  return ok(files);
};

/** Of a file that is whole here: read like one that a person chose. */
const dataOf = (file: BlobFile, from = 0, to = file.manifest.sizeBytes): FileData => ({
  size: to - from,
  slice: (start, end) => dataOf(file, from + start, Math.min(to, from + end)),
  arrayBuffer: async () => {
    const bytes = await file.read(from, to - from);
    if (bytes === undefined) throw new Error('a chunk is not here any more');
    return new Uint8Array(bytes).buffer;
  },
});
