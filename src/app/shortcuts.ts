/**
 * Every keyboard shortcut, once: the handler and the help dialog read the same table (UX.md §B2).
 * `Mod` is Ctrl, ⌘ on a Mac. Keys with a place of their own are handled there and only shown here.
 */

export type ShortcutPlace = 'anywhere' | 'list' | 'timeline' | 'composer';

export type ShortcutName =
  | 'next-conversation'
  | 'previous-conversation'
  | 'next-unread'
  | 'previous-unread'
  | 'go-to'
  | 'search'
  | 'nth-conversation'
  | 'new-conversation'
  | 'next-region'
  | 'previous-region'
  | 'details'
  | 'help'
  | 'latest'
  | 'oldest-unread'
  | 'mark-read'
  | 'close'
  | 'message-details'
  | 'reply'
  | 'react'
  | 'mark-unread'
  | 'emoji'
  | 'attach'
  | 'bold'
  | 'italic'
  | 'strike'
  | 'code'
  | 'edit-last'
  | 'leave-mode'
  | 'walk'
  | 'write'
  | 'enter'
  | 'send-later'
  | 'newline';

export interface Shortcut {
  readonly name: ShortcutName;
  readonly place: ShortcutPlace;
  /** Modifiers in the order Mod, Alt, Shift, then `KeyboardEvent.key`. */
  readonly keys: ReadonlyArray<string>;
  /** The element that has the focus handles it; it stands here for the help dialog. */
  readonly isLocal?: true;
  /** In a tab the browser keeps these keys for itself. */
  readonly isOnlyInstalled?: true;
}

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

export const shortcuts: ReadonlyArray<Shortcut> = [
  { name: 'next-conversation', place: 'anywhere', keys: ['Alt+ArrowDown'] },
  { name: 'previous-conversation', place: 'anywhere', keys: ['Alt+ArrowUp'] },
  { name: 'next-unread', place: 'anywhere', keys: ['Alt+Shift+ArrowDown'] },
  { name: 'previous-unread', place: 'anywhere', keys: ['Alt+Shift+ArrowUp'] },
  { name: 'go-to', place: 'anywhere', keys: ['Mod+k'] },
  { name: 'search', place: 'anywhere', keys: ['Mod+Shift+f'] },
  {
    name: 'nth-conversation',
    place: 'anywhere',
    keys: digits.map((digit) => `Mod+${digit}`),
    isOnlyInstalled: true,
  },
  { name: 'new-conversation', place: 'anywhere', keys: ['Mod+n'], isOnlyInstalled: true },
  { name: 'next-region', place: 'anywhere', keys: ['F6'] },
  { name: 'previous-region', place: 'anywhere', keys: ['Shift+F6'] },
  { name: 'details', place: 'anywhere', keys: ['Mod+.'] },
  { name: 'latest', place: 'anywhere', keys: ['Mod+End'] },
  { name: 'oldest-unread', place: 'anywhere', keys: ['Shift+PageUp'] },
  { name: 'mark-read', place: 'anywhere', keys: ['Shift+Escape'] },
  { name: 'close', place: 'anywhere', keys: ['Escape'] },
  { name: 'emoji', place: 'anywhere', keys: ['Mod+;'] },
  { name: 'attach', place: 'anywhere', keys: ['Mod+u'] },
  { name: 'help', place: 'anywhere', keys: ['Mod+/', '?'] },
  { name: 'new-conversation', place: 'list', keys: ['n'] },
  { name: 'reply', place: 'timeline', keys: ['r'] },
  { name: 'react', place: 'timeline', keys: ['e'] },
  { name: 'message-details', place: 'timeline', keys: ['i'] },
  { name: 'mark-unread', place: 'timeline', keys: ['u'] },
  {
    name: 'walk',
    place: 'timeline',
    keys: ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'],
    isLocal: true,
  },
  { name: 'write', place: 'timeline', keys: ['Escape'], isLocal: true },
  { name: 'enter', place: 'composer', keys: ['Enter'], isLocal: true },
  { name: 'send-later', place: 'composer', keys: ['Mod+Shift+Enter'] },
  { name: 'newline', place: 'composer', keys: ['Shift+Enter'], isLocal: true },
  { name: 'edit-last', place: 'composer', keys: ['ArrowUp'], isLocal: true },
  { name: 'leave-mode', place: 'composer', keys: ['Escape'], isLocal: true },
  { name: 'bold', place: 'composer', keys: ['Mod+b'] },
  { name: 'italic', place: 'composer', keys: ['Mod+i'] },
  { name: 'strike', place: 'composer', keys: ['Mod+Shift+x'] },
  { name: 'code', place: 'composer', keys: ['Mod+e'] },
];

