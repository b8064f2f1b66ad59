/** What sentences about who has a message are made from; the same in every language. */
import type { Holding, MessageDetails, Person, PersonHolding } from '../../core/api.ts';

const hasIt = ({ devices }: PersonHolding): boolean =>
  devices.some(({ holding }) => holding === 'has');

export interface OthersHolding {
  /** One of those who have it. */
  readonly first: Person;
  readonly moreCount: number;
  readonly waitingCount: number;
  readonly othersCount: number;
}

/** People, who are what counts (UX.md §B3); undefined while nobody else has it. */
export const othersHolding = ({ holders }: MessageDetails): OthersHolding | undefined => {
  const others = holders.filter(({ person }) => !person.isMe);
  const [first, ...more] = others.filter(hasIt);
  if (first === undefined) return undefined;
  return {
    first: first.person,
    moreCount: more.length,
    waitingCount: others.length - more.length - 1,
    othersCount: others.length,
  };
};

/** Of the devices it is meant for, this one aside; undefined where there is none. */
export const devicesHolding = ({
  holders,
}: MessageDetails): { readonly haveCount: number; readonly meantCount: number } | undefined => {
  const meant = holders
    .flatMap(({ devices }) => devices)
    .filter(({ isThis, holding }) => !isThis && holding !== 'not-meant');
  if (meant.length === 0) return undefined;
  const haveCount = meant.filter(({ holding }) => holding === 'has').length;
  return { haveCount, meantCount: meant.length };
};

export const holdingOf = (holder: PersonHolding): Holding | 'no-device' => {
  if (holder.devices.length === 0) return 'no-device';
  if (hasIt(holder)) return 'has';
  return holder.devices.every(({ holding }) => holding === 'not-meant') ? 'not-meant' : 'waiting';
};
