import type { AppEnvironment } from '../../../src/app/environment.ts';

export interface TestEnvironment extends AppEnvironment {
  /** Lets time pass and runs what was due, in order. */
  pass(ms: number): void;
  /** The person follows a link in the page. */
  visit(fragment: string): void;
  fragment(): string;
  isNarrowNow: boolean;
  /** On the icon, as it was last set. */
  unreadShown: number;
}

/** Time and the address bar under the test's hand; nothing of it waits. */
export const setupEnvironment = (fragment = ''): TestEnvironment => {
  let nowMs = new Date(2026, 4, 3, 14).getTime();
  let due: { readonly atMs: number; readonly task: () => void }[] = [];
  const trail = [fragment];
  const listeners = new Set<() => void>();
  const preferences = new Map<string, string>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const environment: TestEnvironment = {
    isNarrowNow: false,
    unreadShown: 0,
    clock: {
      now: () => nowMs,
      schedule: (delayMs, task) => {
        const entry = { atMs: nowMs + delayMs, task };
        due.push(entry);
        return () => {
          due = due.filter((other) => other !== entry);
        };
      },
    },
    addressBar: {
      read: () => trail.at(-1) ?? '',
      push: (next) => {
        trail.push(next);
        tell();
      },
      replace: (next) => {
        trail[trail.length - 1] = next;
      },
      back: () => {
        trail.pop();
        tell();
      },
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    preferences: {
      read: (key) => preferences.get(key),
      write: (key, value) => {
        preferences.set(key, value);
      },
    },
    storageMeter: {
      measure: () => Promise.resolve(undefined),
      keep: () => Promise.resolve(false),
    },
    copyText: () => Promise.resolve(true),
    applyLook: () => undefined,
    showUnread: (count) => {
      environment.unreadShown = count;
    },
    applyLanguage: () => undefined,
    loadEmoji: async (language) =>
      (await import('../../../src/app/emoji-table.ts')).emojiIn(language),
    useHere: () => undefined,
    isInstalled: () => false,
    isNarrow: () => environment.isNarrowNow,
    isApple: false,
    preferredLanguages: ['en-GB'],
    version: 'test',
    browser: 'Test browser',
    pass: (ms) => {
      const end = nowMs + ms;
      for (;;) {
        const next = due.filter((entry) => entry.atMs <= end).sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined) break;
        due = due.filter((entry) => entry !== next);
        nowMs = next.atMs;
        next.task();
      }
      nowMs = end;
    },
    visit: (next) => {
      trail.push(next);
      tell();
    },
    fragment: () => trail.at(-1) ?? '',
  };
  return environment;
};
