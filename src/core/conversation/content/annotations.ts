/**
 * All annotations of a conversation, by the message they are about: one that has not come yet, or
 * never will, as well. They are as many as their entries in the logs, which are bounded.
 */
import { concatBytes, utf8ToBytes } from '../../../base/bytes.ts';
import { hash } from '../../../crypto/hash.ts';
import { encodeCanonical } from '../../../protocol/cbor.ts';
import { compareOrdered } from '../reading/sorted.ts';
import type { Annotation } from './annotation.ts';
import { annotatedBy, annotatedToCbor, type Annotated } from './annotated.ts';

export class Annotations {
  /** Target → (author, mid) → the smallest claim to it. */
  readonly #byTarget = new Map<string, Map<string, Annotation>>();
  /** What follows, as long as nothing was added. */
  readonly #known = new Map<string, Annotated>();
  /** Of these a pin was said to be on or off. */
  readonly #pinned = new Set<string>();

  /** Of these a redaction is held, whether they have come or not. */
  readonly #redacted = new Set<string>();

  add(annotation: Annotation): void {
    const { targetKey, key, act } = annotation;
    const target = this.#byTarget.get(targetKey) ?? new Map<string, Annotation>();
    this.#byTarget.set(targetKey, target);
    const claim = target.get(key);
    if (claim !== undefined && compareOrdered(claim, annotation) <= 0) return;
    target.set(key, annotation);
    this.#known.delete(targetKey);
    if (act.type === 'pin') this.#pinned.add(targetKey);
    if (act.type === 'redact') this.#redacted.add(targetKey);
  }

  /** With what waits and is not added yet. */
  of(targetKey: string, waiting: ReadonlyArray<Annotation> = []): Annotated {
    const target = this.#byTarget.get(targetKey);
    if (waiting.length > 0) return annotatedBy([...(target?.values() ?? []), ...waiting]);
    const known = this.#known.get(targetKey) ?? annotatedBy(target?.values() ?? []);
    if (target !== undefined) this.#known.set(targetKey, known);
    return known;
  }

  /** Whatever the last word about it is. */
  get pinnedOnce(): ReadonlySet<string> {
    return this.#pinned;
  }

  isRedacted(targetKey: string): boolean {
    return this.#redacted.has(targetKey);
  }

  clear(): void {
    this.#byTarget.clear();
    this.#known.clear();
    this.#pinned.clear();
    this.#redacted.clear();
  }

  /** [PJ1] Equal for equal entries, whatever came first. */
  digest(): Uint8Array {
    const parts = [...this.#byTarget.keys()]
      .sort()
      .map((key) => concatBytes(utf8ToBytes(key), encodeCanonical(annotatedToCbor(this.of(key)))));
    return hash('sotto1/annotations', concatBytes(...parts));
  }
}
