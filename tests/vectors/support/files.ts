/**
 * The vector files (Wycheproof's form, CC0 and Apache-2.0) lie beside the repository, not in it:
 * `../shared/vectors`. Where that folder is absent, the tests say so and skip what needs it; the RFC
 * vectors in the tests always run.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fromHex } from '../../../src/base/bytes.ts';

const folder = new URL('../../../../shared/vectors/', import.meta.url);

/** Whether this checkout has the files beside it. */
export const hasVectorFiles = existsSync(folder);

export interface VectorCase {
  readonly tcId: number;
  readonly comment?: string;
  readonly flags?: ReadonlyArray<string>;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

interface VectorFile<Group, Case> {
  readonly numberOfTests: number;
  readonly testGroups: ReadonlyArray<Group & { readonly tests: ReadonlyArray<Case> }>;
}

/** Every case of the file with its group. Throws when the file has not as many as it says. */
export const readVectors = <Group extends object, Case extends VectorCase>(
  name: string,
): ReadonlyArray<Group & Case> => {
  const text = readFileSync(new URL(name, folder), 'utf8');
  const file = JSON.parse(text) as VectorFile<Group, Case>;
  const cases = file.testGroups.flatMap((group) =>
    group.tests.map((vector) => ({ ...group, ...vector })),
  );
  if (cases.length !== file.numberOfTests) throw new Error(`${name} is incomplete`);
  return cases;
};

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

/** What names a case in a list of failures. */
export const nameOf = ({ tcId, comment, flags = [] }: VectorCase): string =>
  `${tcId} ${comment ?? ''} [${flags.join(' ')}]`;
