/**
 * What this device has seen of others and says to everybody: two histories of one device, keys that
 * do not open. Operations that only say so need no epoch of their own.
 */
import { ok, type Result } from '../../../base/result.ts';
import { encodeSeal } from '../../../protocol/epochs/seal.ts';
import { Complaints } from '../../epochs/complaints.ts';
import { ForkWitness } from './fork-witness.ts';
import type { OpBody } from '../../../protocol/membership/ops.ts';
import { encodeControl } from '../../../protocol/payload.ts';
import type { Epoch } from '../../epochs/epoch.ts';
import type { AppendFailure, LogDeps } from '../../epochs/epoch-logs.ts';
import type { Conversation } from '../conversation.ts';

/** Inside the queue: signs it and puts it into our log of this epoch, in one transaction. */
const tell = async (
  conversation: Conversation,
  epoch: Epoch,
  body: OpBody,
): Promise<Result<unknown, AppendFailure>> => {
  const { membership, logs } = conversation;
  const op = await membership.author(body);
  const { writes, stored } = membership.writes();
  const control = conversation.content('control', encodeControl(op.bytes));
  const told = await logs.append(epoch, [control], writes);
  if (told.ok) stored();
  return told;
};

/** Inside the queue: hands the secret of an epoch to devices that complained, in a log they read. */
const resealAll = async (
  conversation: Conversation,
  complaints: Complaints,
): Promise<Result<unknown, AppendFailure>> => {
  const { epochs, logs } = conversation;
  for (const { epoch, devSignPub, within, key } of complaints.reseals()) {
    const seal = await epochs.handOver.sealFor(epoch, devSignPub);
    if (seal === undefined) continue;
    const appended = await logs.append(within, [conversation.content('seal', encodeSeal(seal))]);
    if (!appended.ok) return appended;
    complaints.sealedAnew(key);
  }
  return ok(undefined);
};

export interface TestimonyHost {
  /** Takes in what was just written. */
  readonly settle: () => Promise<Result<undefined, AppendFailure>>;
  readonly failed: (failure: AppendFailure) => void;
}

export class Testimony {
  readonly forks: ForkWitness;
  readonly complaints: Complaints;
  readonly #conversation: Conversation;
  readonly #host: TestimonyHost;

  constructor(deps: LogDeps, conversation: Conversation, host: TestimonyHost) {
    this.#conversation = conversation;
    this.#host = host;
    const seen = {
      membership: conversation.membership,
      logs: () => conversation.logs,
      epochs: () => conversation.epochs,
      onDue: () => {
        void conversation.run(() => this.#testify());
      },
    };
    this.forks = new ForkWitness(deps, seen);
    this.complaints = new Complaints(deps, seen);
  }

  /** Inside the queue: what was seen goes into the newest epoch that was sealed to us. */
  async #testify(): Promise<void> {
    const conversation = this.#conversation;
    const [epoch] = conversation.epochs.offered(1);
    if (epoch === undefined) return;
    const resealCount = this.complaints.reseals().length;
    const done = [await resealAll(conversation, this.complaints)];
    const bodies = [...this.forks.due(), ...this.complaints.due()];
    for (const body of bodies) {
      done.push(await tell(conversation, epoch, body), await this.#host.settle());
    }
    if (resealCount + bodies.length > 0) conversation.appended(epoch);
    for (const result of done) if (!result.ok) this.#host.failed(result.error);
  }
}
