/**
 * The vector files (Wycheproof's form) lie beside the repository, not in it: `../shared/vectors`.
 * Where that folder is absent, the tests say so and skip what needs it; the RFC vectors in the
 * tests always run.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fromHex } from '../../../src/base/bytes.ts';

const folder = new URL('../../../../shared/vectors/', import.meta.url);

/** Whether this checkout has the files beside it. */
export const hasVectorFiles = existsSync(folder);

/** One line of the run's own output. */
export const say = (line: string): void => {
  process.stdout.write(`vectors: ${line}\n`);
};

if (!hasVectorFiles) say('no ../shared/vectors beside this checkout: only the RFC vectors run');

export const bytesOf = (hex: string): Uint8Array => {
  const bytes = fromHex(hex);
  if (!bytes.ok) throw new Error('a vector is not hex');
  return bytes.value;
};

interface CaseFields {
  readonly tcId: number;
  readonly comment?: string;
  readonly flags?: ReadonlyArray<string>;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

interface VectorFile {
  readonly numberOfTests: number;
  readonly testGroups: ReadonlyArray<{
    readonly publicKey?: object;
    readonly tests: ReadonlyArray<CaseFields>;
  }>;
}

export interface Vector {
  /** Names the case in a failure. */
  readonly name: string;
  readonly result: CaseFields['result'];
  /** Each throws when the case and its group have no such field. */
  text(field: string): string;
  bytes(field: string): Uint8Array;
  number(field: string): number;
}

const vectorOf = (head: CaseFields, groupFields: object): Vector => {
  const fields = new Map<string, unknown>(Object.entries({ ...groupFields, ...head }));
  const name = `${String(head.tcId)} ${head.comment ?? ''} [${(head.flags ?? []).join(' ')}]`;
  const text = (field: string): string => {
    const value = fields.get(field);
    if (typeof value !== 'string') throw new Error(`${name} has no text ${field}`);
    return value;
  };
  return {
    name,
    result: head.result,
    text,
    bytes: (field) => bytesOf(text(field)),
    number: (field) => {
      const value = fields.get(field);
      if (typeof value !== 'number') throw new Error(`${name} has no number ${field}`);
      return value;
    },
  };
};

/** Every case of the file. Throws when the file has not as many as it says. */
export const readVectors = (name: string): ReadonlyArray<Vector> => {
  const file = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as VectorFile;
  const vectors = file.testGroups.flatMap((group) =>
    group.tests.map((head) => vectorOf(head, { ...group, ...group.publicKey })),
  );
  if (vectors.length !== file.numberOfTests) throw new Error(`${name} is incomplete`);
  return vectors;
};
