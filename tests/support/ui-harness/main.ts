/**
 * The interface over the fake core. `?scene=first-run` starts empty, `content` has a conversation with
 * every kind of message; the test drives `window.fake`.
 */
import { mount } from 'svelte';
import { createAppState } from '../../../src/app/app-state.svelte.ts';
import { createBrowserEnvironment } from '../../../src/app/environment.browser.ts';
import App from '../../../src/ui/App.svelte';
import { FakeCore } from '../fake-core.ts';
import { createContentScene } from './scene-content.ts';
import { createScene } from './scene.ts';

declare global {
  interface Window {
    fake: FakeCore;
    app: ReturnType<typeof createAppState>;
  }
}

const now = (): number => Date.now();
const scenes: Readonly<Record<string, (now: () => number) => FakeCore>> = {
  'first-run': () => new FakeCore({ now }),
  content: createContentScene,
};
const scene = new URLSearchParams(location.search).get('scene') ?? '';

window.fake = (scenes[scene] ?? createScene)(now);
window.app = createAppState(
  window.fake,
  createBrowserEnvironment({
    version: '0.1.0',
    useHere: () => {
      window.app.setTab('leader');
      window.fake.changed(); // As a core that has just started.
    },
  }),
);
mount(App, { target: document.body, props: { app: window.app } });
