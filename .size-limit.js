/**
 * What a browser must fetch before it shows the list is what index.html names, and what the worker
 * imports before it reads (FP2). The aim for the two together is 130 kB. Behind them the rest of the
 * core comes: with it one can write.
 */
import { readdirSync, readFileSync } from 'node:fs';

const assets = 'dist/assets';
const page = readFileSync('dist/index.html', 'utf8');
const named = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)];

/** A script and all that it imports statically. */
const withImports = (name) => {
  const code = readFileSync(`${assets}/${name}`, 'utf8');
  const imported = [...code.matchAll(/(?:import|from)\s*["']\.\/([^"']+\.js)["']/g)];
  return [name, ...imported.flatMap(([, other]) => withImports(other))];
};
/** Each file once: of what it is packed with, nothing is fetched twice. */
const startingWith = (part) => [
  ...new Set(
    readdirSync(assets)
      .filter((name) => name.startsWith(`${part}-`))
      .flatMap(withImports),
  ),
];
const paths = (names) => names.map((name) => `${assets}/${name}`);
const first = named.map(([, path]) => `dist/${path}`);
const firstOfWorker = paths(startingWith('core.worker'));
const restOfWorker = paths(startingWith('core-rest.worker'));

export default [
  {
    name: 'window, until the conversation list shows',
    path: first,
    gzip: true,
    limit: '75 kB',
  },
  {
    name: 'worker, until the conversation list shows',
    path: firstOfWorker,
    gzip: true,
    limit: '42 kB',
  },
  {
    name: 'window and worker, until one can write, but for the conversation itself',
    path: [...new Set([...first, ...firstOfWorker, ...restOfWorker])],
    gzip: true,
    limit: '240 kB',
  },
  {
    name: 'all JavaScript in one language but what only a picker, code or an old browser asks for',
    path: [
      'dist/assets/*.js',
      '!dist/assets/language-*.js',
      '!dist/assets/emoji-*.js',
      '!dist/assets/ColouredCode-*.js',
      '!dist/assets/noble-*.js',
    ],
    gzip: true,
    limit: '620 kB',
  },
  { name: 'further languages', path: 'dist/assets/language-*.js', gzip: true, limit: '60 kB' },
  {
    name: 'names of the emoji, when they are first needed',
    path: 'dist/assets/emoji-table-*.js',
    gzip: true,
    limit: '50 kB',
  },
  {
    name: 'curves, where the browser has none',
    path: 'dist/assets/noble-*.js',
    gzip: true,
    limit: '10 kB',
  },
  {
    name: 'names of the emoji in one more language',
    path: 'dist/assets/emoji-names-de-*.js',
    gzip: true,
    limit: '50 kB',
  },
  {
    name: 'colours of code, when code is first shown',
    path: 'dist/assets/ColouredCode-*.js',
    gzip: true,
    limit: '30 kB',
  },
];
