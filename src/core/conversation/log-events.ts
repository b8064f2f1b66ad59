/** What a conversation makes of the logs it holds: who may write, what a bind says, what entries bring. */
import { toHex } from '../../base/bytes.ts';
import type { Bind } from '../../protocol/epochs/bind.ts';
import type { ForkEvidence } from '../../replication/gate.ts';
import type { Epoch, OpenedEntry } from '../epochs/epoch.ts';
import type { LogDeps } from '../epochs/epoch-logs.ts';
import type { Arrival, LogHost } from '../epochs/log-host.ts';
import type { Conversation } from './conversation.ts';
import type { DeliveryKeeper } from './delivery-keeper.ts';
import type { Testimony } from './membership/testimony.ts';
import { ownBindContent } from './reading/own-closings.ts';
import type { Reader } from './reading/reader.ts';

/** Parts that only the conversation has; all are there before the first log is opened. */
export interface LogEventsInput {
  readonly conversation: Conversation;
  readonly reader: () => Reader;
  readonly testimony: () => Testimony;
  readonly deliveries: () => DeliveryKeeper;
}

export class LogEvents implements LogHost {
  readonly #deps: LogDeps;
  readonly #input: LogEventsInput;

  constructor(deps: LogDeps, input: LogEventsInput) {
    this.#deps = deps;
    this.#input = input;
  }

  greatestLamport(): number {
    return this.#input.conversation.greatestLamport();
  }

  mayWrite(epoch: Epoch, devSignPub: Uint8Array): boolean {
    return this.#authorHex(epoch, devSignPub) !== undefined;
  }

  bindContent(epoch: Epoch): ReturnType<LogHost['bindContent']> {
    return ownBindContent(this.#input.conversation, epoch, this.#deps.me.device.publicKey);
  }

  onBind(epoch: Epoch, bind: Bind): void {
    const { conversation } = this.#input;
    const identityHex = this.#authorHex(epoch, bind.devSignPub);
    if (identityHex !== undefined) conversation.limits.noteBind(epoch, bind, identityHex);
    conversation.epochs.bundles.note(bind.devSignPub, bind.prekeyBundle);
    this.#input.testimony().forks.onBind(epoch, bind);
  }

  onFork(epoch: Epoch, evidence: ForkEvidence): void {
    this.#input.testimony().forks.onFork(epoch, evidence);
  }

  forkSeq(epoch: Epoch, writerPub: Uint8Array): number | undefined {
    return this.#input.reader().forkSeq(epoch, writerPub);
  }

  onEntry(entry: OpenedEntry, arrival: Arrival): void {
    const { conversation } = this.#input;
    this.#input.deliveries().onEntry(entry);
    const authorHex = this.#authorHex(entry.epoch, entry.devSignPub);
    if (authorHex !== undefined) {
      if (arrival !== 'own') conversation.offers.note(entry, authorHex);
      conversation.attention.note(entry, authorHex);
      conversation.profiles.note(entry, authorHex);
      if (arrival === 'live' && entry.body.type === 'text') {
        conversation.signals.stopped(authorHex);
      }
    }
    this.#input.reader().onEntry(entry, arrival);
  }

  #authorHex(epoch: Epoch, devSignPub: Uint8Array): string | undefined {
    return this.#input.conversation.epochs.recipients(epoch).get(toHex(devSignPub));
  }
}
