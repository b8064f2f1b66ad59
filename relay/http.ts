/**
 * The app's own little web server: the built files under strict headers, and three answers about the
 * process. It reads nothing a visitor sends but the path.
 *
 * - `/healthz`: 200 while the process runs.
 * - `/readyz`: 200 when the relay takes connections and the app is there to be served, else 503.
 * - `/relay.json`: the addresses of the relay that runs beside it, so that the app finds it.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { assert } from '../src/base/assert.ts';
import { readFiles, type StaticFile } from './files.ts';
import { securityHeaders } from './headers.ts';

/** What the server tells about the relay. */
export interface RelayStatus {
  isReady(): boolean;
  addresses(): ReadonlyArray<string>;
}

export interface HttpOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The folder of the built app. */
  readonly root: string;
  readonly relay: RelayStatus;
}

export interface HttpServer {
  readonly port: number;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

const text = (status: number, body: string): Answer => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  body: `${body}\n`,
});

const json = (value: unknown): Answer => ({
  status: 200,
  headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
  body: JSON.stringify(value),
});

const fileAnswer = (file: StaticFile, request: IncomingMessage): Answer => {
  const headers = { ...file.headers, ETag: file.etag, Vary: 'Accept-Encoding' };
  if (request.headers['if-none-match'] === file.etag) return { status: 304, headers, body: '' };
  const acceptsGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (!acceptsGzip || file.gzipped === undefined) return { status: 200, headers, body: file.body };
  return { status: 200, headers: { ...headers, 'Content-Encoding': 'gzip' }, body: file.gzipped };
};

const send = (response: ServerResponse, answer: Answer): void => {
  response.statusCode = answer.status;
  response.setHeaders(new Headers({ ...securityHeaders, ...answer.headers }));
  response.end(answer.body); // Node leaves the body out of an answer to HEAD
};

/** Listens; rejects with the system's error where it cannot. */
export const startHttp = async (options: HttpOptions): Promise<HttpServer> => {
  const { host, port, root, relay } = options;
  const files = readFiles(root);
  const hasApp = files.has('/');

  const answerTo = (request: IncomingMessage): Answer => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const refusal = text(405, 'Only GET and HEAD.');
      return { ...refusal, headers: { ...refusal.headers, Allow: 'GET, HEAD' } };
    }
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path === '/healthz') return text(200, 'alive');
    if (path === '/readyz') {
      return hasApp && relay.isReady() ? text(200, 'ready') : text(503, 'not ready');
    }
    if (path === '/relay.json') return json({ relays: relay.addresses() });
    const file = files.get(path);
    return file === undefined ? text(404, 'Nothing here.') : fileAnswer(file, request);
  };

  const server = createServer((request, response) => {
    send(response, answerTo(request));
  }).listen({ host, port });
  await once(server, 'listening'); // rejects with the error event

  const address = server.address();
  assert(address !== null && typeof address === 'object', 'a listening TCP server has a port');
  return {
    port: address.port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
