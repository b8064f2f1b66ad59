import type { CommandError, Core, RelayView } from '../core/api.ts';
import type { PreferenceStore, StorageMeasure, StorageMeter } from './environment.ts';
import { storedLook, storeLook, type Look } from './look.ts';

export class AppearanceState {
  look: Look;
  /** Single letters as commands, where the list or the timeline has the focus (WCAG 2.1.4). */
  hasLetterKeys = $state(true);
  readonly #preferences: PreferenceStore;
  readonly #apply: (look: Look) => void;

  constructor(preferences: PreferenceStore, apply: (look: Look) => void) {
    this.#preferences = preferences;
    this.#apply = apply;
    this.look = $state.raw(storedLook(preferences));
    this.hasLetterKeys = preferences.read('letter-keys') !== 'off';
    apply(this.look);
  }

  readonly choose = (change: Partial<Look>): void => {
    this.look = { ...this.look, ...change };
    storeLook(this.#preferences, this.look);
    this.#apply(this.look);
  };

  readonly setLetterKeys = (isOn: boolean): void => {
    this.hasLetterKeys = isOn;
    this.#preferences.write('letter-keys', isOn ? 'on' : 'off');
  };
}

export class ProfileState {
  problem = $state<CommandError | undefined>(undefined);
  isSaved = $state(false);
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  readonly rename = async (name: string): Promise<void> => {
    this.isSaved = false;
    const result = await this.#core.execute({ type: 'Rename', name: name.trim() });
    this.problem = result.ok ? undefined : result.error;
    this.isSaved = result.ok;
  };
}

export class RelaysState {
  problem = $state<CommandError | undefined>(undefined);
  isBusy = $state(false);
  readonly #core: Core;
  readonly #relays: () => ReadonlyArray<RelayView>;

  constructor(core: Core, relays: () => ReadonlyArray<RelayView>) {
    this.#core = core;
    this.#relays = relays;
  }

  /** True when it was added. */
  readonly add = async (address: string): Promise<boolean> => {
    const added = address.trim();
    if (added === '') {
      this.problem = 'empty';
      return false;
    }
    return this.#set([...this.#addresses(), added]);
  };

  readonly remove = async (address: string): Promise<void> => {
    await this.#set(this.#addresses().filter((other) => other !== address));
  };

  #addresses(): ReadonlyArray<string> {
    return this.#relays()
      .filter((relay) => !relay.isOwn)
      .map((relay) => relay.address);
  }

  async #set(addresses: ReadonlyArray<string>): Promise<boolean> {
    this.isBusy = true;
    const result = await this.#core.execute({ type: 'SetRelays', addresses });
    this.isBusy = false;
    this.problem = result.ok ? undefined : result.error;
    return result.ok;
  }
}

export class StorageState {
  measure = $state.raw<StorageMeasure | undefined>(undefined);
  /** The browser was asked to keep the data and did not promise it. */
  isRefused = $state(false);
  readonly #meter: StorageMeter;

  constructor(meter: StorageMeter) {
    this.#meter = meter;
  }

  readonly refresh = async (): Promise<void> => {
    this.measure = await this.#meter.measure();
  };

  readonly keep = async (): Promise<void> => {
    this.isRefused = !(await this.#meter.keep());
    await this.refresh();
  };
}
