/** What a browser must fetch before it shows anything is what index.html names. */
import { readFileSync } from 'node:fs';

const page = readFileSync('dist/index.html', 'utf8');
const named = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)];

export default [
  {
    name: 'window, until the conversation list shows',
    path: named.map(([, path]) => `dist/${path}`),
    gzip: true,
    limit: '67 kB',
  },
  {
    name: 'worker, until the conversation list shows',
    path: 'dist/assets/core.worker-*.js',
    gzip: true,
    limit: '167 kB',
  },
  {
    name: 'all JavaScript in one language but what only a picker or code in a message asks for',
    path: [
      'dist/assets/*.js',
      '!dist/assets/language-*.js',
      '!dist/assets/emoji-table-*.js',
      '!dist/assets/ColouredCode-*.js',
    ],
    gzip: true,
    limit: '505 kB',
  },
  { name: 'further languages', path: 'dist/assets/language-*.js', gzip: true, limit: '60 kB' },
  {
    name: 'names of the emoji, when they are first needed',
    path: 'dist/assets/emoji-table-*.js',
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
