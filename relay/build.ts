/** Builds the app when, and only when, something it is made of has changed. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..');
const inputs = [
  'src',
  'public',
  'index.html',
  'vite.config.ts',
  'tsconfig.json',
  'package-lock.json',
];

/** Where the built app lies. */
export const appRoot = join(projectRoot, 'dist');
/** Holds the hash of what was built; gone as soon as a build begins, since Vite empties the folder. */
const stampPath = join(appRoot, '.built-from');

const filesUnder = (path: string): ReadonlyArray<string> =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

const hashInputs = (): string => {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const path = join(projectRoot, input);
    for (const file of statSync(path).isDirectory() ? filesUnder(path) : [path]) {
      if (file.endsWith('.md')) continue;
      hash
        .update(`${file.slice(projectRoot.length)}\0`)
        .update(readFileSync(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
};

const isBuiltFrom = (wanted: string): boolean =>
  existsSync(stampPath) && readFileSync(stampPath, 'utf8') === wanted;

/** False when the build failed; what was wrong is on the terminal. */
export const ensureBuilt = async (): Promise<boolean> => {
  const wanted = hashInputs();
  if (isBuiltFrom(wanted)) return true;
  const vite = join(projectRoot, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', '--logLevel', 'warn'];
  const child = spawn(process.execPath, args, { cwd: projectRoot, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) return false;
  writeFileSync(stampPath, wanted);
  return true;
};

if (import.meta.main && !(await ensureBuilt())) process.exit(1);
