/** What an operator can set, all of it by environment variables, all of it optional. */
import { multiaddr } from '@multiformats/multiaddr';
import { err, ok, type Result } from '../src/base/result.ts';

export interface Config {
  readonly httpHost: string;
  readonly httpPort: number;
  /** libp2p over WebSocket. */
  readonly wsPort: number;
  /** libp2p over WebRTC without a certificate, UDP; undefined switches it off. */
  readonly webrtcPort: number | undefined;
  /** Holds the relay's key, so that its address in invites stays true. */
  readonly dataDir: string;
  /** Addresses to tell others, where a proxy or a router stands in front. */
  readonly announce: ReadonlyArray<string>;
  /** People who can be reachable through this relay at one time. */
  readonly reservationsMax: number;
  /** Undefined switches it off. */
  readonly mailbox: MailboxConfig | undefined;
}

/** What the blind mailbox may keep, and for how long. */
export interface MailboxConfig {
  readonly bytesMax: number;
  readonly lifeMs: number;
  /** Sealed chunks of small files, beside the words. */
  readonly hasFiles: boolean;
}

const bytesPerMb = 1024 * 1024;
const dayMs = 86_400_000;

type Env = Readonly<Record<string, string | undefined>>;

const wholeNumberOf = (text: string, max: number): number | undefined => {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  return number <= max ? number : undefined;
};

const portOf = (text: string): number | undefined => wholeNumberOf(text, 65_535);

const isMultiaddr = (text: string): boolean => {
  try {
    return multiaddr(text).getComponents().length > 1;
  } catch {
    return false; // the parser throws on anything else; the operator gets a sentence instead
  }
};

/** The settings, or a sentence that tells the operator which variable cannot be read. */
export const readConfig = (env: Env): Result<Config, string> => {
  const httpAddr = env['SOTTO_HTTP_ADDR'] ?? '127.0.0.1:8080';
  const [, host, portText] = /^(.+):(\d+)$/.exec(httpAddr) ?? [];
  const httpPort = portOf(portText ?? '');
  if (host === undefined || httpPort === undefined) {
    return err(`SOTTO_HTTP_ADDR is "${httpAddr}"; it must look like 127.0.0.1:8080.`);
  }

  const wsPort = portOf(env['SOTTO_WS_PORT'] ?? '9001');
  if (wsPort === undefined) return err('SOTTO_WS_PORT must be a port, such as 9001.');

  const webrtcText = env['SOTTO_WEBRTC_PORT'] ?? '9002';
  const webrtcPort = portOf(webrtcText);
  if (webrtcText !== '' && webrtcPort === undefined) {
    return err('SOTTO_WEBRTC_PORT must be a port, such as 9002, or empty to switch it off.');
  }

  const announce = (env['SOTTO_ANNOUNCE'] ?? '').split(/[\s,]+/u).filter((text) => text !== '');
  const notAnAddress = announce.find((text) => !isMultiaddr(text));
  if (notAnAddress !== undefined) {
    return err(
      `SOTTO_ANNOUNCE holds "${notAnAddress}"; it must hold multiaddrs, such as ` +
        '/dns4/relay.example.org/tcp/443/tls/ws, separated by commas.',
    );
  }

  const reservationsMax = wholeNumberOf(env['SOTTO_MAX_RESERVATIONS'] ?? '256', 100_000);
  if (reservationsMax === undefined || reservationsMax === 0) {
    return err('SOTTO_MAX_RESERVATIONS must be a number from 1 to 100000, such as 256.');
  }

  const mailboxMb = wholeNumberOf(env['SOTTO_MAILBOX_MB'] ?? '512', 100_000);
  if (mailboxMb === undefined) {
    return err('SOTTO_MAILBOX_MB must be a number up to 100000, such as 512; 0 switches it off.');
  }
  const mailboxDays = wholeNumberOf(env['SOTTO_MAILBOX_DAYS'] ?? '30', 3650);
  if (mailboxDays === undefined) {
    return err('SOTTO_MAILBOX_DAYS must be a number up to 3650, such as 30; 0 switches it off.');
  }
  const filesText = env['SOTTO_MAILBOX_FILES'] ?? '1';
  if (filesText !== '0' && filesText !== '1') {
    return err('SOTTO_MAILBOX_FILES must be 1 or 0; 0 keeps no files in the mailbox.');
  }
  const hasFiles = filesText === '1';
  const mailbox =
    mailboxMb === 0 || mailboxDays === 0
      ? undefined
      : { bytesMax: mailboxMb * bytesPerMb, lifeMs: mailboxDays * dayMs, hasFiles };

  const httpHost = host.replace(/^\[(.*)\]$/, '$1'); // [::1] → ::1
  const dataDir = env['SOTTO_DATA_DIR'] ?? 'data';
  return ok({
    ...{ httpHost, httpPort, wsPort, webrtcPort, dataDir, announce, reservationsMax },
    mailbox,
  });
};
