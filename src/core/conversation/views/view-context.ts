/** Who is meant, in the words of core/api.ts, and what a view needs to know beside it. */
import type { Manifest } from '../../../protocol/blobs/manifest.ts';
import type { AttachmentState } from '../../api.ts';
import type { Settings } from '../../vault/settings.ts';
import type { Conversation } from '../conversation.ts';

/** What a view needs to know beside the conversation. */
export interface ViewContext {
  readonly ownHex: string;
  readonly ownName: string;
  readonly settings: Settings;
  /** Some conversation knows a device of theirs. */
  readonly isReachable: (identityHex: string) => boolean;
  /** All that are on this device. */
  readonly conversations: () => ReadonlyArray<Conversation>;
  /** What is here of a file, and where the rest comes from. */
  readonly attachmentState: (conversationId: string, manifest: Manifest) => AttachmentState;
  /** Own ones that nobody else has; undefined: not known yet. */
  readonly filesOnlyHere: (conversation: Conversation) => number | undefined;
  readonly nowMs: number;
  readonly isOnline: boolean;
  /** The best state of any relay, and when the next attempt is. */
  readonly relay: 'up' | 'connecting' | 'unreachable' | 'none';
  readonly retryMs: number | undefined;
}

/** Everybody but this person. */
export const otherMembers = (
  conversation: Pick<Conversation, 'membership'>,
  ownHex: string,
): ReadonlyArray<string> =>
  [...conversation.membership.view.levels.keys()].filter((identityHex) => identityHex !== ownHex);

/** Times far off are shown at the edge of what can be true (PROTOCOL §5). */
const earliestMs = 1_577_836_800_000; // 2020-01-01
const aheadMaxMs = 5 * 60_000;

export const clampSentAt = (sentAtMs: number, nowMs: number): number =>
  Math.min(Math.max(sentAtMs, earliestMs), nowMs + aheadMaxMs);
