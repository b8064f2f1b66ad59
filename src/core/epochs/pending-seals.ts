/**
 * Seals of epochs that are not open yet, each in the share of the device that brought it: whoever
 * sends seals of epochs that never come pushes out their own and nobody else's.
 */
import { toHex } from '../../base/bytes.ts';
import { prekeyIdBytes } from '../../protocol/epochs/prekey.ts';
import { limits } from '../../protocol/limits.ts';
import type { Seal } from '../../protocol/epochs/seal.ts';

export class PendingSeals {
  /** Source → epoch in hex → its seals; the oldest first. */
  readonly #bySource = new Map<string, Map<string, Seal[]>>();

  add(seal: Seal, source: string): void {
    const share = this.#bySource.get(source) ?? new Map<string, Seal[]>();
    this.#bySource.delete(source); // the most recent last
    this.#bySource.set(source, share);
    dropFirst(this.#bySource, limits.sealSourcesMax);
    const epochHex = toHex(seal.epochId);
    const seals = share.get(epochHex) ?? [];
    if (seals.length < limits.sealsPerEpochMax) share.set(epochHex, [...seals, seal]);
    dropFirst(share, limits.sealsWaitingMax);
  }

  /** By epoch in hex: what anybody brought. */
  byEpoch(): ReadonlyMap<string, ReadonlyArray<Seal>> {
    const all = new Map<string, Seal[]>();
    for (const share of this.#bySource.values()) {
      for (const [epochHex, seals] of share) {
        all.set(epochHex, [...(all.get(epochHex) ?? []), ...seals]);
      }
    }
    return all;
  }

  /** Prekeys, by id in hex, that boxes of epochs name which are not open. */
  boxIds(): ReadonlySet<string> {
    const boxes = [...this.byEpoch().values()].flat().flatMap((seal) => seal.boxes);
    return new Set(boxes.map((box) => toHex(box.subarray(0, prekeyIdBytes))));
  }

  /** It is open, or none of its seals is for us. */
  drop(epochHex: string): void {
    for (const [source, share] of this.#bySource) {
      share.delete(epochHex);
      if (share.size === 0) this.#bySource.delete(source);
    }
  }
}

const dropFirst = (map: Map<string, unknown>, sizeMax: number): void => {
  const first = map.size > sizeMax ? map.keys().next() : undefined;
  if (first?.done === false) map.delete(first.value);
};
