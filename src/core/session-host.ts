/** What a session is given, and whom it tells. */
import type { Conversation } from './conversation/conversation.ts';
import type { ProjectedMessage } from './conversation/reading/projection.ts';
import type { CoreFailure } from './failures.ts';
import type { Relays } from './sync/relays.ts';
import type { Settings } from './vault/settings.ts';

export interface SessionHost {
  /** Something of this conversation that is shown may have changed; undefined: of the rest. Told soon, or within so long. */
  shown(conversation: Conversation | undefined, withinMs?: number): void;
  /** The same, without its messages. */
  peersShown(conversation: Conversation): void;
  /** It was opened: what the list says of it is known now. */
  opened(conversation: Conversation): void;
  arrived(conversation: Conversation, message: ProjectedMessage): void;
  failed(failure: CoreFailure): void;
}

export interface SessionInput {
  readonly host: SessionHost;
  readonly relays: Relays;
  readonly settings: Settings;
}
