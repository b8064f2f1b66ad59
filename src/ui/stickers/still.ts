import type { Attachment } from 'svelte/attachments';
import { untrack } from 'svelte';
import type { HeldAddress } from '../../app/attachments/addresses.ts';

/** [SK5] Its first moment and no other, whatever the picture says of itself. */
export const showStill =
  (hold: () => HeldAddress): Attachment<HTMLCanvasElement> =>
  (canvas) => {
    const held = untrack(hold);
    const image = new Image();
    image.onload = () => {
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      canvas.getContext('2d')?.drawImage(image, 0, 0);
    };
    void held.url.then((url) => {
      if (url !== undefined) image.src = url;
    });
    return () => {
      image.onload = null;
      held.release();
    };
  };
