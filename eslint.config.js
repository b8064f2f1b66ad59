/**
 * Style and, above all, direction: who may import whom is one table (`layers`), checked on every
 * import. tests/layers.test.ts breaks each rule once and sees it caught.
 */
import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const libp2p = ['libp2p', '@libp2p/*', '@chainsafe/libp2p-gossipsub', '@multiformats/multiaddr'];

/**
 * `files` of a layer, `from` which layers it may import, and the `packages` it may use: each risky
 * library has one owner. The first layer whose pattern fits a file is the one it belongs to.
 */
const layers = {
  'service-worker': {
    files: ['src/service-worker.ts', 'src/service-worker/**'],
    from: ['base', 'limits', 'media', 'service-worker'],
    packages: ['workbox-precaching'],
  },
  root: {
    files: ['src/*.ts'],
    from: ['*'],
    packages: ['svelte', 'node:*'],
  },

  base: { files: ['src/base/**'], from: ['base'], packages: ['@scure/base'] },
  'crypto-check': {
    files: ['src/crypto/{hash,signature,backend,noble}.ts', 'src/crypto/node-crypto.node.ts'],
    from: ['base', 'crypto', 'crypto-check'],
    packages: ['tweetnacl', '@noble/*', 'node:crypto'],
  },
  crypto: {
    files: ['src/crypto/**'],
    from: ['base', 'crypto', 'crypto-check'],
    packages: ['tweetnacl', '@noble/*', '@scure/bip39', 'vite'],
  },
  limits: { files: ['src/protocol/limits.ts'], from: ['base'], packages: [] },
  'protocol-check': {
    files: ['src/protocol/{envelope,mailbox,mailbox-frames,mailbox-chunks}.ts'],
    from: ['base', 'crypto', 'crypto-check', 'limits', 'protocol'],
    packages: [],
  },
  protocol: {
    files: ['src/protocol/**'],
    from: ['base', 'crypto', 'crypto-check', 'limits', 'protocol', 'protocol-check'],
    packages: ['cborg'],
  },
  'replication-check': {
    files: ['src/replication/{inspect,gate,slice,writer-id}.ts'],
    from: [
      ...['base', 'crypto', 'crypto-check', 'limits', 'protocol', 'protocol-check'],
      ...['replication', 'replication-check'],
    ],
    packages: [],
  },
  replication: {
    files: ['src/replication/**'],
    from: [
      ...['base', 'crypto', 'crypto-check', 'limits', 'protocol', 'protocol-check'],
      ...['replication', 'replication-check'],
    ],
    packages: ['yjs', 'lib0'],
  },

  'network-port': { files: ['src/network/port.ts'], from: ['base'], packages: [] },
  'storage-port': {
    files: ['src/storage/{port,blobs/port}.ts'],
    from: ['base', 'storage-port'],
    packages: ['yjs'],
  },
  'platform-port': { files: ['src/platform/port.ts'], from: ['base'], packages: [] },
  network: {
    files: ['src/network/**'],
    from: ['base', 'limits', 'network-port', 'network'],
    packages: [...libp2p, 'vite'],
  },
  storage: {
    files: ['src/storage/**'],
    from: ['base', 'limits', 'storage-port', 'storage'],
    packages: ['yjs', 'y-indexeddb', 'idb', 'node:*'],
  },
  platform: {
    // The link between window and worker speaks the core's types.
    files: ['src/platform/**'],
    from: ['base', 'limits', 'platform-port', 'platform', 'core-api', 'network-port'],
    packages: ['node:*'],
  },

  'core-api': {
    files: [
      'src/core/{api,api-attachments,api-content,api-keeping,api-stickers,api-views,attachments-line,nothing-open}.ts',
    ],
    from: ['base', 'core-api'],
    packages: [],
  },
  core: {
    files: ['src/core/**'],
    from: [
      ...['base', 'crypto', 'crypto-check', 'limits', 'protocol', 'protocol-check'],
      ...['replication', 'replication-check', 'network-port', 'storage-port', 'platform-port'],
      ...['core-api', 'core'],
    ],
    packages: [],
  },
  media: {
    files: ['src/media/**'],
    from: ['base', 'limits', 'media'],
    packages: ['thumbhash', 'client-zip'],
  },
  app: {
    files: ['src/app/**'],
    from: ['base', 'limits', 'core-api', 'media', 'app'],
    packages: ['svelte', 'vite', 'node:*', 'virtual:emoji-data', 'virtual:emoji-names'],
  },
  ui: {
    files: ['src/ui/**'],
    from: ['base', 'core-api', 'app', 'ui'],
    packages: ['svelte', 'bits-ui', '@lucide/svelte', 'qr', 'marked', 'lowlight', 'highlight.js'],
  },

  relay: {
    files: ['relay/**'],
    from: [
      ...['base', 'crypto-check', 'limits', 'protocol-check', 'replication-check'],
      ...['network-port', 'network', 'storage-port', 'storage', 'platform-port', 'platform'],
      'relay',
    ],
    packages: [
      ...libp2p,
      'interface-datastore',
      'datastore-core',
      'datastore-fs',
      'node:*',
      'vite',
    ],
  },
  tests: { files: ['tests/**'], from: ['*'], packages: ['**'] },
  tools: {
    files: ['*.config.{js,ts}'],
    from: ['crypto', 'network', 'app', 'tests'],
    packages: ['**'],
  },
};

