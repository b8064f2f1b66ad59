/** Sees to it that the browser tests find what they need, or says what a person has to type. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium, findFirefox } from './browsers.ts';

interface Need {
  readonly aptPackage: string;
  readonly isThere: () => boolean;
  /** Without it the browser tests cannot run at all. */
  readonly isRequired: boolean;
}

const needs: ReadonlyArray<Need> = [
  { aptPackage: 'chromium', isThere: () => findChromium() !== undefined, isRequired: true },
  { aptPackage: 'firefox-esr', isThere: () => findFirefox() !== undefined, isRequired: true },
  {
    aptPackage: 'fonts-noto-color-emoji',
    isThere: () => existsSync('/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf'),
    isRequired: false,
  },
  {
    aptPackage: 'iproute2',
    isThere: () => ['/sbin/tc', '/usr/sbin/tc'].some(existsSync),
    isRequired: false,
  },
];

const missing = (): ReadonlyArray<Need> => needs.filter(({ isThere }) => !isThere());

const namesOf = (wanted: ReadonlyArray<Need>): ReadonlyArray<string> =>
  wanted.map(({ aptPackage }) => aptPackage);

/** Undefined when the browser tests can run, else a sentence with the command that makes them. */
export const missingBrowsers = (): string | undefined => {
  const names = namesOf(missing().filter(({ isRequired }) => isRequired));
  if (names.length === 0) return undefined;
  return [
    `The browser tests need ${names.join(' and ')}, which this machine does not have. On Debian:`,
    `  sudo apt-get install -y ${names.join(' ')}`,
    'Elsewhere install them by hand and name them in SOTTO_CHROMIUM and SOTTO_FIREFOX.',
  ].join('\n');
};

/** Installs what is missing where that is allowed; otherwise leaves it to `missingBrowsers`. */
export const provideBrowsers = (): void => {
  const names = namesOf(missing());
  if (names.length === 0 || process.getuid?.() !== 0) return;
  if (spawnSync('apt-get', ['--version']).status !== 0) return;
  process.stdout.write(`Installing ${names.join(', ')} …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: ReadonlyArray<string>): boolean =>
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
      .status === 0;
  const install = (name: string): boolean => apt('install', '-y', '--no-install-recommends', name);
  apt('update');
  for (const name of names) if (!install(name)) process.stdout.write(`${name}: not installed\n`);
};
