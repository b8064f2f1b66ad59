import type { ConversationId, InviteId } from '../core/api.ts';
import type { AddressBar } from './environment.ts';

export type Route =
  | { readonly screen: 'home' }
  | {
      readonly screen: 'conversation';
      readonly id: ConversationId;
      readonly hasDetails: boolean;
      /** On a phone, where a thread is a pane of its own. */
      readonly hasThread?: boolean;
    }
  | { readonly screen: 'join'; readonly inviteId: InviteId }
  | { readonly screen: 'settings' };

const inviteStart = '#/i/';

/** Total: an address nobody knows is home. */
export const routeOf = (fragment: string): Route => {
  const [, screen, id, tail] = fragment.split('/');
  if (screen === 'settings') return { screen: 'settings' };
  if (screen === 'c' && id !== undefined && id !== '') {
    const panes = { hasDetails: tail === 'details', hasThread: tail === 'thread' };
    return { screen: 'conversation', id: decodeId(id), ...panes };
  }
  if (screen === 'j' && id !== undefined && id !== '') {
    return { screen: 'join', inviteId: decodeId(id) };
  }
  return { screen: 'home' };
};

export const fragmentOf = (route: Route): string => {
  switch (route.screen) {
    case 'home':
      return '#/';
    case 'settings':
      return '#/settings';
    case 'join':
      return `#/j/${encodeURIComponent(route.inviteId)}`;
    case 'conversation':
      return `#/c/${encodeURIComponent(route.id)}${tailOf(route)}`;
  }
};

const tailOf = ({ hasDetails, hasThread = false }: Route & { screen: 'conversation' }): string => {
  if (hasThread) return '/thread';
  return hasDetails ? '/details' : '';
};

const decodeId = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A broken escape names no conversation; the screen says so.
  }
};

/**
 * Where the person is, mirrored in the address bar so that back and forward work. A history entry
 * per pane is what makes the system's back gesture leave a conversation on a phone.
 */
export class RouteState {
  current = $state.raw<Route>({ screen: 'home' });
  readonly #bar: AddressBar;
  readonly #onChange: (route: Route) => void;
  readonly #onInvite: (link: string) => void;
  /** Fragments behind us, to know whether "back" stays inside the app. */
  #trail: string[];

  constructor(
    bar: AddressBar,
    handlers: { onChange: (route: Route) => void; onInvite: (link: string) => void },
  ) {
    this.#bar = bar;
    this.#onChange = handlers.onChange;
    this.#onInvite = handlers.onInvite;
    this.current = routeOf(bar.read());
    this.#trail = [fragmentOf(this.current)];
    bar.subscribe(this.#follow);
  }

  readonly go = (route: Route): void => {
    const fragment = fragmentOf(route);
    if (fragment !== fragmentOf(this.current)) this.#bar.push(fragment);
    this.#settle(route);
  };

  readonly replace = (route: Route): void => {
    const fragment = fragmentOf(route);
    this.#bar.replace(fragment);
    this.#trail[this.#trail.length - 1] = fragment;
    this.#change(route);
  };

  /** One pane back: through the history where it leads to `parent`, else by putting it there. */
  readonly back = (parent: Route): void => {
    if (this.#trail.at(-2) === fragmentOf(parent)) this.#bar.back();
    else this.replace(parent);
  };

  readonly #follow = (): void => {
    const fragment = this.#bar.read();
    if (fragment.startsWith(inviteStart)) {
      // A link opened in a tab that runs already: its secret must not stay in the history.
      this.#bar.replace(fragmentOf(this.current));
      this.#onInvite(fragment);
      return;
    }
    this.#settle(routeOf(fragment));
  };

  #settle(route: Route): void {
    const fragment = fragmentOf(route);
    if (this.#trail.at(-2) === fragment) this.#trail.pop();
    else if (this.#trail.at(-1) !== fragment) this.#trail.push(fragment);
    this.#change(route);
  }

  #change(route: Route): void {
    if (fragmentOf(route) === fragmentOf(this.current)) return;
    this.current = route;
    this.#onChange(route);
  }
}
