/**
 * What a browser must fetch before it shows anything is what index.html names, and what the worker
 * imports while it starts. The aim for the two together is 130 kB.
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
const worker = readdirSync(assets).find((name) => /^core\.worker-.*\.js$/.test(name));

export default [
  {
    name: 'window, until the conversation list shows',
    path: named.map(([, path]) => `dist/${path}`),
    gzip: true,
    limit: '74 kB',
  },
  {
    name: 'worker, until the conversation list shows',
    path: withImports(worker).map((name) => `${assets}/${name}`),
    gzip: true,
    limit: '157 kB',
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
    limit: '606 kB',
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
