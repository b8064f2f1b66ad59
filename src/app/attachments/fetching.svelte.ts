import type {
  CommandError,
  ConversationId,
  Core,
  FetchRules,
  FetchSettings,
} from '../../core/api.ts';
import { limits } from '../../protocol/limits.ts';

/** Of one file that comes by itself: what can be chosen. */
export const fetchSizes: ReadonlyArray<number> = [
  limits.autoFetchBytesMax,
  10_000_000,
  50_000_000,
  200_000_000,
];

export const fetchKinds: FetchRules['kinds'] = ['image', 'voice', 'video', 'file'];

/** What comes to this device by itself: everywhere, and in one conversation. */
export class FetchingState {
  problem = $state<CommandError | undefined>(undefined);
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  readonly setAll = async ({ rules, treatAsMetered }: FetchSettings): Promise<void> => {
    const fetching = { rules, treatAsMetered };
    const result = await this.#core.execute({ type: 'SetFetching', fetching });
    this.problem = result.ok ? undefined : result.error;
  };

  readonly setOwn = async (
    conversationId: ConversationId,
    rules: FetchRules | undefined,
  ): Promise<void> => {
    const result = await this.#core.execute({ type: 'SetFetchRules', conversationId, rules });
    this.problem = result.ok ? undefined : result.error;
  };
}
