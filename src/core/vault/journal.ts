/** The journal: entries on their way into a segment, each as a record of its own. */
import { bytesToUtf8, concatBytes, toHex, utf8ToBytes } from '../../base/bytes.ts';
import { decodeEnvelope, type Envelope } from '../../protocol/envelope.ts';
import type { Write } from '../../storage/port.ts';

export const journalPrefix = 'j/';
export const segmentNameChars = 32;

export interface JournalEntry {
  readonly key: string;
  readonly segment: string;
  readonly envelope: Envelope;
}

/** In the order in which they were written. */
export const journalKey = (count: number): string =>
  `${journalPrefix}${String(count).padStart(15, '0')}`;

export const countIn = (key: string): number => Number(key.slice(journalPrefix.length));

/** Entries of one log lie in the journal in their order: they were written in it. */
export const byWriter = (
  entries: ReadonlyArray<JournalEntry>,
): ReadonlyArray<ReadonlyArray<Envelope>> => {
  const groups = new Map<string, Envelope[]>();
  for (const { envelope } of entries) {
    const key = toHex(envelope.mailbox) + toHex(envelope.writerPub);
    groups.set(key, [...(groups.get(key) ?? []), envelope]);
  }
  return [...groups.values()];
};

/** An envelope is ciphertext; the segment's name is random. */
export const journalWrite = ({ key, segment, envelope }: JournalEntry): Write => ({
  key,
  value: concatBytes(utf8ToBytes(segment), envelope.bytes),
});

export const readJournal = (key: string, value: Uint8Array): JournalEntry | undefined => {
  const segment = bytesToUtf8(value.subarray(0, segmentNameChars));
  const envelope = decodeEnvelope(value.subarray(segmentNameChars));
  return segment.ok && envelope.ok
    ? { key, segment: segment.value, envelope: envelope.value }
    : undefined;
};