/** The part of a `KeyboardEvent` that decides. */
export interface Press {
  readonly key: string;
  /** Which key of the keyboard, whatever it writes. */
  readonly code?: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  /** An input method is composing: its keys are not ours. */
  readonly isComposing: boolean;
}

/** What decides which keys work at all. */
export interface Keyboard {
  /** Single letters as commands are switched on. */
  readonly hasLetterKeys: boolean;
  /** A window of its own, without the keys of a browser. */
  readonly isInstalled: boolean;
}

export interface PressContext extends Keyboard {
  readonly isApple: boolean;
  /** Single letters count only here, and only when they are switched on. */
  readonly place: ShortcutPlace;
  /** The focus is where text is written. */
  readonly isEditing: boolean;
}

/**
 * Commands keep their place on a keyboard that writes other letters: N is where an English one has it.
 * Only letters move; what a Latin keyboard writes is taken as it is.
 */
const latinKey = ({ key, code }: Press): string => {
  const letter = /^Key([A-Z])$/.exec(code ?? '')?.[1];
  return letter !== undefined && isCharacter(key) && !/\p{Script=Latin}|[!-~]/u.test(key)
    ? letter
    : key;
};

const isCharacter = (key: string): boolean => Array.from(key).length === 1;

/** `?` already is Shift+/ on most keyboards: there Shift is part of the key, as it is of "R". */
const isShiftOfItsOwn = (key: string, isMod: boolean): boolean =>
  !isCharacter(key) || (isMod && key.toLowerCase() !== key.toUpperCase());

export const chordOf = (press: Press, isApple: boolean): string => {
  const isMod = isApple ? press.metaKey : press.ctrlKey;
  const key = latinKey(press);
  const parts = [
    ...(isMod ? ['Mod'] : []),
    ...(press.altKey ? ['Alt'] : []),
    ...(press.shiftKey && isShiftOfItsOwn(key, isMod) ? ['Shift'] : []),
    isCharacter(key) ? key.toLowerCase() : key,
  ];
  return parts.join('+');
};

/** The table as it holds here: exactly what the help dialog shows. */
export const shortcutsOn = ({ hasLetterKeys, isInstalled }: Keyboard): ReadonlyArray<Shortcut> =>
  shortcuts
    .filter(({ isOnlyInstalled }) => isInstalled || isOnlyInstalled === undefined)
    .map((shortcut) => ({
      ...shortcut,
      keys: shortcut.keys.filter((chord) => hasLetterKeys || !isCharacter(chord)),
    }))
    .filter(({ keys }) => keys.length > 0);

/** Which shortcut a key press is, where the focus is now. */
export const shortcutOf = (press: Press, context: PressContext): ShortcutName | undefined => {
  if (press.isComposing) return undefined;
  const chord = chordOf(press, context.isApple);
  if (isCharacter(chord) && context.isEditing) return undefined;
  return shortcutsOn(context).find(
    (shortcut) =>
      shortcut.isLocal === undefined &&
      shortcut.keys.includes(chord) &&
      (shortcut.place === 'anywhere' || shortcut.place === context.place),
  )?.name;
};

/** A printable key without modifiers, outside of a field: it belongs into the composer. */
export const isTyping = (press: Press): boolean =>
  isCharacter(press.key) &&
  press.key !== ' ' &&
  !press.ctrlKey &&
  !press.metaKey &&
  !press.altKey &&
  !press.isComposing;

const signs: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓' };
const appleSigns: Readonly<Record<string, string>> = { ...signs, Mod: '⌘', Alt: '⌥', Shift: '⇧' };

/** For the eye, as it is written on the keys: "Ctrl Shift ↓". */
export const keyLabels = (
  chord: string,
  { isApple, names }: { isApple: boolean; names: Readonly<Record<string, string>> },
): ReadonlyArray<string> =>
  chord.split('+').map((part) => {
    if (isCharacter(part)) return part.toUpperCase();
    return (isApple ? appleSigns : signs)[part] ?? names[part] ?? part;
  });

/** Those of a tab. */
const keysOf = (name: ShortcutName): ReadonlyArray<string> =>
  shortcuts.find((one) => one.name === name && one.isOnlyInstalled === undefined)?.keys ?? [];

/** For a tooltip: the first chord, as it is written on the keys. */
export const keyHint = (
  name: ShortcutName,
  keyboard: { isApple: boolean; names: Readonly<Record<string, string>> },
): string => {
  const [chord = ''] = keysOf(name);
  return keyLabels(chord, keyboard).join(keyboard.isApple ? '' : '+');
};

/** For `aria-keyshortcuts`. */
export const ariaKeys = (name: ShortcutName, isApple: boolean): string =>
  keysOf(name)
    .map((chord) => chord.replace('Mod', isApple ? 'Meta' : 'Control'))
    .join(' ');
