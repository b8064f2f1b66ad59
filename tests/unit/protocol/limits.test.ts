import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assert } from '../../../src/base/assert.ts';
import { limits } from '../../../src/protocol/limits.ts';

const spec = readFileSync(new URL('../../../src/protocol/SPEC.md', import.meta.url), 'utf8');

test('[LI1] the table of SPEC.md holds the values of limits.ts', () => {
  const valueOf: Readonly<Record<string, number>> = limits;
  const rows = [...spec.matchAll(/^\| `(\w+)` \| ([\d ]+) \|$/gm)];
  expect(rows.length).toBeGreaterThan(40);
  const stated = rows.map(([, name = '', value = '']) => [name, Number(value.replaceAll(' ', ''))]);
  expect(stated).toEqual(rows.map(([, name = '']) => [name, valueOf[name]]));
});

/** They are constants: what holds here holds at every start, and no page carries the sentences. */
test('[LI1] what is to fit in something else does', () => {
  assert(limits.previewBytesMax < limits.chunkBytes, 'a preview is one chunk');
  assert(limits.stickerBytesMax <= limits.previewBytesMax, 'a sticker is its own preview');
  assert(
    limits.stickersPerPackMax * (limits.stickerBytesMax + 128) < limits.stickerPackBytesMax,
    'a full pack fits in its file',
  );
  assert(limits.chunkIdsPerIndexMax * 32 <= limits.chunkBytes, 'a full index is one chunk');
  assert(
    Math.ceil((limits.fileBytesMax * 1.13) / limits.chunkBytes) < limits.chunkIdsPerIndexMax ** 2,
    'two levels of index name every chunk of the largest file',
  );
  assert(
    limits.blobWaitingMax >
      2 * (limits.blobsFetchedMax + limits.blobsComingMax) * limits.blobWantedMax,
    'what was asked of one peer finds a place when it comes',
  );
  assert(
    limits.blobServedMax >= (limits.blobsFetchedMax + limits.blobsComingMax) * limits.blobWantedMax,
    'what one peer may ask for at a time is served',
  );
  assert(limits.chunkBytes + 1024 < limits.blobFrameBytesMax, 'a chunk fits in a frame');
  assert(
    limits.blobFrameBytesMax + 1024 < limits.dataChannelMessageBytesMax,
    'a frame fits in a message of a data channel',
  );
  assert(limits.textBytesMax < limits.bodyBytesMax, 'a full text fits in a body');
  assert(limits.bodyBytesMax < limits.frameBytesMax, 'a full body fits in a frame');
  assert(limits.opsPayloadBytesMax < limits.bodyBytesMax, 'a full ops payload fits in a body');
  assert(
    limits.syncReplyBytesMax < limits.syncFrameBytesMax,
    'a full sync reply fits in a link frame',
  );
  assert(
    limits.meetingsPerRelayMax * (limits.meetingBlobBytesMax + 34) < limits.meetingRequestBytesMax,
    'a full registration fits in a request',
  );
  assert(
    limits.meetingPeersPerKeyMax * (limits.meetingBlobBytesMax + 2) < limits.meetingReplyBytesMax,
    'a full key fits in a reply',
  );
  assert(
    limits.mailboxUpdateBytesMax + limits.mailboxWritersMax * 128 < limits.mailboxFrameBytesMax,
    'a full update fits in a mailbox frame, with every certificate or row',
  );
  assert(
    limits.liveBurstMax * limits.wantedPeersMax < 2 * limits.gossipBurstMax,
    'one peer may pass on what everybody writes at once',
  );
  assert(
    limits.entriesPerEpochSoftMax + 256 < limits.mailboxWriterEntriesMax,
    'all of a full epoch, and of the batch that filled it, fits in its mailbox',
  );
  assert(
    limits.roomStrangerWritersMax + limits.relaysMax * limits.mailboxAddressWritersMax <
      limits.roomWritersMax,
    'one address leaves places in a room',
  );
  assert(
    limits.vectorOthersDelayMs < limits.forwardDelayMs &&
      limits.vectorOthersCrowdDelayMs < limits.forwardCrowdDelayMs,
    'who holds an entry has said so before it goes on',
  );
  assert(limits.relayedLinkBytesMax < limits.circuitBytesMax, 'a link ends before its circuit');
  assert(limits.relayedLinkMs < limits.circuitMs, 'a link ends before its circuit');
  assert(limits.typingToldEachMs < limits.typingShownMs, 'who goes on writing is shown throughout');
  assert(limits.typingShownMs <= limits.signalLifeMaxMs, 'a signal lives as long as it is shown');
});
