import { expect, test } from 'vitest';
import {
  sealedWelcomeEntry,
  SealedWelcomes,
  sealWelcome,
} from '../../../src/core/invites/sealed-welcome.ts';
import { OwnPrekeys } from '../../../src/core/epochs/prekeys.ts';
import { openPart, sealPart } from '../../../src/protocol/invites/sealed-part.ts';
import { splitWelcome } from '../../../src/protocol/invites/welcome.ts';
import { setupCore, type TestCore } from '../../support/core-parts.ts';
import { fixedBytes, valueOf } from '../protocol/fixtures.ts';

const inviteId = fixedBytes('invite');
const parts = valueOf(splitWelcome(fixedBytes('welcome', 60_000)));

const joiner = async ({ core, self, deps }: TestCore) => {
  const prekeys = new OwnPrekeys(core, self, inviteId);
  const prekey = valueOf(await prekeys.current());
  const { publicKey: devSignPub } = self.me.device;
  const [device] = self.me.identity.devices;
  if (device === undefined) throw new Error('a device');
  return {
    devSignPub,
    recipient: { devSignPub, inboxPub: device.inboxPub, prekey },
    welcomes: new SealedWelcomes(deps, inviteId, prekeys),
  };
};

const addressed = ({ devSignPub: device, recipient }: Awaited<ReturnType<typeof joiner>>) => ({
  ...{ device, recipients: [recipient] },
});

const note = (welcomes: SealedWelcomes, entries: Awaited<ReturnType<typeof sealWelcome>>): void => {
  for (const { type, payload } of entries) {
    if (type === sealedWelcomeEntry.key) welcomes.noteKey(payload);
    else welcomes.notePart(payload);
  }
};

test('[WE6] a welcome opens for the device that asked, and for no other', async () => {
  const bobs = await setupCore({ seed: 2 });
  const bob = await joiner(bobs);
  const eve = await joiner(await setupCore({ seed: 3 }));
  const entries = await sealWelcome(bobs.core, { inviteId, to: [addressed(bob)], parts });
  note(bob.welcomes, entries);
  expect(await bob.welcomes.parts()).toEqual(parts);
  note(eve.welcomes, entries);
  expect(await eve.welcomes.parts()).toEqual([]);
  // Not even where she says that it is for her.
  const own = await sealWelcome(bobs.core, {
    ...{ inviteId, parts },
    to: [{ device: eve.devSignPub, recipients: [bob.recipient] }],
  });
  note(eve.welcomes, own);
  expect(await eve.welcomes.parts()).toEqual([]);
});

test('[WE7] one welcome opens for each of several, and for nobody else', async () => {
  const bobs = await setupCore({ seed: 2 });
  const [bob, carol, eve] = [
    await joiner(bobs),
    await joiner(await setupCore({ seed: 4 })),
    await joiner(await setupCore({ seed: 3 })),
  ];
  const to = [addressed(bob), addressed(carol)];
  const entries = await sealWelcome(bobs.core, { inviteId, to, parts });
  expect(entries.length).toBe(parts.length + to.length); // a key for each, the parts once
  for (const { welcomes } of [bob, carol, eve]) note(welcomes, entries);
  expect(await bob.welcomes.parts()).toEqual(parts);
  expect(await carol.welcomes.parts()).toEqual(parts);
  expect(await eve.welcomes.parts()).toEqual([]);
});

test('[WE6] what reads as none of it is left out, and a stranger beside it spoils nothing', async () => {
  const bobs = await setupCore({ seed: 2 });
  const bob = await joiner(bobs);
  const to = bob.devSignPub;
  const seal = (recipients: ReadonlyArray<typeof bob.recipient>) =>
    sealWelcome(bobs.core, { inviteId, to: [{ device: to, recipients }], parts });
  for (const payload of [null, 7, {}, { to }, { to, box: 'text' }, { to, seal: [] }]) {
    bob.welcomes.noteKey(payload);
    bob.welcomes.notePart(payload);
  }
  note(bob.welcomes, await seal([])); // nobody's box
  note(bob.welcomes, await seal([bob.recipient]));
  expect(await bob.welcomes.parts()).toEqual(parts);
});

test('[RG2, WE6] the same secret opens nothing in another use', () => {
  const [part] = parts;
  if (part === undefined) throw new Error('a part');
  const of = { id: inviteId, secret: fixedBytes('secret') };
  const box = sealPart({ ...of, use: 'sotto1/regroup' }, fixedBytes('nonce', 24), part);
  expect(openPart({ ...of, use: 'sotto1/regroup' }, box)).toEqual(part);
  expect(openPart({ ...of, use: 'sotto1/inv-welcome' }, box)).toBeUndefined();
});
