/**
 * The interface over the fake core. `?scene=first-run` starts empty, `content` has a conversation with
 * every kind of message, `?words=pseudo` marks every word of the catalogue, `?text=150` enlarges it; the
 * test drives `window.fake`.
 */
import { mount } from 'svelte';
import { createAppState } from '../../../src/app/app-state.svelte.ts';
import { createBrowserEnvironment } from '../../../src/app/environment.browser.ts';
import Root from '../../../src/ui/Root.svelte';
import type { LateWords } from '../../../src/app/text/catalogue.ts';
import { late } from '../../../src/app/text/en-late.ts';
import { en } from '../../../src/app/text/en.ts';
import { speak } from '../../../src/app/text/t.ts';
import { FakeCore } from '../fake-core.ts';
import { pseudoOf } from './pseudo.ts';
import { createContentScene } from './scene-content.ts';
import { createScene } from './scene.ts';

declare global {
  interface Window {
    fake: FakeCore;
    app: ReturnType<typeof createAppState>;
  }
}

const now = (): number => Date.now();
const query = new URLSearchParams(location.search);
const scenes: Readonly<Record<string, (now: () => number) => FakeCore>> = {
  'first-run': () => new FakeCore({ now }),
  content: createContentScene,
};
const scene = query.get('scene') ?? '';

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
const textPercent = query.get('text');
if (textPercent !== null) window.app.appearance.choose({ textPercent: Number(textPercent) });
await window.app.language.start();
if (query.get('words') === 'pseudo') speak(pseudoOf(en), 'en-GB', pseudoOf<LateWords>(late));
mount(Root, { target: document.body, props: { app: window.app } });
