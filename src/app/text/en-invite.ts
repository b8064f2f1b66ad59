/** The dialog that makes a link. */
import type { InviteView } from '../../core/api.ts';
import { lifeOf } from './common.ts';
import { inviteStages } from './en-states.ts';
import { counted, date } from './format.ts';

export const invite = {
  title: 'Invite',
  people: 'Invite people',
  withLink: 'Invite with a link',
  forDirect: 'This link starts a conversation between you and one person.',
  forGroup: (name: string): string => `This link lets people into ${name}.`,
  link: 'Invite link',
  making: 'Making the link',
  copy: 'Copy link',
  copied: 'Copied',
  copyFailed: 'This browser did not let Sotto copy. Select the link and copy it.',
  qr: 'Invite QR code',
  isOpen: 'Anyone with the link can join',
  asks: 'Anyone who gets this link can ask to join; you approve.',
  opens: 'Whoever gets this link is in without asking, also while nobody is online.',
  options: 'Options',
  history: 'What newcomers can read',
  histories: {
    none: 'Nothing from before',
    since: 'What is written once the link is made',
    all: 'Everything still on this device',
  },
  historyHint: 'Who came and went they always see.',
  historyOpen: 'Anyone with the link can read what you share through it.',
  level: 'They join as',
  uses: 'Who can use it',
  usesOf: (count: number): string =>
    count === 1 ? 'One person' : `Up to ${counted(count, 'person', 'people')}`,
  life: 'How long it works',
  lifeOf: (ms: number): string => {
    const { count, unit } = lifeOf(ms);
    return unit === 'hour' ? counted(count, 'hour', 'hours') : counted(count, 'day', 'days');
  },
  revoke: 'Revoke link',
  revoked: 'Revoked. The old link no longer works.',
  again: 'Make a new link',
  stage: (stage: InviteView['stage']): string => inviteStages[stage],
  expires: (atMs: number): string => `Works until ${date(atMs)}.`,
} as const;
