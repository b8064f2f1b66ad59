/** Commands about which files come by themselves: everywhere, and in one conversation. */
import { err } from '../../base/result.ts';
import { keptRules } from '../vault/fetch-rules.ts';
import type { HandlerDeps, Handlers } from './handlers.ts';

export const fetchingHandlers = (
  deps: HandlerDeps,
): Pick<Handlers, 'SetFetching' | 'SetFetchRules'> => ({
  SetFetching: ({ fetching: { rules: chosen, treatAsMetered } }) =>
    deps.inSession(async ({ settings, attachments }) => {
      const rules = keptRules(chosen);
      if (rules === undefined) return err('not-allowed');
      const saved = await settings.setFetching({ rules, treatAsMetered });
      attachments.rulesChanged();
      return saved.ok ? saved : deps.refused(saved.error);
    }),
  SetFetchRules: ({ conversationId, rules }) =>
    deps.inConversation(conversationId, async (conversation, { attachments }) => {
      const { notes } = conversation;
      const before = notes.fetchRules;
      const kept = rules && keptRules(rules);
      if (rules !== undefined && kept === undefined) return err('not-allowed');
      notes.fetchRules = kept;
      const saved = await notes.save();
      if (!saved.ok) notes.fetchRules = before;
      attachments.changed(conversation);
      return saved.ok ? saved : deps.refused(saved.error);
    }),
});
