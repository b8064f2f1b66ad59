/**
 * What the screen state needs from outside and does not take from globals: time, the address bar,
 * small preferences, the clipboard, the storage meter. `environment.browser.ts` is the real one;
 * tests pass their own.
 */
import type { NamedEmoji } from './emoji.ts';
import type { Look } from './look.ts';

export interface AppClock {
  /** Milliseconds since 1970, for what people read. */
  now(): number;
  /** Runs the task once, no earlier than after `delayMs`; the answer stops it. */
  schedule(delayMs: number, task: () => void): () => void;
}

/** The part of the address after `#`, with the `#`. Never leaves this device. */
export interface AddressBar {
  read(): string;
  push(fragment: string): void;
  replace(fragment: string): void;
  back(): void;
  /** Calls when the fragment changed by a link, by hand, or by back and forward. */
  subscribe(listener: () => void): () => void;
}

/** Choices about this screen only (theme, keys). Nothing secret belongs here. */
export interface PreferenceStore {
  read(key: string): string | undefined;
  write(key: string, value: string): void;
}

export interface StorageMeasure {
  readonly usedBytes: number;
  readonly quotaBytes: number;
  /** The browser has promised not to clear it by itself. */
  readonly isKept: boolean;
}

export interface StorageMeter {
  /** Undefined where the browser does not tell. */
  measure(): Promise<StorageMeasure | undefined>;
  /** Asks the browser to keep the data; true when it promises to. */
  keep(): Promise<boolean>;
}

/** 'other': a second tab of the same browser; one tab at a time runs Sotto. */
export type Tab = 'leader' | 'other';

export interface AppEnvironment {
  readonly clock: AppClock;
  readonly addressBar: AddressBar;
  readonly preferences: PreferenceStore;
  readonly storageMeter: StorageMeter;
  /** True when it is on the clipboard. */
  copyText(text: string): Promise<boolean>;
  applyLook(look: Look): void;
  /** Where the tab and the installed app show that something waits; 0: nothing. */
  showUnread(count: number): void;
  /** For hyphens, voices and fonts, and which side is the start. */
  applyLanguage(code: string, direction: 'ltr' | 'rtl'): void;
  /** The names of all emoji: files of their own, not needed to show messages. */
  loadEmoji(language: string): Promise<NamedEmoji>;
  /** Makes this tab the one that runs Sotto. */
  useHere(): void;
  /** One pane at a time fits: a phone. */
  isNarrow(): boolean;
  /** In a window of its own, not in a tab. */
  isInstalled(): boolean;
  /** ⌘ instead of Ctrl. */
  readonly isApple: boolean;
  /** What the person reads, best first: "de-AT", "en". */
  readonly preferredLanguages: ReadonlyArray<string>;
  readonly version: string;
  /** As the browser names itself. */
  readonly browser: string;
}
