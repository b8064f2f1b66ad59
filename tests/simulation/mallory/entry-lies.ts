/** Lies in entries: two histories, late ones, ones that mean nothing, and too many. */
import { appendIdentityEntry, rootSigner } from '../../../src/protocol/membership/identity.ts';
import type { Body } from '../../../src/protocol/body.ts';
import type { CborValue } from '../../../src/protocol/cbor.ts';
import type { Envelope } from '../../../src/protocol/envelope.ts';
import { encodeIdentityLog, type IdentityLog } from '../../../src/protocol/membership/identity.ts';
import { encodeText } from '../../../src/protocol/content-payloads.ts';
import { forgeBind, forgedBody, forgeEntry, logOf } from '../../support/forge.ts';
import { signAnywhere } from './op-lies.ts';
import type { LyingLog, Stage } from './stage.ts';

const lamportsAhead = 1000;
/** More than a writer may say at once by gossip. */
const tooMany = 80;

const textOf = (stage: Stage, log: Pick<LyingLog, 'epoch'>, text: string): Uint8Array =>
  forgedBody(stage.state, {
    type: 'text',
    payload: encodeText({ text }),
    lamport: log.epoch.base + lamportsAhead + stage.random.below(lamportsAhead),
  });

const write = async (stage: Stage, log: LyingLog, body: Uint8Array): Promise<void> => {
  const { epoch, incarnation, envelopes } = log;
  envelopes.push(await forgeEntry(stage.state, { epoch, incarnation, before: envelopes, body }));
};

/** Another end of the log that the program wrote, for one half; the other half keeps the first. */
export const forkOwnLog = async (stage: Stage): Promise<void> => {
  const { state, random } = stage;
  const epoch = random.pick(stage.epochs.slice(0, 2));
  const log = await logOf(state, epoch);
  if (log.length < 2) return;
  const kept = log.slice(0, log.length - random.below(Math.min(3, log.length - 1)));
  const tails = await Promise.all(
    ['red', 'blue'].map(async (colour) => {
      const tail: Envelope[] = [];
      for (let i = 0; i <= random.below(3); i++) {
        const body = textOf(stage, { epoch }, `I vote for ${colour} ${String(i)}`);
        const before = [...kept, ...tail];
        tail.push(await forgeEntry(state, { epoch, incarnation: 0, before, body }));
      }
      return tail;
    }),
  );
  for (const [i, half] of stage.halves().entries()) stage.tell(half, epoch, tails[i] ?? []);
};

/** Two logs that both say they are the device's only one of that number. */
export const bindTwice = async (stage: Stage): Promise<void> => {
  const { state, newest: epoch } = stage;
  const log = await stage.beginLog(epoch);
  if (log === undefined) return;
  const writer = await state.core.backend.signerFromSeed(stage.bytes(32));
  const other = await forgeBind(state, { epoch, incarnation: log.incarnation, writer });
  const [some, others] = stage.halves();
  stage.tell(some, epoch, log.envelopes);
  stage.tell(others, epoch, [other]);
};

/** Into an epoch that its own device has closed long ago, or that it was removed after. */
export const backDate = async (stage: Stage): Promise<void> => {
  const epoch = stage.random.pick(stage.epochs);
  const log = await stage.beginLog(epoch);
  if (log === undefined) return;
  await write(stage, log, textOf(stage, log, 'I said so from the beginning'));
  stage.tell(stage.some(), epoch, log.envelopes);
};

/** Signed like everything else, and nothing that a program of ours writes. */
export const strangeBodies = async (stage: Stage): Promise<void> => {
  const { random } = stage;
  const log = await stage.beginLog(random.pick(stage.epochs));
  if (log === undefined) return;
  const junk = stage.bytes(40);
  const payloads: ReadonlyArray<CborValue> = [null, junk, { text: 7 }, [[]], { read: [[junk, 1]] }];
  const types = ['text', 'profile', 'control', 'ops', 'seal', 'receipt', 'group-key', 'group-part'];
  for (let i = 0; i < 6; i++) {
    const strange: Partial<Body> = random.pick([
      {},
      { lamport: 0 },
      { lamport: Number.MAX_SAFE_INTEGER },
      { mid: new Uint8Array(16), sentAt: Number.MIN_SAFE_INTEGER },
      { deps: { entries: [namedNowhere(stage)], vectorHash: stage.bytes(32) } },
    ]);
    const said = {
      type: random.pick([...types, 'edit', 'redact', 'of-tomorrow']),
      payload: random.pick(payloads),
      lamport: log.epoch.base + lamportsAhead + i,
    };
    const isBody = random.below(4) > 0;
    await write(stage, log, isBody ? forgedBody(stage.state, { ...said, ...strange }) : junk);
  }
  stage.tell(stage.some(), log.epoch, log.envelopes);
};

const namedNowhere = (stage: Stage): Body['deps']['entries'][number] => ({
  writerPub: stage.bytes(32),
  seq: 7,
  hash8: stage.bytes(8),
});

/** More than anybody may say at once; only what was within the rate has come, then the rest. */
export const writeWithoutEnd = async (stage: Stage): Promise<void> => {
  const { newest: epoch } = stage;
  const log = await stage.beginLog(epoch);
  const peer = stage.one();
  if (log === undefined || peer === undefined) return;
  const body = forgedBody(stage.state, { type: 'void', payload: null, lamport: epoch.base + 1 });
  for (let i = 0; i < tooMany; i++) await write(stage, log, body);
  for (const { bytes } of log.envelopes) stage.gossip(peer, epoch.keys.topic, bytes);
};

/** Two identity logs of one root that part: each half is shown another device of the liar's. */
export const twoIdentityLogs = async (stage: Stage): Promise<void> => {
  const { core, self } = stage.state;
  const { identity, rootSeed } = self.me;
  const root = await rootSigner(core.backend, rootSeed);
  for (const half of stage.halves()) {
    const device = await core.backend.signerFromSeed(stage.bytes(32));
    const entry = {
      type: 'cert',
      devSignPub: device.publicKey,
      inboxPub: stage.bytes(32),
    } as const;
    const added = await appendIdentityEntry(root, identity, entry);
    const identityLog = encodeIdentityLog(logWith(identity, added));
    const op = await signAnywhere(stage, { type: 'identity', identityLog });
    stage.tellOps(half, [op.bytes]);
  }
};

const logWith = ({ rootPub, entries }: IdentityLog, entry: Uint8Array) => ({
  rootPub,
  entries: [...entries, entry],
});
