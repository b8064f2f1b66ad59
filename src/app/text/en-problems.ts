/** What went wrong, each with what it means for the person and what they can do. */
import type { CommandError, InviteProblem, Trouble } from '../../core/api.ts';

export const inviteProblems: Record<InviteProblem, string> = {
  mangled: 'This is not a whole invite link. Ask for it again, or copy all of it.',
  'newer-version': 'This invite was made by a newer Sotto. Reload this page to get it.',
  expired: 'This invite has run out. Ask for a new one.',
  own: 'This is your own invite. Give it to somebody else: they open it on their device.',
  'already-member': 'You are in this conversation already. It is in your list.',
  revoked: 'This invite was taken back. Ask for a new one.',
};

export const commandErrors: Record<CommandError, string> = {
  ...inviteProblems,
  'not-ready': 'Sotto is not ready for that yet. Try again in a moment.',
  'unknown-conversation': 'This conversation is not on this device.',
  'unknown-invite': 'This invite is no longer there.',
  'unknown-request': 'This request is no longer there.',
  'unknown-message': 'This message is no longer shown here.',
  'unknown-person': 'This person is not in the conversation any more.',
  empty: 'Write something first.',
  'too-long': 'This is too long. Make it shorter, or write it in several messages.',
  'file-not-here': 'A file in it is not on this device. Fetch it first, then forward it.',
  'bad-stickers': 'This is not a sticker pack that can be used.',
  'bad-picture': 'This picture cannot be used. Try another one.',
  'bad-address': 'This is not a relay address. It looks like /dns4/relay.example/tcp/443/wss/p2p/…',
  'too-many': 'That is as many as this device can keep. Remove one first.',
  'not-allowed': 'You may not do that in this conversation.',
  'disk-full': 'Not saved: this device is out of space. Free some, then try again.',
  'storage-failed': 'Not saved: the browser’s storage failed. Reload this page and try again.',
  'conversation-failed':
    'This conversation was stopped after an error; what is stored is untouched.',
  busy: 'Too much at once. Try again in a moment.',
};

export const troubles: Record<Trouble, string> = {
  'disk-full':
    'This device is out of space. You can read everything; new messages are saved again when space is free.',
  'storage-open-failed':
    'Sotto could not open its data in this browser. A private window or strict settings can cause it. Nothing was changed.',
  'storage-blocked':
    'Another tab with an older Sotto holds the data. Close the other tabs, then reload this one.',
  'storage-newer':
    'The data here was written by a newer Sotto. Reload this page to get it; nothing was changed.',
  'storage-failed':
    'The browser’s storage failed. What you see is safe; reload this page before you write more.',
  'storage-lost':
    'The browser has cleared data that was here. Others in your conversations still hold what they received.',
  'core-failed':
    'A part of Sotto did not load. Check the connection, then reload this page. What is stored is untouched.',
  'no-webrtc': 'This browser has no WebRTC, so messages go through a relay instead of directly.',
};
