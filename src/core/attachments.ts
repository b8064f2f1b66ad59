/**
 * Files beside messages, as the rest of the core sees them. What handles them (`blobs/`) is loaded
 * after the start, or when the first is met: a person reads and writes before it has arrived.
 */
import { err, type Result } from '../base/result.ts';
import type { LinkId, NetworkEvent } from '../network/port.ts';
import type { Manifest } from '../protocol/blobs/manifest.ts';
import { limits } from '../protocol/limits.ts';
import type { AttachmentState, FetchRules } from './api-attachments.ts';
import type { CommandError } from './api.ts';
import type { Blobs, BlobsHost } from './blobs/blobs.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { BlobParts } from './deps.ts';
import type { LogDeps } from './epochs/epoch-logs.ts';
import type { Settings } from './vault/settings.ts';

export interface LoadedBlobs {
  readonly blobs: Blobs;
  readonly parts: BlobParts;
}

type Host = Omit<BlobsHost, 'rules'>;

export class Attachments {
  readonly #deps: LogDeps;
  readonly #settings: Settings;
  readonly #host: Host;
  #loading: Promise<LoadedBlobs | undefined> | undefined;
  #loaded: LoadedBlobs | undefined;
  #isClosed = false;
  #isMetered = false;

  constructor(deps: LogDeps, settings: Settings, host: Host) {
    this.#deps = deps;
    this.#settings = settings;
    this.#host = host;
  }

  /** Everything else is loaded: what is held here is served from then on. */
  start(): void {
    this.#deps.core.clock.schedule(limits.blobLoadMs, () => {
      void this.#load();
    });
  }

  /** Runs what needs the files; refused where they cannot be loaded. */
  async with<T>(
    act: (loaded: LoadedBlobs) => Promise<Result<T, CommandError>>,
  ): Promise<Result<T, CommandError>> {
    const loaded = await this.#load();
    return loaded === undefined ? err('not-ready') : act(loaded);
  }

  stateOf(conversation: Conversation | undefined, manifest: Manifest): AttachmentState {
    const state = conversation && this.#loaded?.blobs.stateOf(conversation, manifest);
    return state ?? { kind: 'waiting', doneBytes: 0, for: 'holder' };
  }

  /** All of each: they can be said again somewhere else. */
  areHere(conversation: Conversation, manifests: ReadonlyArray<Manifest>): boolean {
    return manifests.every((manifest) => this.stateOf(conversation, manifest).kind === 'here');
  }

  /** Own files that nobody else has; undefined: not known yet. */
  onlyHereCount(conversation: Conversation): number | undefined {
    return this.#loaded?.parts.onlyHereCount(this.#loaded.blobs, conversation);
  }

  changed(conversation: Conversation): void {
    this.#loaded?.blobs.changed(conversation);
  }

  /** Or relays. */
  linksChanged(): void {
    this.#loaded?.blobs.linksChanged();
  }

  /** As far as the platform knows. */
  get isMetered(): boolean {
    return this.#isMetered;
  }

  networkEvent(event: Extract<NetworkEvent, { type: 'BlobReceived' | 'MeteredChanged' }>): void {
    if (event.type === 'BlobReceived') {
      this.#frame(event.link, event.frame);
      return;
    }
    this.#isMetered = event.isMetered;
    this.rulesChanged();
  }

  /** What comes by itself is another. */
  rulesChanged(): void {
    for (const conversation of this.#host.conversations()) this.changed(conversation);
  }

  /** Nothing comes by itself where every byte may cost, unless the rules say so. */
  #rules({ notes }: Conversation): FetchRules {
    const { rules, treatAsMetered } = this.#settings.fetching;
    const chosen = notes.fetchRules ?? rules;
    const isHeldBack = (treatAsMetered || this.#isMetered) && !chosen.onMetered;
    return isHeldBack ? { ...chosen, kinds: [] } : chosen;
  }

  #frame(link: LinkId, frame: Uint8Array): void {
    this.#host.links.traffic(link)?.received(frame);
    if (!this.#host.links.proved().some((peer) => peer.link === link)) return; // nothing is owed
    void this.#load().then((loaded) => loaded?.blobs.frame(link, frame));
  }

  retry(): void {
    this.#loaded?.blobs.retry();
  }

  async forget(conversation: Conversation): Promise<void> {
    // What a failure leaves, or was never loaded, is swept at the next start.
    await this.#loaded?.blobs.forget(conversation);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await (await this.#loading)?.blobs.close();
  }

  /** Out of reach for now, the code is asked for again when it is needed next. */
  #load(): Promise<LoadedBlobs | undefined> {
    this.#loading ??= this.#begin().then((loaded) => {
      this.#loaded = loaded;
      if (loaded === undefined) this.#loading = undefined;
      return loaded;
    });
    return this.#loading;
  }

  async #begin(): Promise<LoadedBlobs | undefined> {
    // [FT13] What no conversation names is swept away: all of them have to be here to say so.
    if (this.#isClosed || !(await this.#host.allOpen())) return undefined;
    const parts = await this.#deps.core.loadBlobs?.();
    if (parts === undefined) return undefined;
    const blobs = new parts.Blobs(this.#deps, parts, {
      ...this.#host,
      rules: (conversation) => this.#rules(conversation),
    });
    const loaded = await blobs.load();
    if (!loaded.ok) {
      await parts.store.close();
      return undefined;
    }
    for (const conversation of this.#host.conversations()) this.#host.shown(conversation);
    return { blobs, parts };
  }
}
