/** Chunks of files at one relay's mailbox: questions and answers, checked for what was asked. */
import type { RelayAddress } from '../../network/port.ts';
import { limits } from '../../protocol/limits.ts';
import {
  decodeChunkReply,
  encodeChunkRequest,
  type ChunkReply,
  type ChunkRequest,
  type LeaveOutcome,
} from '../../protocol/mailbox-chunks.ts';
import type { CoreDeps } from '../deps.ts';

type Ids = ReadonlyArray<Uint8Array>;

export class ChunkMailbox {
  readonly #network: Pick<CoreDeps['network'], 'askMailbox'>;
  readonly #relay: RelayAddress;
  /** It keeps no files: not asked again while it is up. */
  isAbsent = false;

  constructor(network: Pick<CoreDeps['network'], 'askMailbox'>, relay: RelayAddress) {
    this.#network = network;
    this.#relay = relay;
  }

  /** Those it lacks; undefined: it does not say. */
  async lacking(mailboxId: Uint8Array, ids: Ids): Promise<ReadonlySet<number> | undefined> {
    const lacking = new Set<number>();
    for (let at = 0; at < ids.length; at += limits.mailboxChunkIdsMax) {
      const part = ids.slice(at, at + limits.mailboxChunkIdsMax);
      const reply = await this.#ask({ t: 'hold', mailboxId, ids: part });
      if (reply?.t !== 'holds' || reply.held.length !== part.length) return undefined;
      for (const [i, isHeld] of reply.held.entries()) if (!isHeld) lacking.add(at + i);
    }
    return lacking;
  }

  /** In the order of the first of these; empty where it has none. */
  async take(mailboxId: Uint8Array, ids: Ids): Promise<Ids | undefined> {
    const asked = ids.slice(0, limits.mailboxChunksTakenMax);
    const reply = await this.#ask({ t: 'take', mailboxId, ids: asked });
    return reply?.t === 'chunks' && reply.chunks.length === asked.length ? reply.chunks : undefined;
  }

  async leave(leave: Omit<Extract<ChunkRequest, { t: 'leave' }>, 't'>): Promise<LeaveOutcome> {
    const reply = await this.#ask({ ...leave, t: 'leave' });
    return reply?.t === 'left' ? reply.outcome : 'refused';
  }

  async drop(mailboxId: Uint8Array, secret: Uint8Array, ids: Ids): Promise<void> {
    await this.#ask({ t: 'drop', mailboxId, secret, ids });
  }

  async #ask(request: ChunkRequest): Promise<ChunkReply | undefined> {
    const answer = await this.#network.askMailbox(this.#relay, encodeChunkRequest(request));
    const reply = answer && decodeChunkReply(answer);
    if (reply?.ok !== true) return undefined;
    if (reply.value.t === 'refused' && reply.value.why === 'malformed') this.isAbsent = true;
    return reply.value;
  }
}
