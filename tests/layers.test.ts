/**
 * The one direction of src/ARCHITECTURE.md, held by eslint.config.js: here each rule is broken once
 * and must be caught, and each permitted way is taken once and must pass.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';

const initTimeoutMs = 120_000;

/** The project's own configuration without types, so that made-up files can be judged. */
const eslint = new ESLint({
  overrideConfig: [
    { ...(tseslint.configs.disableTypeChecked as object), files: ['**/*'] },
    {
      files: ['**/*'],
      languageOptions: { parserOptions: { projectService: false, project: null } },
    },
  ],
  ruleFilter: ({ ruleId }) => ruleId.startsWith('boundaries/') || ruleId.startsWith('no-'),
});

const complaintsAbout = async (file: string, code: string): Promise<ReadonlyArray<string>> => {
  const [result] = await eslint.lintText(code, { filePath: file });
  if (result === undefined) throw new Error(`${file} is ignored by ESLint`);
  return result.messages.map(({ ruleId, message }) => ruleId ?? message);
};

const importing = (specifier: string): string => `import * as it from '${specifier}';\nvoid it;\n`;

const forbidden: ReadonlyArray<readonly [file: string, specifier: string]> = [
  ['src/base/x.ts', '../protocol/limits.ts'],
  ['src/base/x.ts', 'tweetnacl'],
  ['src/base/x.ts', 'node:crypto'],
  ['src/crypto/x.ts', '../protocol/limits.ts'],
  ['src/crypto/x.ts', 'yjs'],
  ['src/protocol/x.ts', '../replication/runs.ts'],
  ['src/protocol/x.ts', '../core/api.ts'],
  ['src/protocol/x.ts', 'tweetnacl'],
  ['src/protocol/x.ts', '@noble/hashes/sha2.js'],
  ['src/protocol/x.ts', 'yjs'],
  ['src/protocol/x.ts', 'node:fs'],
  ['src/replication/x.ts', '../core/api.ts'],
  ['src/replication/x.ts', '../storage/port.ts'],
  ['src/replication/x.ts', 'cborg'],
  ['src/network/port.ts', '@libp2p/interface'],
  ['src/network/port.ts', './libp2p.ts'],
  ['src/network/x.ts', '../storage/port.ts'],
  ['src/network/x.ts', '../crypto/hash.ts'],
  ['src/network/x.ts', '../core/api.ts'],
  ['src/storage/port.ts', 'idb'],
  ['src/storage/x.ts', '../network/port.ts'],
  ['src/storage/x.ts', '../protocol/envelope.ts'],
  ['src/storage/x.ts', 'libp2p'],
  ['src/core/api.ts', '../protocol/limits.ts'],
  ['src/core/x.ts', '../storage/memory.ts'],
  ['src/core/x.ts', '../network/libp2p.ts'],
  ['src/core/x.ts', '../platform/channel.ts'],
  ['src/core/x.ts', '../app/route.svelte.ts'],
  ['src/core/x.ts', 'yjs'],
  ['src/core/x.ts', 'libp2p'],
  ['src/core/x.ts', 'tweetnacl'],
  ['src/core/x.ts', 'cborg'],
  ['src/core/x.ts', 'svelte'],
  ['src/core/x.ts', 'node:fs'],
  ['src/media/x.ts', '../core/api.ts'],
  ['src/media/x.ts', '../app/route.svelte.ts'],
  ['src/media/x.ts', 'svelte'],
  ['src/ui/x.ts', '../media/sniff.ts'],
  ['src/app/x.ts', 'thumbhash'],
  ['src/app/x.ts', '../core/core.ts'],
  ['src/app/x.ts', '../protocol/envelope.ts'],
  ['src/app/x.ts', '../network/port.ts'],
  ['src/app/x.ts', '../ui/focus.ts'],
  ['src/ui/x.ts', '../core/core.ts'],
  ['src/ui/x.ts', '../storage/port.ts'],
  ['src/ui/x.ts', '../crypto/hash.ts'],
  ['src/ui/x.ts', 'yjs'],
  ['relay/x.ts', '../src/core/core.ts'],
  ['relay/x.ts', '../src/core/api.ts'],
  ['relay/x.ts', '../src/app/route.svelte.ts'],
  ['relay/x.ts', '../src/protocol/membership/ops.ts'],
  ['relay/x.ts', '../src/protocol/epochs/epoch-keys.ts'],
  ['relay/x.ts', '../src/protocol/envelope-box.ts'],
  ['relay/x.ts', '../src/crypto/secretbox.ts'],
  ['relay/x.ts', '../src/crypto/kem.ts'],
  ['relay/x.ts', '../src/crypto/agreement.ts'],
  ['relay/x.ts', '../src/replication/log.ts'],
  ['relay/x.ts', 'tweetnacl'],
  ['relay/x.ts', 'yjs'],
  ['src/service-worker.ts', './core/api.ts'],
];

