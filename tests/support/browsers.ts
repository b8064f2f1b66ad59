/** The browsers of this machine, and how to start them where nothing answers mDNS. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const chromiumPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const firefoxPaths = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];

/** Undefined where none is installed; the variable wins. */
export const findChromium = (): string | undefined =>
  process.env['SOTTO_CHROMIUM'] ?? chromiumPaths.find(existsSync);

export const findFirefox = (): string | undefined =>
  process.env['SOTTO_FIREFOX'] ?? firefoxPaths.find(existsSync);

const isRoot = process.getuid?.() === 0;

export const chromiumArgs: ReadonlyArray<string> = [
  // Two browsers on one machine reach each other by address, not by a name nobody resolves.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  ...(isRoot ? ['--no-sandbox'] : []), // Chromium's own sandbox refuses to run as root
];

export const firefoxPrefs: Readonly<Record<string, unknown>> = {
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.peerconnection.ice.loopback': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'intl.accept_languages': 'en-US',
};

export const makeTempDir = (name: string): Promise<string> =>
  mkdtemp(join(tmpdir(), `sotto-${name}-`));

export const removeDir = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true, maxRetries: 5 });

/** Looks again and again until the answer is there; throws with the sentence when it never comes. */
export const until = async <T>(
  look: () => Promise<T | undefined>,
  options: { readonly withinMs: number; readonly sentence: () => string },
): Promise<T> => {
  const deadline = performance.now() + options.withinMs;
  for (;;) {
    const answer = await look();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(options.sentence());
    await delay(40);
  }
};

const processesUsing = async (mark: string): Promise<ReadonlyArray<number>> => {
  const ids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const found: number[] = [];
  for (const id of ids) {
    const commandLine = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''); // it ended
    if (commandLine.includes(mark)) found.push(id);
  }
  return found;
};

/** As a power cut: every process of the browser that runs on this profile, at once. */
export const killBrowserOf = async (profileDir: string): Promise<void> => {
  for (const id of await processesUsing(profileDir)) {
    try {
      process.kill(id, 'SIGKILL');
    } catch {
      continue; // ended with its parent
    }
  }
  await until(async () => ((await processesUsing(profileDir)).length === 0 ? true : undefined), {
    withinMs: 10_000,
    sentence: () => `a browser on ${profileDir} survived SIGKILL`,
  });
};
