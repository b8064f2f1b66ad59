/** How the window is divided, and what is looked for in the list. */
import type { PreferenceStore } from './environment.ts';

/** The small dialogs that need no state of their own. */
export type Panel =
  | 'go-to'
  | 'new-group'
  | 'add-people'
  | 'paste-link'
  | 'connection'
  | 'shortcuts'
  | 'link-device'
  | 'restore'
  | 'shared'
  | 'message-details';

const preferenceKey = 'list-width';
export const listWidthMinPx = 280;
const listWidthMaxPx = 480;
/** Beside it a conversation must stay readable. */
const listShareMax = 0.36;

export const listWidthMax = (windowPx: number): number =>
  Math.max(listWidthMinPx, Math.min(listWidthMaxPx, Math.round(windowPx * listShareMax)));

/** Total: what was never chosen, or is no number, is the usual width. */
const storedWidth = (preferences: PreferenceStore): number | undefined => {
  const stored = Number(preferences.read(preferenceKey) ?? '');
  return Number.isFinite(stored) && stored > 0 ? stored : undefined;
};

export class PanesState {
  /** What is typed into the list's search box. */
  query = $state('');
  /** As it was chosen; undefined: the usual. */
  #chosenPx = $state<number | undefined>(undefined);
  readonly #preferences: PreferenceStore;

  constructor(preferences: PreferenceStore) {
    this.#preferences = preferences;
    this.#chosenPx = storedWidth(preferences);
  }

  readonly listWidthIn = (windowPx: number): number => {
    const usual = Math.min(360, Math.round(windowPx * 0.26));
    const wanted = this.#chosenPx ?? usual;
    return Math.max(listWidthMinPx, Math.min(wanted, listWidthMax(windowPx)));
  };

  readonly setListWidth = (px: number | undefined): void => {
    this.#chosenPx = px;
    this.#preferences.write(preferenceKey, px === undefined ? '' : String(Math.round(px)));
  };
}
