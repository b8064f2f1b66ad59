/**
 * A conversation as files in one archive: `messages.txt` to read, `messages.json` for programs, and
 * what was shared in `files/`. What disappears is not taken along: it would stay. The messages are
 * written last, when it is known which files came out whole.
 */
import { utf8ToBytes } from '../../base/bytes.ts';
import type {
  CommandError,
  ConversationId,
  Core,
  MemberView,
  MessageItem,
} from '../../core/api.ts';
import type { ArchiveEntry } from '../../media/archive.browser.ts';
import { limits } from '../../protocol/limits.ts';
import { piecesOf, type MediaFile } from '../attachments/pieces.ts';
import { late } from '../text/late-words.ts';
import { t } from '../text/t.ts';
import { lineOf, recordOf, textOf, type InCopy } from './lines.ts';

/** What cannot be told any more: nothing of a copy counts then. */
export class CopyStopped extends Error {
  readonly reason: CommandError | 'called-off';

  constructor(reason: CommandError | 'called-off') {
    super(reason);
    this.reason = reason;
  }
}

export interface Copied {
  readonly conversationId: ConversationId;
  readonly name: string;
  readonly members: ReadonlyArray<MemberView>;
  readonly nowMs: number;
}

export interface CopiedFile extends MediaFile {
  readonly path: string;
}

/** What a copy would hold, counted before it is written. */
export interface CopyPlan {
  readonly messageCount: number;
  readonly disappearingCount: number;
  readonly missingCount: number;
  readonly files: ReadonlyMap<string, CopiedFile>;
  readonly fileBytes: number;
}

async function* pagesOf(core: Core, conversationId: ConversationId) {
  let from: string | undefined;
  do {
    const page = await core.execute({ type: 'ReadMessages', conversationId, from });
    if (!page.ok) throw new CopyStopped(page.error);
    yield page.value.items;
    from = page.value.next;
  } while (from !== undefined);
}

const isStaying = ({ disappearing }: MessageItem): boolean => disappearing === undefined;

/** [XP2] No two are called alike, whatever their senders called them; what it ends with stays. */
const pathFor = (count: number, name: string): string => {
  const number = String(count).padStart(4, '0');
  const letters = Array.from(name);
  while (utf8ToBytes(letters.join('')).length + number.length + 1 > limits.fileNameBytesMax) {
    letters.shift();
  }
  return `files/${number} ${letters.join('')}`;
};

export const planCopy = async (core: Core, conversationId: ConversationId): Promise<CopyPlan> => {
  const files = new Map<string, CopiedFile>();
  const missing = new Set<string>();
  const counts = { messageCount: 0, disappearingCount: 0, fileBytes: 0 };
  for await (const items of pagesOf(core, conversationId)) {
    const staying = items.filter(isStaying);
    counts.messageCount += staying.length;
    counts.disappearingCount += items.length - staying.length;
    for (const { key, attachments } of staying) {
      for (const view of attachments) {
        if (view.state.kind !== 'here') missing.add(view.id);
        if (view.state.kind !== 'here' || files.has(view.id)) continue;
        files.set(view.id, { conversationId, key, view, path: pathFor(files.size + 1, view.name) });
        counts.fileBytes += view.sizeBytes;
      }
    }
  }
  return { ...counts, files, missingCount: missing.size };
};

export interface CopyProgress {
  readonly onBytes: (count: number) => void;
  /** A file that could not be read to its end. */
  readonly onBroken: () => void;
  readonly isCalledOff: () => boolean;
}

async function* contentOf(core: Core, file: CopiedFile, progress: CopyProgress) {
  for await (const { bytes } of piecesOf(core, file)) {
    if (progress.isCalledOff()) throw new CopyStopped('called-off');
    if (!bytes.ok) {
      progress.onBroken();
      return;
    }
    progress.onBytes(bytes.value.length);
    yield bytes.value;
  }
}

async function* encoded(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  for await (const line of lines) yield encoder.encode(line);
}

interface Writing {
  readonly core: Core;
  readonly copied: Copied;
  readonly inCopy: InCopy;
  readonly progress: CopyProgress;
}

async function* stayingOf({ core, copied, progress }: Writing) {
  for await (const items of pagesOf(core, copied.conversationId)) {
    if (progress.isCalledOff()) throw new CopyStopped('called-off');
    yield items.filter(isStaying);
  }
}

async function* jsonOf(writing: Writing): AsyncGenerator<string> {
  const { name, members, nowMs } = writing.copied;
  const about = {
    conversation: name,
    copiedAt: new Date(nowMs).toISOString(),
    members: members.map(({ person, level }) => ({ name: person.name, id: person.id, level })),
  };
  yield `${JSON.stringify(about, undefined, 2).slice(0, -2)},\n  "messages": [`;
  let comma = '';
  for await (const items of stayingOf(writing)) {
    for (const item of items) {
      yield `${comma}\n    ${JSON.stringify(recordOf(item, writing.inCopy))}`;
      comma = ',';
    }
  }
  yield '\n  ]\n}\n';
}

async function* linesOf(writing: Writing): AsyncGenerator<string> {
  const { name, members, nowMs } = writing.copied;
  const names = members.map(({ person }) => lineOf(person.name));
  const words = late().export;
  const when = `${t.format.date(nowMs)} ${t.format.clock(nowMs)}`;
  yield `${lineOf(name)}\n${words.made(when)}\n${words.people(names.join(', '))}\n\n`;
  for await (const items of stayingOf(writing)) {
    for (const item of items) yield textOf(item, writing.inCopy);
  }
}

/** [XP1] Everything of the copy, in the order in which it is written. */
export async function* entriesOf(
  core: Core,
  { copied, plan, progress }: { copied: Copied; plan: CopyPlan; progress: CopyProgress },
): AsyncGenerator<ArchiveEntry> {
  const broken = new Set<string>();
  for (const file of plan.files.values()) {
    const onBroken = (): void => {
      broken.add(file.view.id);
      progress.onBroken();
    };
    yield { path: file.path, content: contentOf(core, file, { ...progress, onBroken }) };
  }
  const inCopy: InCopy = ({ id }) => {
    const path = plan.files.get(id)?.path;
    return path === undefined ? undefined : { path, isWhole: !broken.has(id) };
  };
  const writing = { core, copied, inCopy, progress };
  yield { path: 'messages.json', content: encoded(jsonOf(writing)) };
  yield { path: 'messages.txt', content: encoded(linesOf(writing)) };
}
