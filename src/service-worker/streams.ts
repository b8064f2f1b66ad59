/**
 * Answers a film's questions for bytes by asking the window that plays it: plaintext passes through
 * here in pieces and stays nowhere.
 */
import {
  readRange,
  streamPath,
  streamResponse,
  type StreamAnswer,
  type StreamQuestion,
} from '../media/stream-range.ts';

declare const self: ServiceWorkerGlobalScope;

/** Longer than a window waits for what has to be fetched first. */
const patienceMs = 30_000;

const ask = (
  client: Client,
  question: StreamQuestion,
  signal: AbortSignal,
): Promise<StreamAnswer | undefined> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const settle = (answer: StreamAnswer | undefined): void => {
      clearTimeout(timer);
      port1.close();
      resolve(answer);
    };
    const giveUp = (): void => {
      settle(undefined);
    };
    const timer = setTimeout(giveUp, patienceMs);
    signal.addEventListener('abort', giveUp); // the film was closed, or sought in
    port1.onmessage = ({ data }: MessageEvent<StreamAnswer | undefined>) => {
      settle(data);
    };
    client.postMessage(question, [port2]);
  });

const answer = async ({ clientId, request }: FetchEvent, token: string): Promise<Response> => {
  const range = readRange(request.headers.get('Range'));
  const client = await self.clients.get(clientId);
  if (range === undefined || client === undefined) return new Response(null, { status: 404 });
  const question: StreamQuestion = { type: 'read-stream', token, ...range };
  return streamResponse(range, await ask(client, question, request.signal));
};

export const serveStreams = (): void => {
  const base = new URL(streamPath, self.registration.scope).href;
  self.addEventListener('fetch', (event) => {
    const { url, destination } = event.request;
    const isPlayed = destination === 'video' || destination === 'audio';
    if (isPlayed && url.startsWith(base)) event.respondWith(answer(event, url.slice(base.length)));
  });
};
