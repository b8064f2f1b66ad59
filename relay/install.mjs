/**
 * Runs before `npm start`, `npm run dev` and `npm test`: installs what the lock file names, unless
 * exactly that is installed already. Plain JavaScript, because it runs on whatever Node the machine
 * has (20.19 or newer); everything after it runs on the pinned one that it installs.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const stamp = 'node_modules/.cache/sotto/installed';
const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.log('Installing the dependencies (once; about a minute) …');
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm === undefined ? ['npm'] : [process.execPath, npm];
  // Not `npm ci`: it refuses a lock file that lacks the optional packages of other platforms.
  const args = [...first, 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(
      'The installation failed. Sotto needs the npm registry once, then works offline.',
    );
    process.exit(1);
  }
  mkdirSync('node_modules/.cache/sotto', { recursive: true });
  writeFileSync(stamp, wanted);
}
