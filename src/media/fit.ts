export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The same shape with no side above `sideMax`; never larger than it was. */
export const fit = ({ width, height }: Size, sideMax: number): Size => {
  const scale = Math.min(1, sideMax / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
};
