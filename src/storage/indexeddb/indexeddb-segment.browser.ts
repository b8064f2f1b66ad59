/**
 * A segment over links to its database: when the browser closed one (a full disk does that to all of
 * an origin), the next reading makes another, which writes what the document has meanwhile.
 */
import type * as Y from 'yjs';
import { err, ok, type Result } from '../../base/result.ts';
import { openLink, type Link, type LinkOptions } from './indexeddb-link.browser.ts';
import type { Segment, StorageFailure } from '../port.ts';

export interface IndexedDbSegmentOptions extends Omit<LinkOptions, 'doc'> {
  /** Fails while the store that this segment belongs to is not open. */
  readonly whenOpen: <T>(
    work: () => Promise<Result<T, StorageFailure>>,
  ) => Promise<Result<T, StorageFailure>>;
  readonly onClose: () => void;
}

export const openIndexedDbSegment = async (
  options: IndexedDbSegmentOptions,
): Promise<Result<Segment, StorageFailure>> => {
  const { name, onFailure, onTaken, hasRoomFor, whenOpen, onClose } = options;
  const connect = (doc?: Y.Doc) => openLink({ name, doc, onFailure, onTaken, hasRoomFor });
  const first = await connect();
  if (!first.ok) return first;
  const { doc, setAsideCount } = first.value;

  let link: Promise<Result<Link, StorageFailure>> | undefined = Promise.resolve(first);
  let isClosed = false;
  const readOnce = () =>
    whenOpen(async () => {
      link ??= connect(doc);
      const linked = await link;
      const clocks = linked.ok ? await linked.value.storedClocks() : linked;
      if (clocks.ok) return clocks;
      link = undefined;
      if (linked.ok) await linked.value.end();
      return clocks;
    });
  return ok({
    doc,
    setAsideCount,
    storedClocks: async () => {
      if (isClosed) return err('failed');
      const clocks = await readOnce();
      return clocks.ok ? clocks : readOnce(); // the link may have been a lost one
    },
    close: async () => {
      isClosed = true;
      const linked = await link;
      if (linked?.ok === true) await linked.value.end();
      onClose();
    },
  });
};
