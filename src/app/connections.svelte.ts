import type { ConnectionView, Core, CoreState, LinkView } from '../core/api.ts';
import type { AppClock } from './environment.ts';

const refreshMs = 2000;

export interface ConnectionsDeps {
  readonly core: Core;
  readonly clock: AppClock;
  readonly copyText: (text: string) => Promise<boolean>;
  /** For whoever helps: what runs here. */
  readonly about: { readonly version: string; readonly browser: string };
}

/** Who is connected at this moment, while somebody looks; and the same as a text to hand on. */
export class ConnectionsState {
  links = $state.raw<ReadonlyArray<LinkView>>([]);
  copied = $state<'no' | 'yes' | 'refused'>('no');
  readonly #deps: ConnectionsDeps;

  constructor(deps: ConnectionsDeps) {
    this.#deps = deps;
  }

  /** Keeps `links` fresh until the answer is called. */
  readonly watch = (): (() => void) => {
    let stop: () => void = () => undefined;
    let isWatching = true;
    const refresh = async (): Promise<void> => {
      const result = await this.#deps.core.execute({ type: 'InspectLinks' });
      if (!isWatching) return;
      if (result.ok) this.links = result.value;
      stop = this.#deps.clock.schedule(refreshMs, () => void refresh());
    };
    this.copied = 'no';
    void refresh();
    return () => {
      isWatching = false;
      stop();
    };
  };

  readonly copy = async (state: CoreState): Promise<void> => {
    const { about, copyText } = this.#deps;
    const text = diagnosticsOf({ ...about, state, links: this.links });
    this.copied = (await copyText(text)) ? 'yes' : 'refused';
  };
}

interface Diagnosed {
  readonly version: string;
  readonly browser: string;
  readonly state: CoreState;
  readonly links: ReadonlyArray<LinkView>;
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

const relayLine = ({ state, isOwn }: ConnectionView['relays'][number], at: number): string =>
  `relay ${at + 1}: ${state}${isOwn ? ', of this page' : ''}`;

const linkLine = ({ path, people, ...link }: LinkView, at: number): string =>
  `link ${at + 1}: ${path}, ${people.length === 0 ? 'stranger' : 'known'}, open ${seconds(link.openForMs)}, quiet ${seconds(link.quietForMs)}, ${link.sentBytes} B out, ${link.receivedBytes} B in`;

/**
 * [DX1] Counts and states in plain English, for a bug report: no name, no text, no address, no id and
 * no key is in it.
 */
export const diagnosticsOf = ({ version, browser, state, links }: Diagnosed): string => {
  const { connection, conversations, troubles } = state;
  const kinds = ['self', 'direct', 'group'].map(
    (kind) => `${conversations.filter((other) => other.kind === kind).length} ${kind}`,
  );
  const waiting = conversations.reduce((sum, { waitingCount }) => sum + waitingCount, 0);
  return [
    `Sotto ${version}`,
    browser,
    `phase: ${state.phase}, troubles: ${troubles.join(', ') || 'none'}`,
    `online: ${connection.isOnline}, network code: ${connection.isStarted}, WebRTC: ${connection.canWebRtc}`,
    `conversations: ${kinds.join(', ')}; messages only here: ${waiting}`,
    ...connection.relays.map(relayLine),
    ...links.map(linkLine),
  ].join('\n');
};
