/** What a message says now. */
import type { NamedInText } from '../../../protocol/content-payloads.ts';
import type { ProjectedMessage } from '../reading/projection.ts';
import type { Annotated } from './annotated.ts';

export interface Said {
  readonly text: string;
  readonly mentions: ReadonlyArray<NamedInText>;
  readonly isEdited: boolean;
}

/** Where it was not deleted. A poll is not edited: people have voted for what it says. */
export const saidIn = (message: ProjectedMessage, { edits }: Annotated): Said => {
  const edit = message.poll === undefined ? edits.at(-1)?.act : undefined;
  if (edit !== undefined) return { text: edit.text, mentions: edit.mentions, isEdited: true };
  const { text, mentions = [] } = message.payload;
  return { text, mentions, isEdited: false };
};
