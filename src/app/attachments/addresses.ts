/** Addresses of bytes in this window, each as long as somebody shows it. */
export interface HeldAddress {
  /** Undefined: there is nothing to show. */
  readonly url: Promise<string | undefined>;
  release(): void;
}

interface Entry {
  readonly url: Promise<string | undefined>;
  holders: number;
}

export class Addresses {
  readonly #entries = new Map<string, Entry>();

  hold(key: string, load: () => Promise<Blob | undefined>): HeldAddress {
    const entry = this.#entries.get(key) ?? { url: this.#make(key, load), holders: 0 };
    entry.holders += 1;
    this.#entries.set(key, entry);
    let isHeld = true;
    return {
      url: entry.url,
      release: () => {
        if (isHeld) this.#release(key, entry);
        isHeld = false;
      },
    };
  }

  async #make(key: string, load: () => Promise<Blob | undefined>): Promise<string | undefined> {
    const blob = await load();
    if (blob === undefined) this.#entries.delete(key); // The next one who asks tries again.
    return blob && URL.createObjectURL(blob);
  }

  #release(key: string, entry: Entry): void {
    entry.holders -= 1;
    if (entry.holders > 0) return;
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    void entry.url.then((url) => {
      if (url !== undefined) URL.revokeObjectURL(url);
    });
  }
}
