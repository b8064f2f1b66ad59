/** What one walk through a picture finds: its measures, and the parts that are the picture itself. */
import type { Orientation } from './exif.ts';

export interface Scan {
  /** As stored; orientations from 5 on lie on their side. */
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  readonly isAnimated: boolean;
  /** Something was left out of `kept`: camera, place, comments, what stands behind the end. */
  readonly hasMetadata: boolean;
  readonly kept: ReadonlyArray<Uint8Array>;
}
