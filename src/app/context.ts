import { createContext } from 'svelte';
import type { AppState } from './app-state.svelte.ts';

/** `App.svelte` sets it once; every component below takes the state from here. */
export const [useApp, provideApp] = createContext<AppState>();
