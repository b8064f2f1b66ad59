/** Small pictures as go ahead of photographs: each another, and the same in every page. */
import type { Page } from '@playwright/test';

declare global {
  var benchPreviews: ReadonlyArray<Blob>;
}

export const previewSize = { width: 480, height: 360 } as const;

/** In the page. */
const drawThere = async ([count, width, height]: readonly [
  number,
  number,
  number,
]): Promise<void> => {
  const previews: Blob[] = [];
  let state = 1;
  const next = (below: number): number => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state % below;
  };
  for (let i = 0; i < count; i++) {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    for (let at = 0; at < 300; at++) {
      context.fillStyle = `hsl(${next(360)} 60% 50%)`;
      context.fillRect(next(width), next(height), 8 + next(60), 8 + next(60));
    }
    previews.push(await canvas.convertToBlob({ type: 'image/webp', quality: 0.7 }));
  }
  globalThis.benchPreviews = previews;
};

/** They are then `benchPreviews` of the page. */
export const drawPreviews = (page: Page, count: number): Promise<void> =>
  page.evaluate(drawThere, [count, previewSize.width, previewSize.height] as const);
