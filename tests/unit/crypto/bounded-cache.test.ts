import { describe, expect, test } from 'vitest';
import { createBoundedCache } from '../../../src/crypto/bounded-cache.ts';

describe('bounded cache', () => {
  test('[CR10] never holds more than its limit, whatever is asked of it', () => {
    const cache = createBoundedCache<number>(3);
    for (let i = 0; i < 1000; i++) {
      cache.getOrMake(String(i), () => i);
      expect(cache.size).toBe(Math.min(i + 1, 3));
    }
  });

  test('[CR10] makes a value once while it is held, also when the value is null', () => {
    const cache = createBoundedCache<null>(2);
    let made = 0;
    const make = (): null => {
      made += 1;
      return null;
    };
    for (let i = 0; i < 5; i++) expect(cache.getOrMake('a', make)).toBeNull();
    expect(made).toBe(1);
  });

  test('[CR10] what was used least recently goes first', () => {
    const cache = createBoundedCache<string>(2);
    cache.getOrMake('a', () => 'a1');
    cache.getOrMake('b', () => 'b1');
    cache.getOrMake('a', () => 'a2'); // used again: b is now the oldest
    cache.getOrMake('c', () => 'c1');
    expect(cache.getOrMake('a', () => 'a3')).toBe('a1');
    expect(cache.getOrMake('b', () => 'b2')).toBe('b2');
  });
});
