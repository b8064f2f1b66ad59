import { MediaState } from '../../app/attachments/media.svelte.ts';
import { useApp } from '../../app/context.ts';
import { outliving } from '../../app/outliving.svelte.ts';

/** The files of the window, made when the first component asks for them. */
export const useMedia = (): MediaState =>
  useApp().openMedia((deps) => outliving(() => new MediaState(deps)));
