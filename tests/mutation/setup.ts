/** A kept thread still has the mutant of the run before when it loads test files: put it out. */
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    readonly globalNamespace: string;
    readonly mutantActivation: 'static' | 'runtime';
  }
}

const stryker: unknown = Reflect.get(globalThis, inject('globalNamespace'));
if (typeof stryker === 'object' && stryker !== null && inject('mutantActivation') !== 'static') {
  Reflect.set(stryker, 'activeMutant', undefined);
}
