/** A picture of a person as it travels: a small square, drawn anew, so that nothing of its file is left. */
const sidePixels = 256;
const bytesMax = 16 * 1024;
const qualities = [0.85, 0.7, 0.5, 0.3] as const;

/** Undefined: the browser cannot read it, or not make it small enough. */
export const shrinkPicture = async (file: Blob): Promise<Uint8Array | undefined> => {
  const image = await createImageBitmap(file).catch(() => undefined);
  if (image === undefined) return undefined;
  const side = Math.min(image.width, image.height);
  const canvas = new OffscreenCanvas(sidePixels, sidePixels);
  const context = canvas.getContext('2d');
  const from = [(image.width - side) / 2, (image.height - side) / 2, side, side] as const;
  context?.drawImage(image, ...from, 0, 0, sidePixels, sidePixels);
  image.close();
  for (const quality of qualities) {
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality });
    if (blob.size <= bytesMax) return new Uint8Array(await blob.arrayBuffer());
  }
  return undefined;
};
