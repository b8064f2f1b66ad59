import type {
  AddressBar,
  AppClock,
  AppEnvironment,
  PreferenceStore,
  StorageMeter,
  Theme,
} from './environment.ts';
import { narrowQuery } from './layout.ts';

const keyPrefix = 'sotto.';

const clock: AppClock = {
  now: () => Date.now(),
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

const createAddressBar = (): AddressBar => ({
  read: () => location.hash,
  push: (fragment) => {
    location.hash = fragment;
  },
  replace: (fragment) => {
    history.replaceState(history.state, '', `${location.pathname}${location.search}${fragment}`);
  },
  back: () => {
    history.back();
  },
  subscribe: (listener) => {
    addEventListener('hashchange', listener);
    return () => {
      removeEventListener('hashchange', listener);
    };
  },
});

/** A browser that refuses local storage still works; the choice lasts until the tab closes. */
const createPreferenceStore = (): PreferenceStore => {
  const fallback = new Map<string, string>();
  return {
    read: (key) => {
      try {
        return localStorage.getItem(keyPrefix + key) ?? fallback.get(key);
      } catch {
        return fallback.get(key);
      }
    },
    write: (key, value) => {
      fallback.set(key, value);
      try {
        localStorage.setItem(keyPrefix + key, value);
      } catch {
        return; // Kept in memory above.
      }
    },
  };
};

/** `navigator.storage` is missing on plain-http pages other than localhost. */
const storageManager = (): StorageManager | undefined =>
  (navigator as { readonly storage?: StorageManager }).storage;

const storageMeter: StorageMeter = {
  measure: async () => {
    const manager = storageManager();
    if (manager === undefined) return undefined;
    const [estimate, isKept] = await Promise.all([manager.estimate(), manager.persisted()]);
    if (estimate.usage === undefined || estimate.quota === undefined) return undefined;
    return { usedBytes: estimate.usage, quotaBytes: estimate.quota, isKept };
  },
  keep: async () => (await storageManager()?.persist()) ?? false,
};

const copyText = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // Refused, or no clipboard on this page; the caller shows the text to select.
  }
};

const isTheme = (value: string | undefined): value is Theme =>
  value === 'system' || value === 'light' || value === 'dark';

/** Sets the stored theme before anything is painted; `main.ts` calls it first. */
export const applyStoredTheme = (): void => {
  const stored = createPreferenceStore().read('theme');
  document.documentElement.dataset['theme'] = isTheme(stored) ? stored : 'system';
};

export const createBrowserEnvironment = (options: {
  readonly version: string;
  readonly useHere: () => void;
}): AppEnvironment => ({
  clock,
  addressBar: createAddressBar(),
  preferences: createPreferenceStore(),
  storageMeter,
  copyText,
  applyTheme: (theme) => {
    document.documentElement.dataset['theme'] = theme;
  },
  loadEmoji: async () => (await import('./emoji-table.ts')).emojiTable,
  useHere: options.useHere,
  isNarrow: () => matchMedia(narrowQuery).matches,
  isApple: /mac|iphone|ipad/i.test(navigator.userAgent),
  version: options.version,
});
