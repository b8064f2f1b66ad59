/** What views read of a conversation: of a whole one, or of the past that another grew out of. */
import type { Conversation } from '../conversation.ts';

export type Shown = Pick<
  Conversation,
  | 'attention'
  | 'delivery'
  | 'deviceHex'
  | 'epochs'
  | 'erasing'
  | 'fold'
  | 'hidden'
  | 'id'
  | 'identityOf'
  | 'isMember'
  | 'kind'
  | 'limits'
  | 'membership'
  | 'nameOf'
  | 'profiles'
  | 'projection'
  | 'readable'
>;
