import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../relay/config.ts';

describe('relay configuration', () => {
  test('[RC1] nothing set gives loopback and the documented ports', () => {
    expect(readConfig({})).toEqual({
      ok: true,
      value: {
        httpHost: '127.0.0.1',
        httpPort: 8080,
        wsPort: 9001,
        webrtcPort: 9002,
        dataDir: 'data',
        announce: [],
        reservationsMax: 256,
        mailbox: { bytesMax: 512 * 1024 * 1024, lifeMs: 30 * 86_400_000, hasFiles: true },
      },
    });
  });

  test('[RC1] every variable is read', () => {
    const announce = [
      '/dns4/relay.example.org/tcp/443/tls/ws',
      '/ip4/192.0.2.1/udp/9002/webrtc-direct',
    ];
    expect(
      readConfig({
        SOTTO_HTTP_ADDR: '[::1]:9999',
        SOTTO_WS_PORT: '1',
        SOTTO_WEBRTC_PORT: '',
        SOTTO_DATA_DIR: '/var/lib/sotto',
        SOTTO_ANNOUNCE: `${announce.join(',  ')},`,
        SOTTO_MAX_RESERVATIONS: '1000',
        SOTTO_MAILBOX_MB: '2',
        SOTTO_MAILBOX_DAYS: '3',
        SOTTO_MAILBOX_FILES: '0',
      }),
    ).toEqual({
      ok: true,
      value: {
        httpHost: '::1',
        httpPort: 9999,
        wsPort: 1,
        webrtcPort: undefined,
        dataDir: '/var/lib/sotto',
        announce,
        reservationsMax: 1000,
        mailbox: { bytesMax: 2 * 1024 * 1024, lifeMs: 3 * 86_400_000, hasFiles: false },
      },
    });
  });

  test.each(['SOTTO_MAILBOX_MB', 'SOTTO_MAILBOX_DAYS'])(
    '[MB13] %s=0 switches the mailbox off',
    (name) => {
      const config = readConfig({ [name]: '0' });
      expect(config).toMatchObject({ ok: true, value: { mailbox: undefined } });
    },
  );

  test.each([
    ['SOTTO_HTTP_ADDR', '8080'],
    ['SOTTO_HTTP_ADDR', '127.0.0.1:99999'],
    ['SOTTO_WS_PORT', ''],
    ['SOTTO_WS_PORT', '65536'],
    ['SOTTO_WEBRTC_PORT', 'yes'],
    ['SOTTO_ANNOUNCE', 'relay.example.org'],
    ['SOTTO_MAILBOX_MB', 'much'],
    ['SOTTO_MAILBOX_DAYS', '-1'],
    ['SOTTO_MAILBOX_FILES', 'no'],
    ['SOTTO_MAX_RESERVATIONS', '0'],
    ['SOTTO_MAX_RESERVATIONS', '-5'],
  ])('[RC2] %s=%j is answered with a sentence that names it', (name, value) => {
    const config = readConfig({ [name]: value });
    expect(config.ok).toBe(false);
    expect(config.ok ? '' : config.error).toContain(name);
  });
});
