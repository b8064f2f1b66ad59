import type { Component } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';
import { importAgain } from '../base/import-again.ts';

export interface Lazy<Props extends Record<string, unknown>> {
  /** Undefined until it has loaded; reading it in markup starts the load and waits for it. */
  readonly current: Component<Props> | undefined;
  /** Loads ahead of need. */
  preload(): void;
}

/**
 * A part of the interface that is not needed to show the list: it arrives after the first paint. A
 * failed load (an update took the file away while offline) is tried again at the next reading.
 */
export const createLazy = <Props extends Record<string, unknown>>(
  load: () => Promise<{ readonly default: Component<Props> }>,
): Lazy<Props> => {
  let part: Component<Props> | undefined;
  let isLoading = false;
  const waiting = new Set<() => void>();

  const start = async (): Promise<void> => {
    if (part !== undefined || isLoading) return;
    isLoading = true;
    try {
      part = (await importAgain(load)).default;
    } catch {
      part = undefined; // Nothing shows; the next reading loads again.
    }
    isLoading = false;
    for (const update of waiting) update();
  };

  const observe = createSubscriber((update) => {
    waiting.add(update);
    void start();
    return () => waiting.delete(update);
  });

  return {
    get current() {
      observe();
      return part;
    },
    preload: () => void start(),
  };
};
