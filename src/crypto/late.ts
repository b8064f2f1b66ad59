/**
 * What it takes to make and open epochs and to compare words, but not to show what is stored: large,
 * and in a browser therefore fetched after the first paint (late.browser.ts stands in the place of
 * this file there). Here it is at hand at once, so that a seed replays.
 */
import type { MaybePromise } from '../base/result.ts';
import { kemDecapsulate, kemEncapsulate, kemKeyPair } from './kem.ts';
import { bip39Word } from './words.ts';

const late = { bip39Word, kemDecapsulate, kemEncapsulate, kemKeyPair } as const;

export type LateCrypto = typeof late;

export const lateCrypto = (): MaybePromise<LateCrypto> => late;
