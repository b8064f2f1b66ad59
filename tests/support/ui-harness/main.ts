/** The interface over the fake core. `?scene=first-run` starts empty; the test drives `window.fake`. */
import { mount } from 'svelte';
import { createAppState } from '../../../src/app/app-state.svelte.ts';
import { createBrowserEnvironment } from '../../../src/app/environment.browser.ts';
import Root from '../../../src/ui/Root.svelte';
import { FakeCore } from '../fake-core.ts';
import { createScene } from './scene.ts';

declare global {
  interface Window {
    fake: FakeCore;
    app: ReturnType<typeof createAppState>;
  }
}

const now = (): number => Date.now();
const isFirstRun = new URLSearchParams(location.search).get('scene') === 'first-run';

window.fake = isFirstRun ? new FakeCore({ now }) : createScene(now);
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
await window.app.language.start();
mount(Root, { target: document.body, props: { app: window.app } });
