import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import type { HeldAddress } from '../../app/attachments/addresses.ts';
import { watchSight } from './sight.ts';

type Shown = HTMLImageElement | HTMLVideoElement;

const put = (element: Shown, hold: () => HeldAddress, onMissing?: () => void): (() => void) => {
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

/** Shows what is held as long as the element is there, then lets go of it. */
export const showHeld =
  (hold: () => HeldAddress, onMissing?: () => void): Attachment<Shown> =>
  (element) =>
    put(element, hold, onMissing);

/** As long as it is in sight or nearly: of many only these are read and drawn (AT5, AT8). */
export const showInSight =
  (hold: () => HeldAddress): Attachment<HTMLImageElement> =>
  (element) => {
    let takeOff: (() => void) | undefined;
    const stop = watchSight(element, (isInSight) => {
      if (!isInSight) takeOff?.();
      takeOff = isInSight ? (takeOff ?? put(element, hold)) : undefined;
    });
    return () => {
      stop();
      takeOff?.();
    };
  };
