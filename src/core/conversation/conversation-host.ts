/** Whom a conversation tells of what happened in it. */
import type { Epoch } from '../epochs/epoch.ts';
import type { AppendFailure } from '../epochs/epoch-logs.ts';
import type { Scope } from '../scope.ts';
import type { Settings } from '../vault/settings.ts';
import type { Conversation } from './conversation.ts';
import type { ProjectedMessage } from './reading/projection.ts';

/** What a conversation tells the core. */
export interface ConversationHost {
  /** What this person has settled for all conversations. */
  readonly settings: Settings;
  /** Entries or operations were added: whoever is at hand should hear. */
  changed(scope: Scope, epoch: Epoch | undefined, cause: 'own' | 'received'): void;
  /** What holds for a moment goes to those at the other ends of links. */
  signal(scope: Scope, frame: Uint8Array): void;
  /** It can be found under other epochs than before. */
  offersChanged(): void;
  /** Something that is shown may have changed. */
  shown(conversation: Conversation): void;
  /** Who is at hand has changed, or what they hold: nothing of what was said. */
  peersShown(conversation: Conversation): void;
  /** Somebody else's message came in while we watched. */
  arrived(conversation: Conversation, message: ProjectedMessage): void;
  /** An operation of membership came: invites may have come or gone. */
  membershipChanged(conversation: Conversation): void;
  /** Somebody wrote of a new group, perhaps with this device in it. */
  offered(conversation: Conversation): void;
  failed(conversation: Conversation, failure: AppendFailure): void;
}
