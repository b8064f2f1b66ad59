import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startHttp, type HttpServer } from '../../../relay/http.ts';

const page = '<!doctype html><title>Sotto</title>';
const script = 'const a = 1;\n'.repeat(100);

let server: HttpServer | undefined;
let dir = '';

afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(dir, { recursive: true, force: true });
});

const setupServer = async ({ isRelayReady = true, hasApp = true } = {}): Promise<string> => {
  dir = mkdtempSync(join(tmpdir(), 'sotto-http-'));
  const root = join(dir, 'dist');
  mkdirSync(join(root, 'assets'), { recursive: true });
  if (hasApp) writeFileSync(join(root, 'index.html'), page);
  writeFileSync(join(root, 'assets', 'index-abc123.js'), script);
  writeFileSync(join(root, 'manifest.webmanifest'), '{}');
  writeFileSync(join(root, '.built-from'), 'hash');
  writeFileSync(join(dir, 'secret.txt'), 'outside');
  server = await startHttp({
    host: '127.0.0.1',
    port: 0,
    root,
    relay: { isReady: () => isRelayReady, addresses: () => ['/ip4/127.0.0.1/tcp/1/ws/p2p/x'] },
  });
  return `http://127.0.0.1:${server.port}`;
};

/** `fetch` tidies a path before it sends it; an attacker does not. */
const statusOfRawPath = (url: string, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('what the server serves', () => {
  test('[HT1] the page at / and under its name, each file with its type', async () => {
    const url = await setupServer();
    for (const path of ['/', '/index.html', '/?utm=1']) {
      const response = await fetch(url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response.text()).toBe(page);
    }
    const asset = await fetch(`${url}/assets/index-abc123.js`);
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(asset.headers.get('content-encoding')).toBe('gzip');
    expect(await asset.text()).toBe(script);
    const manifest = await fetch(`${url}/manifest.webmanifest`);
    expect(manifest.headers.get('content-type')).toMatch(/^application\/manifest\+json/);
  });

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/..\\secret.txt',
    '//etc/passwd',
    '/.built-from',
    '/assets',
    '/assets/',
    '/nothing.js',
    '/constructor',
    '/__proto__',
  ])('[HT1] %s does not exist', async (path) => {
    expect(await statusOfRawPath(await setupServer(), path)).toBe(404);
  });

  test('[HT1] HEAD answers like GET without a body; any other method is refused', async () => {
    const url = await setupServer();
    const head = await fetch(url, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await fetch(url, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD');
    }
  });

  test('[HT1] the relay’s addresses, for the app that it serves', async () => {
    const response = await fetch(`${await setupServer()}/relay.json`);
    expect(await response.json()).toEqual({ relays: ['/ip4/127.0.0.1/tcp/1/ws/p2p/x'] });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});

describe('headers', () => {
  test('[HT2] every answer carries the strict policy, errors too', async () => {
    const url = await setupServer();
    for (const path of ['/', '/assets/index-abc123.js', '/nothing', '/relay.json', '/readyz']) {
      const { headers } = await fetch(url + path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).toContain('trusted-types sotto svelte-trusted-html');
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    }
  });

  test('[HT4] hashed assets for ever; the page is asked for again and not sent twice', async () => {
    const url = await setupServer();
    const asset = await fetch(`${url}/assets/index-abc123.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const first = await fetch(url);
    expect(first.headers.get('cache-control')).toBe('no-cache');
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(url, { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    const other = await fetch(url, { headers: { 'If-None-Match': '"other"' } });
    expect(other.status).toBe(200);
  });
});

describe('is it ready?', () => {
  test.each([
    [{ isRelayReady: true, hasApp: true }, 200],
    [{ isRelayReady: false, hasApp: true }, 503],
    [{ isRelayReady: true, hasApp: false }, 503],
  ])('[HT3] with %o it answers %i', async (state, status) => {
    const url = await setupServer(state);
    expect((await fetch(`${url}/readyz`)).status).toBe(status);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('[HT3] after close nobody listens, and open connections have ended', async () => {
    const url = await setupServer();
    await (await fetch(url)).text(); // leaves a kept-alive connection
    await server?.close();
    server = undefined;
    await expect(fetch(url)).rejects.toThrow();
  });
});
