/** The window's side of films that are played while they come (stream-range.ts). */
import { toHex } from '../base/bytes.ts';
import { streamPath, type StreamAnswer, type StreamQuestion } from './stream-range.ts';

export interface StreamSource {
  readonly sizeBytes: number;
  readonly mediaType: string;
  /** Undefined: it did not come. */
  read(fromByte: number, byteCount: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

export interface Stream {
  readonly url: string;
  /** The address leads nowhere from then on. */
  close(): void;
}

const sources = new Map<string, StreamSource>();

const container = (): ServiceWorkerContainer | undefined =>
  (navigator as { readonly serviceWorker?: ServiceWorkerContainer }).serviceWorker;

/** A service worker is there to ask this window. */
export const canStream = (): boolean => (container()?.controller ?? null) !== null;

const isQuestion = (data: unknown): data is StreamQuestion =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === 'read-stream';

const answerTo = async (question: StreamQuestion): Promise<StreamAnswer | undefined> => {
  const source = sources.get(question.token);
  const bytes = await source?.read(question.fromByte, question.byteCount);
  // Closed meanwhile: nobody is told any more.
  if (source === undefined || bytes === undefined || !sources.has(question.token)) return undefined;
  return { bytes, sizeBytes: source.sizeBytes, mediaType: source.mediaType };
};

/** Answers the service worker from now on, also that there is nothing under an address any more. */
export const answerStreams = (): void => {
  container()?.addEventListener('message', ({ data, ports }: MessageEvent<unknown>) => {
    const [port] = ports;
    if (!isQuestion(data) || port === undefined) return;
    void answerTo(data).then((answer) => {
      port.postMessage(answer, answer === undefined ? [] : [answer.bytes.buffer]);
    });
  });
};

/** Undefined: there is no service worker. */
export const openStream = (source: StreamSource): Stream | undefined => {
  if (!canStream()) return undefined;
  const token = toHex(crypto.getRandomValues(new Uint8Array(16)));
  sources.set(token, source);
  return {
    url: new URL(`${streamPath}${token}`, document.baseURI).href,
    close: () => {
      sources.delete(token);
    },
  };
};
