import { describe, expect, test } from 'vitest';
import {
  isTyping,
  keyLabels,
  shortcutOf,
  shortcuts,
  shortcutsOn,
  type Press,
  type PressContext,
} from '../../../src/app/shortcuts.ts';
import { en } from '../../../src/app/text/en.ts';

const press = (key: string, modifiers: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...modifiers,
});

const context = (changes: Partial<PressContext> = {}): PressContext => ({
  isApple: false,
  place: 'anywhere',
  isEditing: false,
  hasLetterKeys: true,
  isInstalled: false,
  ...changes,
});

describe('keyboard shortcuts', () => {
  test('[UI43] Mod is Ctrl, and ⌘ on a Mac', () => {
    expect(shortcutOf(press('.', { ctrlKey: true }), context())).toBe('details');
    expect(shortcutOf(press('.', { ctrlKey: true }), context({ isApple: true }))).toBeUndefined();
    expect(shortcutOf(press('.', { metaKey: true }), context({ isApple: true }))).toBe('details');
  });

  test('[UI43] a letter works only in its place, never in a field, and can be switched off', () => {
    expect(shortcutOf(press('n'), context({ place: 'list' }))).toBe('new-conversation');
    expect(shortcutOf(press('n'), context({ place: 'timeline' }))).toBeUndefined();
    expect(shortcutOf(press('n'), context({ place: 'list', isEditing: true }))).toBeUndefined();
    expect(
      shortcutOf(press('n'), context({ place: 'list', hasLetterKeys: false })),
    ).toBeUndefined();
  });

  test('[UI43] keys with modifiers work while writing', () => {
    const down = press('ArrowDown', { altKey: true, shiftKey: true });
    expect(shortcutOf(down, context({ isEditing: true, place: 'composer' }))).toBe('next-unread');
  });

  test('[UI43] an input method keeps its keys', () => {
    expect(shortcutOf(press('Escape', { isComposing: true }), context())).toBeUndefined();
    expect(isTyping(press('a', { isComposing: true }))).toBe(false);
  });

  test('[UI43] only a printable key without modifiers is typing', () => {
    expect(isTyping(press('a'))).toBe(true);
    expect(isTyping(press('é'))).toBe(true);
    expect(isTyping(press('a', { ctrlKey: true }))).toBe(false);
    expect(isTyping(press('Enter'))).toBe(false);
  });

  test('[UI43] no key has two meanings in one place', () => {
    const meanings = shortcuts.flatMap(({ place, keys }) => keys.map((key) => `${place} ${key}`));
    expect(new Set(meanings).size).toBe(meanings.length);
  });

  test('[UI43] keys that a browser keeps for itself are not used', () => {
    const kept = ['Mod+n', 'Mod+1', 'Mod+t', 'Mod+w', 'Mod+Shift+n', 'Mod+Shift+t', 'Ctrl+Tab'];
    const keysIn = (isInstalled: boolean): ReadonlyArray<string> =>
      shortcutsOn({ hasLetterKeys: true, isInstalled }).flatMap(({ keys }) => keys);
    expect(keysIn(false).filter((key) => kept.includes(key))).toEqual([]);
    expect(keysIn(true)).toEqual(expect.arrayContaining(['Mod+n', 'Mod+1', 'Mod+9']));
    const first = press('1', { ctrlKey: true });
    expect(shortcutOf(first, context())).toBeUndefined();
    expect(shortcutOf(first, context({ isInstalled: true }))).toBe('nth-conversation');
  });

  test('[UI43] the table holds what works: without letters none is shown', () => {
    const names = (hasLetterKeys: boolean): ReadonlyArray<string> =>
      shortcutsOn({ hasLetterKeys, isInstalled: false }).map(({ name }) => name);
    expect(names(true)).toEqual(expect.arrayContaining(['react', 'new-conversation', 'help']));
    expect(names(false)).toContain('help'); // by Mod+/
    expect(names(false)).not.toContain('react');
  });

  test('[UI43] labels are for the eye', () => {
    const { keys: names } = en.shortcuts;
    const labels = (chord: string, isApple = false) => keyLabels(chord, { isApple, names });
    expect(labels('Mod+Shift+PageUp')).toEqual(['Ctrl', 'Shift', 'PgUp']);
    expect(labels('Alt+ArrowDown')).toEqual(['Alt', '↓']);
    expect(labels('Mod+Shift+.', true)).toEqual(['⌘', '⇧', '.']);
  });

  test('[UI43] a letter keeps its place on a keyboard of another script', () => {
    const list = context({ place: 'list' });
    expect(shortcutOf(press('ى', { code: 'KeyN' }), list)).toBe('new-conversation');
    expect(shortcutOf(press('т', { code: 'KeyN' }), list)).toBe('new-conversation');
    expect(shortcutOf(press('b', { code: 'KeyN' }), list)).toBeUndefined(); // Dvorak
    expect(shortcutOf(press('ñ', { code: 'KeyN' }), list)).toBeUndefined();
  });
});
