import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import type { HeldAddress } from '../../app/attachments/addresses.ts';

type Shown = HTMLImageElement | HTMLVideoElement;

/** Shows what is held as long as the element is there, then lets go of it. */
export const showHeld =
  (hold: () => HeldAddress, onMissing?: () => void): Attachment<Shown> =>
  (element) => {
    // A message that changes brings the same file again.
    const held = untrack(hold);
    let isGone = false;
    void held.url.then((url) => {
      if (isGone) return;
      if (url === undefined) onMissing?.();
      else element.src = url;
    });
    return () => {
      isGone = true;
      element.removeAttribute('src');
      held.release();
    };
  };
