/** Reads an archive back by its directory, as any program does; entries are stored as they are. */
import { bytesToUtf8, joinBytes } from '../../src/base/bytes.ts';

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const endOf = (bytes: Uint8Array): number => {
  const view = viewOf(bytes);
  for (let at = bytes.length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  throw new Error('no directory');
};

export const unzip = (
  parts: ReadonlyArray<Uint8Array>,
): ReadonlyMap<string, Uint8Array<ArrayBuffer>> => {
  const bytes = joinBytes(parts);
  const view = viewOf(bytes);
  const end = endOf(bytes);
  const entries = new Map<string, Uint8Array<ArrayBuffer>>();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const sizeBytes = view.getUint32(at + 20, true);
    const nameBytes = view.getUint16(at + 28, true);
    const moreBytes = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const name = bytesToUtf8(bytes.subarray(at + 46, at + 46 + nameBytes));
    if (!name.ok || entries.has(name.value)) throw new Error('a name that is twice or no text');
    const local = view.getUint32(at + 42, true);
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    entries.set(name.value, bytes.slice(from, from + sizeBytes));
    at += 46 + nameBytes + moreBytes;
  }
  return entries;
};
