/** How long messages stay that are written in a conversation now (PROTOCOL §9). */
import { err, ok, type Result } from '../../../base/result.ts';
import { encodeSettings } from '../../../protocol/content-payloads.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Policy } from '../../../protocol/membership/op-bodies.ts';
import type { CommandError } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import { setKeepMs } from '../membership/acts.ts';
import { say, type Speaker } from './say.ts';

/**
 * [TI1] Of a group the policy says it, which owners make; elsewhere there is no policy, and the last
 * word of either person holds.
 */
export const timerOf = (conversation: Conversation): number | undefined => {
  const { kind, membership, readable, opening } = conversation;
  if (kind === 'group') return timerIn(membership.view.policy);
  const { timer } = readable;
  const isLast = timer === undefined ? !opening.isUnderWay : opening.isReadFrom(timer);
  return isLast ? timer?.act.timerMs : opening.knownTimerMs;
};

/** Whatever an owner's program wrote, what is sent can be read. */
export const timerIn = ({ keepMs }: Policy): number | undefined =>
  keepMs === null ? undefined : Math.min(Math.max(keepMs, limits.timerMinMs), limits.timerMaxMs);

/** Undefined: messages stay. */
export const setTimer = async (
  conversation: Conversation,
  timerMs: number | undefined,
  speaker: Speaker,
): Promise<Result<undefined, CommandError>> => {
  const isFine =
    timerMs === undefined ||
    (Number.isInteger(timerMs) && timerMs >= limits.timerMinMs && timerMs <= limits.timerMaxMs);
  if (!isFine) return err('not-allowed');
  if (timerOf(conversation) === timerMs) return ok(undefined);
  const keepMs = timerMs ?? null;
  if (conversation.kind === 'group') {
    return setKeepMs(conversation, { ownId: speaker.ownId, keepMs });
  }
  const payload = encodeSettings({ timerMs: keepMs });
  const said = await say(conversation, ok({ type: 'settings', payload }), speaker);
  return said.ok ? ok(undefined) : said;
};
