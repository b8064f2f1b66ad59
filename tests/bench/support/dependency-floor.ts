/**
 * The floor under our bytes: the same bundler, told to bundle only what our modules import from
 * packages, and nothing of ours. What we weigh above it is our own code. Rebuilt in every run, from
 * the imports as they are.
 */
import { gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type InlineConfig, type Plugin, type Rolldown } from 'vite';
import { emojiData } from '../../../src/app/emoji-data.vite.ts';
import { webrtcPatch } from '../../../src/network/webrtc-patch.vite.ts';

/** The names that one or more modules import from each package. */
type Imports = Map<string, Set<string>>;

const isPackage = (specifier: string): boolean =>
  /^@?[a-z]/i.test(specifier) && !specifier.startsWith('virtual:');

/** `import * as name` costs what is used of it, since bundlers drop the rest. */
const membersOf = (namespace: string, code: string): ReadonlyArray<string> => {
  const uses = code.matchAll(new RegExp(`(?<![\\w$.])${RegExp.escape(namespace)}\\.(\\w+)`, 'g'));
  return [...uses].flatMap(([, member]) => member ?? []);
};

type Statement = ReturnType<Rolldown.PluginContext['parse']>['body'][number];
type Specifier = Extract<Statement, { type: 'ImportDeclaration' }>['specifiers'][number];

const namesIn = (specifier: Specifier, code: string): ReadonlyArray<string> => {
  if (specifier.type === 'ImportDefaultSpecifier') return ['default'];
  if (specifier.type === 'ImportNamespaceSpecifier') return membersOf(specifier.local.name, code);
  return specifier.imported.type === 'Identifier' ? [specifier.imported.name] : [];
};

/** Notes what each of our modules imports from packages, after types and markup are compiled. */
const createCollector = (importsById: Map<string, Imports>): Plugin => ({
  name: 'sotto:collect-imports',
  enforce: 'post',
  transform(code, id) {
    if (id.includes('node_modules') || id.startsWith('\0')) return;
    const imports: Imports = new Map();
    for (const node of this.parse(code).body) {
      if (node.type !== 'ImportDeclaration' || !isPackage(node.source.value)) continue;
      const names = imports.get(node.source.value) ?? new Set();
      for (const specifier of node.specifiers) {
        for (const name of namesIn(specifier, code)) names.add(name);
      }
      imports.set(node.source.value, names);
    }
    importsById.set(id, imports);
  },
});

const shared = (plugins: ReadonlyArray<Plugin>): InlineConfig => ({
  configFile: false,
  logLevel: 'error',
  plugins: [svelte({ configFile: false }), webrtcPatch(), emojiData(), ...plugins],
  worker: { format: 'es' },
});

const chunksOf = async (
  config: InlineConfig,
  input: string,
): Promise<ReadonlyArray<Rolldown.OutputChunk>> => {
  const built = await build({
    ...config,
    build: {
      write: false,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  return outputs.flatMap((one) => {
    if (!('output' in one)) throw new Error('the bundler watches instead of building');
    return one.output.filter((file) => file.type === 'chunk');
  });
};

const mergeOf = (parts: Iterable<Imports>): Imports => {
  const merged: Imports = new Map();
  for (const imports of parts) {
    for (const [from, names] of imports) {
      merged.set(from, new Set([...(merged.get(from) ?? []), ...names]));
    }
  }
  return merged;
};

/** The ids in the entry chunk and in what it imports before it runs. */
const staticIds = (chunks: ReadonlyArray<Rolldown.OutputChunk>): ReadonlySet<string> => {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const reached = new Set(chunks.filter(({ isEntry }) => isEntry));
  for (const chunk of reached) {
    for (const name of chunk.imports) {
      const imported = byName.get(name);
      if (imported !== undefined) reached.add(imported);
    }
  }
  return new Set([...reached].flatMap(({ moduleIds }) => moduleIds));
};

const entryId = 'virtual:floor';

/** An entry that uses every name, so that nothing of it is dropped, and does nothing else. */
const entryOf = (imports: Imports): Plugin => {
  const lines: string[] = [];
  const locals: string[] = [];
  for (const [from, names] of imports) {
    if (names.size === 0) lines.push(`import ${JSON.stringify(from)};`);
    for (const name of names) {
      const local = `n${locals.length}`;
      locals.push(local);
      lines.push(`import { ${name} as ${local} } from ${JSON.stringify(from)};`);
    }
  }
  const code = `${lines.join('\n')}\nglobalThis.floor = [${locals.join()}];\n`;
  return {
    name: 'sotto:floor-entry',
    resolveId: (id) => (id === entryId ? id : undefined),
    load: (id) => (id === entryId ? code : undefined),
  };
};

const gzipBytesOf = (chunks: ReadonlyArray<Rolldown.OutputChunk>): number =>
  chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);

const floorBytes = async (imports: Imports): Promise<number> =>
  gzipBytesOf(await chunksOf(shared([entryOf(imports)]), entryId));

export interface Floor {
  /** Packages that the window needs before it can show anything. */
  readonly windowFirstBytes: number;
  readonly windowAllBytes: number;
  /** And the worker. */
  readonly workerFirstBytes: number;
  readonly workerAllBytes: number;
}

/** Gzipped, of the packages alone. */
export const measureFloor = async (): Promise<Floor> => {
  const collect = async (input: string) => {
    const importsById = new Map<string, Imports>();
    const chunks = await chunksOf(shared([createCollector(importsById)]), input);
    const first = staticIds(chunks);
    return {
      first: mergeOf([...importsById].flatMap(([id, own]) => (first.has(id) ? [own] : []))),
      all: mergeOf(importsById.values()),
    };
  };
  const window = await collect('src/main.ts');
  const worker = await collect('src/core.worker.ts');
  return {
    windowFirstBytes: await floorBytes(window.first),
    windowAllBytes: await floorBytes(window.all),
    workerFirstBytes: await floorBytes(worker.first),
    workerAllBytes: await floorBytes(worker.all),
  };
};
