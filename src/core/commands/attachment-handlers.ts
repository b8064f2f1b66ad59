/** Commands about files beside the text of a message. */
import { err } from '../../base/result.ts';
import type { AttachmentCommand } from '../api.ts';
import type { Handlers } from './handlers.ts';

const notReady = () => Promise.resolve(err('not-ready' as const));

export const attachmentHandlers: Pick<Handlers, AttachmentCommand['type']> = {
  FetchAttachment: notReady,
  PauseAttachment: notReady,
  FreeAttachment: notReady,
  LoadPreview: notReady,
  ReadAttachment: notReady,
};
