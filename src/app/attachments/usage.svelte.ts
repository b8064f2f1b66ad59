import type {
  CommandError,
  ConversationId,
  Core,
  FileUsage,
  FreeableFiles,
} from '../../core/api.ts';

/** What would go and what would stay, of one conversation or of all. */
export interface FreeingPlan {
  /** Those that most devices have first. */
  readonly freeable: ReadonlyArray<FreeableFiles>;
  readonly freedBytes: number;
  readonly stayingCount: number;
  readonly stayingBytes: number;
}

const sumOf = <T>(items: ReadonlyArray<T>, numberOf: (item: T) => number): number =>
  items.reduce((sum, item) => sum + numberOf(item), 0);

const planOf = (usages: ReadonlyArray<FileUsage>): FreeingPlan => {
  const all = usages.flatMap(({ freeable }) => freeable);
  const freeable = ([2, 1, 0] as const).flatMap((deviceCount) => {
    const held = all.filter((each) => each.deviceCount === deviceCount);
    const count = sumOf(held, (each) => each.count);
    return count === 0
      ? []
      : [{ deviceCount, count, sizeBytes: sumOf(held, (each) => each.sizeBytes) }];
  });
  const freedBytes = sumOf(freeable, ({ sizeBytes }) => sizeBytes);
  return {
    freeable,
    freedBytes,
    stayingCount: sumOf(usages, ({ count }) => count) - sumOf(freeable, ({ count }) => count),
    stayingBytes: sumOf(usages, ({ sizeBytes }) => sizeBytes) - freedBytes,
  };
};

/** What files take of this device, all of them and not those on the screen. */
export class UsageState {
  /** Undefined: not counted yet. */
  all = $state.raw<ReadonlyArray<FileUsage> | undefined>(undefined);
  problem = $state<CommandError | undefined>(undefined);
  isBusy = $state(false);
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  readonly refresh = async (): Promise<void> => {
    const measured = await this.#core.execute({ type: 'MeasureFiles' });
    this.problem = measured.ok ? undefined : measured.error;
    if (measured.ok) this.all = measured.value;
  };

  readonly of = (id: ConversationId): FileUsage | undefined =>
    this.all?.find(({ conversationId }) => conversationId === id);

  /** Undefined: of all. */
  readonly plan = (id: ConversationId | undefined): FreeingPlan =>
    planOf(
      (this.all ?? []).filter(({ conversationId }) => id === undefined || conversationId === id),
    );

  /** True when it is done. */
  readonly free = async (id: ConversationId | undefined): Promise<boolean> => {
    this.isBusy = true;
    const freed = await this.#core.execute({ type: 'FreeFiles', of: id });
    this.isBusy = false;
    if (freed.ok) await this.refresh();
    this.problem = freed.ok ? this.problem : freed.error;
    return freed.ok;
  };
}
