/** Photographs that differ, and when they are painted in another page. */
import type { Page } from '@playwright/test';

interface Painted {
  /** Something of it: the small one that goes ahead, where that is the first. */
  readonly firstMs: number;
  readonly wholeMs: number;
}

/** In a page: about half a megabyte of JPEG, so that it comes by itself. */
export const drawPhotograph = async (page: Page): Promise<Buffer> => {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(1600, 1200);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    for (let i = 0; i < 6000; i++) {
      const [x, y, hue] = [Math.random() * 1600, Math.random() * 1200, Math.random() * 360];
      context.fillStyle = `hsl(${hue} 60% 50%)`;
      context.fillRect(x, y, 8 + Math.random() * 40, 8 + Math.random() * 40);
    }
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.6 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  return Buffer.from(bytes);
};

/** In the page of who gets it; times are of the clock that all pages share. */
const watchThere = (caption: string): Promise<Painted> => {
  const afterPaint = (): Promise<number> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          resolve(performance.timeOrigin + performance.now());
        };
        port2.postMessage(undefined);
      });
    });
  const whenDrawn = (kind: string): Promise<number> =>
    new Promise((resolve) => {
      const look = (): void => {
        const article = [...document.querySelectorAll('[role=log] article')].find((one) =>
          one.textContent.includes(caption),
        );
        const pictures =
          article?.querySelectorAll<HTMLImageElement>(`img[data-shows${kind}]`) ?? [];
        if (![...pictures].some((one) => one.complete && one.naturalWidth > 0)) return;
        observer.disconnect();
        document.removeEventListener('load', look, true);
        void afterPaint().then(resolve);
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { childList: true, subtree: true, attributes: true });
      document.addEventListener('load', look, true); // of the pictures: it does not bubble
      look();
    });
  return Promise.all([whenDrawn(''), whenDrawn('=whole')]).then(([firstMs, wholeMs]) => ({
    firstMs,
    wholeMs,
  }));
};

export const untilPainted = (page: Page, caption: string): Promise<Painted> =>
  page.evaluate(watchThere, caption);

declare global {
  var benchPicture: Promise<number>;
}

/** Over the data channel of `connectDirectly`, into an empty page: milliseconds until it is painted. */
export const paintOverChannel = async (from: Page, to: Page, photo: Buffer): Promise<number> => {
  await to.evaluate((byteCount) => {
    const { benchWire: wire } = globalThis as unknown as { readonly benchWire: RTCDataChannel };
    wire.binaryType = 'arraybuffer';
    const parts: ArrayBuffer[] = [];
    let heard = 0;
    globalThis.benchPicture = new Promise((resolve) => {
      wire.onmessage = async ({ data }: MessageEvent<ArrayBuffer>) => {
        parts.push(data);
        heard += data.byteLength;
        if (heard < byteCount) return;
        const picture = document.createElement('img');
        picture.src = URL.createObjectURL(new Blob(parts, { type: 'image/jpeg' }));
        await picture.decode();
        document.body.replaceChildren(picture);
        requestAnimationFrame(() => {
          setTimeout(() => {
            resolve(performance.timeOrigin + performance.now());
          });
        });
      };
    });
  }, photo.length);
  const startedMs = await from.evaluate(
    (all) => {
      const { benchWire: wire } = globalThis as unknown as { readonly benchWire: RTCDataChannel };
      const bytes = Uint8Array.from(all);
      const atMs = performance.timeOrigin + performance.now();
      for (let at = 0; at < bytes.length; at += 65_536) wire.send(bytes.slice(at, at + 65_536));
      return atMs;
    },
    [...photo],
  );
  return (await to.evaluate(() => globalThis.benchPicture)) - startedMs;
};