/** The plugin takes the newer modules of Node, such as node:sqlite, for packages. */
const moduleOf = (source) => [
  { origin: ['external', 'core'], source },
  ...(source === 'node:*' ? [{ origin: 'core' }] : []),
];

const layerPolicies = Object.entries(layers).flatMap(([type, { from, packages }]) => [
  { from: { element: { type } }, allow: { to: { element: { type: from } } } },
  ...packages.flatMap(moduleOf).map((module) => ({
    from: { element: { type } },
    allow: { to: { module } },
  })),
]);

/** No ambient clock, no ambient chance: both are arguments. */
const pure = {
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'Take a Clock as an argument.' },
    { object: 'Math', property: 'random', message: 'Take a Random as an argument.' },
    { object: 'globalThis', message: 'Nothing ambient here: take it as an argument.' },
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: 'Take a Clock as an argument.',
    },
  ],
};

export default ts.config(
  { ignores: ['dist', 'data', '.cache', 'coverage', 'test-results', 'playwright-report'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  svelte.configs.recommended,
  prettier,
  svelte.configs.prettier,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      'no-console': 'error',
      'max-params': ['error', 3],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A method that happens to be shorthand is still only a function of its arguments here.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // What an interface makes asynchronous need not wait for anything.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // Types of markup are svelte-check's; here they arrive as `any`.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      'prefer-const': 'off', // svelte/prefer-const knows $props and $state
      'svelte/prefer-const': 'error',
      'svelte/no-at-html-tags': 'error',
      'svelte/prefer-svelte-reactivity': 'off', // maps of the core are replaced, never changed
      'svelte/no-target-blank': 'error',
      'svelte/button-has-type': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "SvelteAttribute[key.name='style']",
          message: 'The content security policy blocks it: use a class or a style: directive.',
        },
      ],
    },
  },
  {
    files: ['src/*.worker.ts', 'src/service-worker.ts', 'src/service-worker/**'],
    languageOptions: {
      parserOptions: { projectService: false, project: './tsconfig.worker.json' },
    },
  },
  {
    files: ['src/{base,crypto,protocol,replication,core}/**/*.ts', 'src/*/port.ts'],
    ignores: ['**/*.browser.ts', '**/*.node.ts'],
    rules: pure,
  },
  {
    files: ['src/**/*.{ts,svelte}', 'relay/**/*.ts', 'tests/**/*.ts', '*.config.ts'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': Object.entries(layers).map(([type, { files }]) => ({
        type,
        mode: 'full',
        pattern: files,
      })),
      'boundaries/elements-single-match': true,
      'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export', 'require'],
      'boundaries/legacy-templates': false,
    },
    rules: {
      'boundaries/no-unknown-files': 'error',
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          checkAllOrigins: true,
          checkInternals: true,
          policies: layerPolicies,
        },
      ],
    },
  },
  { files: ['**/*.{js,mjs}'], ...ts.configs.disableTypeChecked },
  {
    files: ['tests/**'],
    // How a Playwright fixture says that it needs no other.
    rules: { 'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }] },
  },
  { files: ['relay/install.mjs'], rules: { 'no-console': 'off' } },
);
