/** Makes a conversation: its operations, first epoch and records, in one transaction; or keeps one. */
import type { Result } from '../base/result.ts';
import { encodeIdentityLog } from '../protocol/membership/identity.ts';
import type { CreateBody, OpBody } from '../protocol/membership/ops.ts';
import type { StorageFailure, Write } from '../storage/port.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { Epoch } from './epochs/epoch.ts';
import type { AppendFailure, LogDeps } from './epochs/epoch-logs.ts';
import type { Alongside } from './regroup.ts';

export interface Beginning {
  readonly ops: readonly [CreateBody, ...ReadonlyArray<OpBody>];
  /** What is stored in the same transaction. */
  readonly alongside: Alongside;
}

/** Inside the queue of a conversation that nobody knows yet. */
export const beginConversation = async (
  { me, vault, core }: LogDeps,
  conversation: Conversation,
  { ops: [body, ...others], alongside }: Beginning,
): Promise<Result<Epoch, AppendFailure | 'too-many'>> => {
  const { membership, epochs, prekeys, notes } = conversation;
  const bundle = await prekeys.current();
  if (!bundle.ok) return bundle;
  await membership.author(body);
  await membership.author({
    type: 'identity',
    identityLog: encodeIdentityLog(me.identity),
    name: me.name,
    prekeyBundles: [{ devSignPub: me.device.publicKey, bundle: bundle.value }],
  });
  for (const other of others) await membership.author(other);
  const draft = await epochs.draft('create');
  if (!draft.ok) return draft;
  const beside = await alongside(conversation, draft.value.epoch);
  if (!beside.ok) return beside;
  notes.createdAtMs = Math.max(0, core.clock.now());
  const { writes, stored } = membership.writes();
  const { convId } = conversation;
  const committed = await vault.commit([
    ...vault.sealTwice(['c', convId], { convId }),
    notes.write(),
    ...draft.value.record,
    ...writes,
    ...beside.value.writes,
  ]);
  if (!committed.ok) return committed;
  stored();
  beside.value.stored();
  return epochs.begin(draft.value.op, draft.value.epoch);
};

/** One that others began, together with what is to be stored beside it. */
export const keepConversation = (
  { vault, core }: LogDeps,
  { convId, notes }: Conversation,
  beside: ReadonlyArray<Write>,
): Promise<Result<undefined, StorageFailure>> => {
  notes.createdAtMs = Math.max(0, core.clock.now());
  return vault.commit([...vault.sealTwice(['c', convId], { convId }), notes.write(), ...beside]);
};
