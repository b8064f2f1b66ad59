import { dropShared, readShared, type Shared } from '../../media/shared.browser.ts';
import type { AppState } from '../app-state.svelte.ts';

type Host = Pick<AppState, 'conversation' | 'panel' | 'route'>;

/** What came from another program, until it is in the tray of a conversation. */
export class SharedState {
  /** Undefined: being read. */
  shared = $state.raw<Shared | undefined>(undefined);
  readonly bytes = $derived.by(
    () => this.shared?.files.reduce((sum, { size }) => sum + size, 0) ?? 0,
  );
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  readonly load = async (): Promise<void> => {
    this.shared = await readShared();
  };

  /** Nothing is handed over yet: what is written in that conversation stays, with this behind it. */
  readonly takeTo = async (id: string): Promise<void> => {
    const { shared } = this;
    this.#host.panel = undefined;
    this.#host.route.go({ screen: 'conversation', id, hasDetails: false });
    const composer = this.#host.conversation?.composer;
    if (shared === undefined || composer === undefined) return;
    const text = [composer.text, shared.text].filter((part) => part !== '').join('\n');
    if (shared.text !== '') composer.place(text, { start: text.length, end: text.length });
    const isTaken = shared.files.length === 0 || (await composer.offer(shared.files)) !== undefined;
    if (isTaken) await dropShared();
  };

  readonly discard = async (): Promise<void> => {
    this.#host.panel = undefined;
    await dropShared();
  };
}
