/**
 * Writes tests/vectors/sotto1.json. What is there is a promise: it changes only together with the
 * protocol, and CHANGELOG.md says so.
 */
import { writeFileSync } from 'node:fs';
import { computeVectors } from './sotto1-vectors.ts';

const file = new URL('../vectors/sotto1.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(await computeVectors(), undefined, 2)}\n`);
