import type {
  AddressBar,
  AppClock,
  AppEnvironment,
  PreferenceStore,
  StorageMeter,
} from './environment.ts';
import { narrowQuery } from './layout.ts';
import { storedLook, type Look } from './look.ts';

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

interface Badging {
  setAppBadge?(count: number): Promise<void>;
  clearAppBadge?(): Promise<void>;
}

let badging: Badging = navigator;
let shownCount: number | undefined; // none yet: the icon may say what was unread when the app ended

const applyLook = (look: Look): void => {
  const { dataset, style } = document.documentElement;
  dataset['theme'] = look.theme;
  dataset['density'] = look.density;
  dataset['accent'] = look.accent;
  style.setProperty('--text-scale', String(look.textPercent / 100));
};

/** Before anything is painted; `main.ts` calls it first. */
export const applyStoredLook = (): void => {
  applyLook(storedLook(createPreferenceStore()));
};

/** A dot on the tab's icon, a number on the installed app's. */
const showUnread = (count: number): void => {
  if (count === shownCount) return;
  shownCount = count;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = count > 0 ? './icons/icon-unread.svg' : './icons/icon.svg';
  if (icon !== null && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
  const badge = count > 0 ? badging.setAppBadge?.(count) : badging.clearAppBadge?.();
  badge?.catch(() => {
    badging = {}; // not installed, or not allowed: the title says it all the same
  });
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
  applyLook,
  showUnread,
  applyLanguage: (code, direction) => {
    document.documentElement.lang = code;
    document.documentElement.dir = direction;
  },
  loadEmoji: async (language) => (await import('./emoji-table.ts')).emojiIn(language),
  useHere: options.useHere,
  isNarrow: () => matchMedia(narrowQuery).matches,
  isInstalled: () => matchMedia('(display-mode: standalone)').matches,
  isApple: /mac|iphone|ipad/i.test(navigator.userAgent),
  preferredLanguages: navigator.languages,
  version: options.version,
  browser: navigator.userAgent,
});
