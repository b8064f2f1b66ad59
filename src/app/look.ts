/** How Sotto looks on this device: choices of the person, kept as small preferences. */
import type { PreferenceStore } from './environment.ts';

export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export const densities = ['comfortable', 'compact'] as const;
/** Of the browser's own size (UX.md §B11). */
export const textPercents = [87, 100, 115, 130, 150] as const;
/** Each is dark enough for white on it, and light enough for black (theme.css). */
export const accents = ['teal', 'blue', 'violet', 'pink', 'green'] as const;

export type Theme = (typeof themes)[number];
export type Density = (typeof densities)[number];
export type Accent = (typeof accents)[number];

export interface Look {
  readonly theme: Theme;
  readonly density: Density;
  readonly textPercent: number;
  readonly accent: Accent;
}

const oneOf = <Choice extends string>(
  choices: readonly [Choice, ...Choice[]],
  stored: string | undefined,
): Choice => choices.find((choice) => choice === stored) ?? choices[0];

/** Total: what is not one of the choices, or was never chosen, is the usual. */
export const storedLook = (preferences: PreferenceStore): Look => ({
  theme: oneOf(themes, preferences.read('theme')),
  density: oneOf(densities, preferences.read('density')),
  textPercent: textPercents.find((size) => String(size) === preferences.read('text')) ?? 100,
  accent: oneOf(accents, preferences.read('accent')),
});

export const storeLook = (preferences: PreferenceStore, look: Look): void => {
  preferences.write('theme', look.theme);
  preferences.write('density', look.density);
  preferences.write('text', String(look.textPercent));
  preferences.write('accent', look.accent);
};
