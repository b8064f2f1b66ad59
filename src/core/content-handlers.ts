/** What a person does with messages: edits, reactions, polls, pins. */
import { err } from '../base/result.ts';
import type { Handlers } from './handlers.ts';

type ContentHandlers = Pick<
  Handlers,
  | 'EditMessage'
  | 'DeleteMessages'
  | 'React'
  | 'Pin'
  | 'Vote'
  | 'CreatePoll'
  | 'Forward'
  | 'Resend'
  | 'ShowVersions'
  | 'OpenThread'
  | 'CloseThread'
  | 'SetTimer'
>;

export const contentHandlers = (): ContentHandlers => {
  const later = (): Promise<{ ok: false; error: 'not-ready' }> => Promise.resolve(err('not-ready'));
  return {
    EditMessage: later,
    DeleteMessages: later,
    React: later,
    Pin: later,
    Vote: later,
    CreatePoll: later,
    Forward: later,
    Resend: later,
    ShowVersions: later,
    OpenThread: later,
    CloseThread: later,
    SetTimer: later,
  };
};