const permitted: ReadonlyArray<readonly [file: string, specifier: string]> = [
  ['src/crypto/x.ts', '../base/bytes.ts'],
  ['src/crypto/x.ts', 'tweetnacl'],
  ['src/protocol/x.ts', '../crypto/hash.ts'],
  ['src/protocol/x.ts', 'cborg'],
  ['src/replication/x.ts', '../protocol/envelope.ts'],
  ['src/replication/x.ts', 'yjs'],
  ['src/network/x.ts', './port.ts'],
  ['src/network/x.ts', '@libp2p/interface'],
  ['src/storage/x.node.ts', 'node:sqlite'],
  ['src/core/x.ts', '../replication/log.ts'],
  ['src/core/x.ts', '../storage/port.ts'],
  ['src/core/x.ts', '../network/port.ts'],
  ['src/media/x.ts', '../protocol/limits.ts'],
  ['src/media/x.ts', 'thumbhash'],
  ['src/app/x.ts', '../media/sniff.ts'],
  ['src/app/x.ts', '../protocol/limits.ts'],
  ['src/app/x.ts', '../core/api.ts'],
  ['src/ui/x.ts', '../app/route.svelte.ts'],
  ['src/main.ts', './network/libp2p.browser.ts'],
  ['relay/x.ts', '../src/protocol/envelope.ts'],
  ['relay/x.ts', '../src/protocol/mailbox-frames.ts'],
  ['relay/x.ts', '../src/replication/inspect.ts'],
  ['relay/x.ts', '../src/replication/gate.ts'],
  ['relay/x.ts', 'node:http'],
];

describe('who may import whom', { timeout: initTimeoutMs }, () => {
  test.each(forbidden)('[AR1] %s must not import %s', async (file, specifier) => {
    expect(await complaintsAbout(file, importing(specifier))).toEqual(['boundaries/dependencies']);
  });

  test.each(permitted)('[AR1] %s may import %s', async (file, specifier) => {
    expect(await complaintsAbout(file, importing(specifier))).toEqual([]);
  });

  test('[AR1] a type is an import, and so are a dynamic import and a re-export', async () => {
    const ways = [
      "import type { Command } from '../core/api.ts';\nexport type It = Command;\n",
      "export const load = () => import('../core/api.ts');\n",
      "export * from '../core/api.ts';\n",
    ];
    for (const way of ways) {
      expect(await complaintsAbout('src/protocol/x.ts', way)).toEqual(['boundaries/dependencies']);
    }
  });

  test('[AR2] a file belongs to a layer or is refused', async () => {
    expect(await complaintsAbout('src/elsewhere/x.ts', 'export const it = 1;\n')).toEqual([
      'boundaries/no-unknown-files',
    ]);
  });

  test.each([
    ['Date.now()', 'no-restricted-properties'],
    ['Math.random()', 'no-restricted-properties'],
    ['globalThis.crypto', 'no-restricted-properties'],
    ['new Date()', 'no-restricted-syntax'],
  ])('[AR3] the core cannot say %s', async (expression, rule) => {
    expect(await complaintsAbout('src/core/x.ts', `export const it = ${expression};\n`)).toEqual([
      rule,
    ]);
  });

  test('[AR4] an exception in a comment is no exception', async () => {
    const code = `// eslint-disable-next-line\nexport const it = Date.now();\n`;
    expect(await complaintsAbout('src/core/x.ts', code)).toContain('no-restricted-properties');
  });
});

/** Every file of ours that `entry` imports, directly or through others; types too. */
const reachableFrom = (entry: string, found = new Set<string>()): ReadonlySet<string> => {
  if (found.has(entry) || !existsSync(entry)) return found;
  found.add(entry);
  for (const [, specifier = ''] of readFileSync(entry, 'utf8').matchAll(
    /(?:from|import)\s*\(?\s*'(\.[^']+)'/g,
  )) {
    reachableFrom(normalize(join(dirname(entry), specifier)), found);
  }
  return found;
};

describe('what the relay can reach', () => {
  const entries = readdirSync('relay').filter((name) => name.endsWith('.ts'));
  const reached = [
    ...new Set(entries.flatMap((name) => [...reachableFrom(join('relay', name))])),
  ].filter((path) => path.startsWith('src/'));

  test('[AR5] the walk follows imports over several files', () => {
    expect(reached).toContain('src/base/assert.ts');
    expect([...reachableFrom('src/core/core.ts')]).toContain('src/crypto/secretbox.ts');
  });

  test('[AR5] nothing that holds or derives a secret can be reached from the relay', () => {
    const harmless = [
      /^src\/(base|network|platform|storage)\//,
      /^src\/protocol\/(limits|envelope|cbor|padding|row|mailbox|mailbox-frames|mailbox-chunks)\.ts$/,
      /^src\/replication\/(inspect|gate|signatures|slice|runs|update-reader|writer-id)\.ts$/,
      /^src\/crypto\/(hash|signature|backend|noble|der|bounded-cache)\.ts$/,
      /^src\/crypto\/node-crypto\.node\.ts$/,
    ];
    const worrying = reached.filter((path) => !harmless.some((pattern) => pattern.test(path)));
    expect(worrying).toEqual([]);
  });
});
