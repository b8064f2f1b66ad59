/** What is kept of the entries of a log, shown or not: messages, what was done to them, and names. */
import type { Annotation } from '../content/annotation.ts';
import type { Place, PlacedMessage } from './projection.ts';

/** A name that somebody took. */
export interface NameGiven {
  readonly place: Place;
  readonly identityHex: string;
  readonly name: string;
  readonly lamport: number;
}

export type PlacedAnnotation = Annotation & { readonly place: Place };

/** What of a log is for reading. */
export type Kept = PlacedMessage | PlacedAnnotation | NameGiven;

export const isMessage = (kept: Kept): kept is PlacedMessage => 'payload' in kept;
export const isAnnotation = (kept: Kept): kept is PlacedAnnotation => 'act' in kept;
export const isEdit = (kept: Kept): kept is PlacedAnnotation =>
  isAnnotation(kept) && kept.act.type === 'edit';

/** The message whose words lie there. */
export const worded = (kept: Kept): string | undefined => {
  if (isMessage(kept)) return kept.key;
  return isEdit(kept) ? kept.targetKey : undefined;
};

export interface KeptLog {
  readonly kept: Kept[];
  readonly isOwn: boolean;
  /** As it was when what is shown was put together. */
  limit: number;
}

/** Own words stay where they are: a device does not hide from its person what they wrote. */
export const isShown = ({ place }: Kept, { isOwn, limit }: KeptLog): boolean =>
  isOwn || place.seq <= limit;
