/**
 * How a film is played while it still comes: under an address that nobody can guess the service worker
 * answers the browser's questions for bytes, and asks the window that made the address for them.
 */
import { limits } from '../protocol/limits.ts';

/** Under the app's own path. */
export const streamPath = 'stream/';

export interface ByteRange {
  readonly fromByte: number;
  readonly byteCount: number;
}

export interface StreamQuestion extends ByteRange {
  readonly type: 'read-stream';
  readonly token: string;
}

export interface StreamAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sizeBytes: number;
  readonly mediaType: string;
}

/** One range with a beginning, cut to what one answer may hold; of any other header undefined. */
export const readRange = (header: string | null): ByteRange | undefined => {
  const [, from, to] = /^bytes=(\d{1,15})-(\d{1,15})?$/u.exec(header ?? '') ?? [];
  if (from === undefined) return undefined;
  const fromByte = Number(from);
  const byteCount = to === undefined ? limits.readBytesMax : Number(to) - fromByte + 1;
  if (byteCount <= 0) return undefined;
  return { fromByte, byteCount: Math.min(byteCount, limits.readBytesMax) };
};

/** Never kept by anybody, and nothing but sound and pictures. */
const headers = {
  'Accept-Ranges': 'bytes',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
};

/** Undefined: the window does not have it, or not now. */
export const streamResponse = (
  { fromByte }: ByteRange,
  answer: StreamAnswer | undefined,
): Response => {
  if (answer === undefined || !/^(?:video|audio)\/[\w.-]+$/u.test(answer.mediaType)) {
    return new Response(null, { status: 404, headers });
  }
  const { bytes, sizeBytes, mediaType } = answer;
  if (bytes.length === 0) {
    const unmet = { ...headers, 'Content-Range': `bytes */${String(sizeBytes)}` };
    return new Response(null, { status: 416, headers: unmet });
  }
  const last = fromByte + bytes.length - 1;
  return new Response(bytes, {
    status: 206,
    headers: {
      ...headers,
      'Content-Type': mediaType,
      'Content-Length': String(bytes.length),
      'Content-Range': `bytes ${String(fromByte)}-${String(last)}/${String(sizeBytes)}`,
    },
  });
};
