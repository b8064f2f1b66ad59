/**
 * Frames of `/sotto/mailbox/1` (PROTOCOL §7), for both ends: one request, one reply, on a stream
 * that stays open. Deterministic CBOR maps with a `t`; every decoder is total. Entries are canonical
 * Yjs V1 and go through the gate at either end.
 *
 * poll    marks of mailboxes; answered with `marks`: where one differs, something was written
 * get     what I hold of one mailbox; answered with `held`: its rows, and entries I lack
 * put     entries, and for new writers the certificates that let them in; answered with `stored`,
 *         which says what lies there durably by then
 */
import {
  arrayUpTo,
  booleanOf,
  bytesOf,
  bytesUpTo,
  decoderOf,
  encodeCanonical,
  intIn,
  naturalOf,
  oneOf,
  type Readers,
  recordOf,
  textUpTo,
  tupleOf,
} from './cbor.ts';
import { limits } from './limits.ts';
import { readRow, rowToCbor, type Row } from './row.ts';

/** Grows with every write into the mailbox; 0 where nothing is kept. */
export type Mark = number;

/** How much of a writer's log somebody holds. */
export interface Held {
  readonly writerPub: Uint8Array;
  readonly nextSeq: number;
}

export interface WriterCert {
  readonly writerPub: Uint8Array;
  readonly cert: Uint8Array;
}

export type MailboxRequest =
  | { readonly t: 'poll'; readonly mailboxIds: ReadonlyArray<Uint8Array> }
  | { readonly t: 'get'; readonly mailboxId: Uint8Array; readonly held: ReadonlyArray<Held> }
  | {
      readonly t: 'put';
      readonly mailboxId: Uint8Array;
      readonly admitPub: Uint8Array;
      readonly certs: ReadonlyArray<WriterCert>;
      readonly update: Uint8Array;
    };

/** Why a request was not looked at. */
const refusals = ['malformed', 'no-reservation', 'too-often', 'failed'] as const;
/** What became of a `put`: all of it lies there; a quota is used up; some of it may not lie there. */
const outcomes = ['stored', 'full', 'refused'] as const;

export type MailboxRefusal = (typeof refusals)[number];
export type PutOutcome = (typeof outcomes)[number];

export type MailboxReply =
  | { readonly t: 'marks'; readonly marks: ReadonlyArray<Mark> }
  | {
      readonly t: 'held';
      readonly mark: Mark;
      readonly rows: ReadonlyArray<Row>;
      readonly update: Uint8Array;
      /** Nothing is left to fetch after this. */
      readonly isComplete: boolean;
    }
  | {
      readonly t: 'stored';
      readonly mark: Mark;
      readonly rows: ReadonlyArray<Row>;
      readonly outcome: PutOutcome;
    }
  | { readonly t: 'refused'; readonly why: MailboxRefusal };

const tag = textUpTo(8);
const id = bytesOf(32);
const rows = arrayUpTo(limits.mailboxWritersMax, readRow);
const update = bytesUpTo(limits.mailboxUpdateBytesMax);

const readPoll = recordOf({ t: tag, ids: arrayUpTo(limits.mailboxesPolledMax, id) });
const readGet = recordOf({
  t: tag,
  id,
  held: arrayUpTo(limits.syncRowsMax, tupleOf(id, intIn(1, limits.seqMax))),
});
const readPut = recordOf({
  t: tag,
  id,
  admit: id,
  certs: arrayUpTo(limits.mailboxWritersMax, tupleOf(id, bytesOf(64))),
  update,
});

const requestReaders: Readers<MailboxRequest> = {
  poll: (map) => {
    const fields = readPoll(map);
    return fields && { t: 'poll', mailboxIds: fields.ids };
  },
  get: (map) => {
    const fields = readGet(map);
    const held = fields?.held.map(([writerPub, nextSeq]) => ({ writerPub, nextSeq }));
    return fields && held && { t: 'get', mailboxId: fields.id, held };
  },
  put: (map) => {
    const fields = readPut(map);
    if (fields === undefined) return undefined;
    const certs = fields.certs.map(([writerPub, cert]) => ({ writerPub, cert }));
    const { id: mailboxId, admit: admitPub } = fields;
    return { t: 'put', mailboxId, admitPub, certs, update: fields.update };
  },
};

const readMarks = recordOf({ t: tag, marks: arrayUpTo(limits.mailboxesPolledMax, naturalOf) });
const readHeld = recordOf({ t: tag, mark: naturalOf, rows, update, all: booleanOf });
const readStored = recordOf({ t: tag, mark: naturalOf, rows, outcome: oneOf(...outcomes) });
const readRefused = recordOf({ t: tag, why: oneOf(...refusals) });

const replyReaders: Readers<MailboxReply> = {
  marks: (map) => {
    const fields = readMarks(map);
    return fields && { ...fields, t: 'marks' };
  },
  held: (map) => {
    const fields = readHeld(map);
    if (fields === undefined) return undefined;
    const { all: isComplete, ...held } = fields;
    return { ...held, t: 'held', isComplete };
  },
  stored: (map) => {
    const fields = readStored(map);
    return fields && { ...fields, t: 'stored' };
  },
  refused: (map) => {
    const fields = readRefused(map);
    return fields && { ...fields, t: 'refused' };
  },
};

export const encodeMailboxRequest = (request: MailboxRequest): Uint8Array => {
  const { t } = request;
  switch (t) {
    case 'poll':
      return encodeCanonical({ t, ids: request.mailboxIds });
    case 'get': {
      const held = request.held.map(({ writerPub, nextSeq }) => [writerPub, nextSeq]);
      return encodeCanonical({ t, id: request.mailboxId, held });
    }
    case 'put':
      return encodeCanonical({
        t,
        id: request.mailboxId,
        admit: request.admitPub,
        certs: request.certs.map(({ writerPub, cert }) => [writerPub, cert]),
        update: request.update,
      });
  }
};

export const encodeMailboxReply = (reply: MailboxReply): Uint8Array => {
  switch (reply.t) {
    case 'marks':
    case 'refused':
      return encodeCanonical({ ...reply });
    case 'held': {
      const { isComplete, rows, ...rest } = reply;
      return encodeCanonical({ ...rest, rows: rows.map(rowToCbor), all: isComplete });
    }
    case 'stored':
      return encodeCanonical({ ...reply, rows: reply.rows.map(rowToCbor) });
  }
};

/** [MB2] Total. */
export const decodeMailboxRequest = decoderOf(limits.mailboxFrameBytesMax, requestReaders);

/** [MB2] Total. */
export const decodeMailboxReply = decoderOf(limits.mailboxFrameBytesMax, replyReaders);
