/** Whoever has a link writes in its room: one of them fills the places of the others, or tries to. */
import { beforeAll, expect, test } from 'vitest';
import { toHex, utf8ToBytes } from '../../src/base/bytes.ts';
import { Epoch } from '../../src/core/epochs/epoch.ts';
import { InviteRoom } from '../../src/core/invites/invite-room.ts';
import type { Coming } from '../../src/core/scope.ts';
import { hash } from '../../src/crypto/hash.ts';
import { encodeBind } from '../../src/protocol/epochs/bind.ts';
import { sealEnvelope } from '../../src/protocol/envelope-box.ts';
import { limits } from '../../src/protocol/limits.ts';
import type { Run } from '../../src/replication/runs.ts';
import { setupCore } from '../support/core-parts.ts';
import { backend, envelopeOf, must, runFrom } from '../support/writers.ts';

const bytesOf = (name: string, number: number): Uint8Array =>
  hash('sotto1/test', utf8ToBytes(`${name} ${String(number)}`));

const inviteId = bytesOf('invite', 1);
const pseudoSecret = bytesOf('pseudo', 1);
const member = bytesOf('member', 1);
const place = { epochId: inviteId, secret: pseudoSecret, base: 0, segment: '', order: 0 };
const epoch = new Epoch(place);

/** The beginning of somebody's log: all that it takes to have a place. */
const logOf = async (number: number): Promise<Run> => {
  const device = await backend.signerFromSeed(bytesOf('device', number));
  const writer = await backend.signerFromSeed(bytesOf('writer', number));
  const bind = {
    epochId: inviteId,
    devSignPub: device.publicKey,
    incarnation: 0,
    writerPub: writer.publicKey,
    closes: [],
    prekeyBundle: new Uint8Array(0),
  };
  const bytes = await sealEnvelope({
    mailbox: epoch.mailbox,
    writer,
    seq: 0,
    prev: new Uint8Array(32),
    nonce: bytesOf('nonce', number).slice(0, 24),
    messageKey: epoch.keys.bind,
    body: await encodeBind(bind, device),
  });
  return runFrom([envelopeOf(bytes)]);
};

let junk: ReadonlyArray<Run>;
let honest: Run;
beforeAll(async () => {
  junk = await Promise.all(Array.from({ length: 600 }, (_, number) => logOf(number + 1)));
  honest = await logOf(0);
}, 60_000);

const setup = async () => {
  const core = await setupCore();
  const room = new InviteRoom(core.deps, {
    inviteId,
    pseudoSecret,
    settle: () => Promise.resolve(),
    onEntry: () => undefined,
    onPeers: () => undefined,
    changed: () => undefined,
    isTrusted: (devSignPub) => toHex(devSignPub) === toHex(member),
  });
  must(await room.open());
  const [own] = room.offeredEpochs();
  if (own === undefined) throw new Error('the room is open');
  const take = async (runs: ReadonlyArray<Run>, coming: Omit<Coming, 'arrival'>): Promise<void> => {
    const parcel = { epoch: own, runs, coming: { arrival: 'catch-up', ...coming } } as const;
    for (const one of await room.receive([parcel])) must(one);
  };
  const count = (): number => room.logs.rows(own).length;
  return { take, count };
};

const link = (from: string) => ({ path: 'link', from, devSignPub: new Uint8Array(32) }) as const;
const mailbox = (from: string) => ({ path: 'mailbox', from }) as const;

test('[RW1] one link brings the logs of one device, and keeps nobody else out', async () => {
  const { take, count } = await setup();
  await take(junk.slice(0, 300), link('mallory'));
  expect(count()).toBe(limits.incarnationsMax);
  await take(junk.slice(0, 300), link('mallory')); // the same again
  await take(junk.slice(300), link('mallory'));
  expect(count()).toBe(limits.incarnationsMax);
  await take([honest], link('bob'));
  expect(count()).toBe(limits.incarnationsMax + 1);
});

test('[RW1] links without end fill their part: mailboxes and members bring the others', async () => {
  const { take, count } = await setup();
  for (let at = 0; at < 320; at += 8) await take(junk.slice(at, at + 8), link(`m${String(at)}`));
  expect(count()).toBe(limits.roomStrangerWritersMax);
  await take([honest], link('bob'));
  expect(count()).toBe(limits.roomStrangerWritersMax);
  await take([honest], mailbox('relay'));
  expect(count()).toBe(limits.roomStrangerWritersMax + 1);
  await take(junk.slice(320, 420), { path: 'link', from: 'alice', devSignPub: member });
  expect(count()).toBe(limits.roomStrangerWritersMax + 101);
});

test('[RW1] a mailbox that says it holds more than it may brings what it may', async () => {
  const { take, count } = await setup();
  await take(junk, mailbox('hostile'));
  expect(count()).toBe(limits.mailboxWritersMax);
  await take([honest], mailbox('another'));
  expect(count()).toBe(limits.mailboxWritersMax + 1);
});
