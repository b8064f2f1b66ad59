import type { AppEnvironment } from './environment.ts';
import { loadLanguage, pickLanguage } from './text/languages.ts';
import type { Direction } from './text/catalogue.ts';
import { speak } from './text/t.ts';

const preferenceKey = 'language';

/** Which language is spoken. The words themselves are `t`; `current` says when they have changed. */
export class LanguageState {
  /** The code of a language; undefined: as the browser says. */
  choice = $state<string | undefined>(undefined);
  current = $state('en');
  /** Which side is the start, for what does not ask the page. */
  direction = $state<Direction>('ltr');
  /** The chosen language could not be fetched; the one before is still spoken. */
  isOutOfReach = $state(false);
  readonly #environment: AppEnvironment;
  #isFocusWanted = false;

  constructor(environment: AppEnvironment) {
    this.#environment = environment;
    const stored = environment.preferences.read(preferenceKey);
    this.choice = stored === '' ? undefined : stored;
  }

  /** Before the interface is mounted. */
  readonly start = async (): Promise<void> => {
    await this.#speak(this.choice);
    this.#isFocusWanted = false;
  };

  readonly choose = async (choice: string | undefined): Promise<void> => {
    const before = this.choice;
    this.choice = choice;
    if (await this.#speak(choice)) this.#environment.preferences.write(preferenceKey, choice ?? '');
    else this.choice = before;
  };

  /** True once after a choice: the interface was mounted anew, and the focus belongs to the choice. */
  readonly takeFocus = (): boolean => {
    const isWanted = this.#isFocusWanted;
    this.#isFocusWanted = false;
    return isWanted;
  };

  async #speak(choice: string | undefined): Promise<boolean> {
    const { code, locale } = pickLanguage(choice, this.#environment.preferredLanguages);
    const loaded = await loadLanguage(code);
    this.isOutOfReach = !loaded.ok;
    if (!loaded.ok) return false;
    speak(loaded.value.words, locale, loaded.value.late);
    this.direction = loaded.value.direction;
    this.#environment.applyLanguage(code, loaded.value.direction);
    this.#isFocusWanted = code !== this.current;
    this.current = code;
    return true;
  }
}
