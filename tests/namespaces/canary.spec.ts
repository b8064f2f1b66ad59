/** What somebody sees who holds every wire: a capture of all that two browsers and the server sent. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { toHex } from '../../src/base/bytes.ts';
import { decodeInviteLink } from '../../src/protocol/invites/invite.ts';
import { makeTempDir, removeDir } from '../support/browsers.ts';
import { filesWith, needlesIn, processWith } from '../support/needles.ts';
import { dumpStorage } from '../support/page-dump.ts';
import {
  approve,
  begin,
  closeDialog,
  createGroup,
  expect,
  followLink,
  inviteToGroup,
  see,
  untilDelivered,
  untilDirect,
  untilIn,
  write,
} from '../support/people.ts';
import { calm, obstacle, test } from '../support/two-networks.ts';

const canary = (kind: string): string => `${kind}${randomBytes(12).toString('hex')}`;

/** Each id as it stands in a frame, and as text. */
const idsIn = (bytes: Buffer, ids: ReadonlyMap<string, Uint8Array>): ReadonlyArray<string> =>
  [...ids].flatMap(([name, id]) =>
    bytes.includes(id) || needlesIn(bytes, [toHex(id)]).length > 0 ? [name] : [],
  );

/** Both ways between the two browsers by UDP: the frames of a direct path. */
const directBytes = (capture: Buffer): number => {
  const address = (last: number): Buffer => Buffer.from([10, 77, 0, last]);
  let total = 0;
  for (let at = 24; at + 16 <= capture.length;) {
    const length = capture.readUInt32LE(at + 8);
    const frame = capture.subarray(at + 16, at + 16 + length);
    const pair = frame.subarray(26, 34);
    const isBetween =
      pair.equals(Buffer.concat([address(1), address(2)])) ||
      pair.equals(Buffer.concat([address(2), address(1)]));
    if (frame[23] === 17 && isBetween) total += length;
    at += 16 + length;
  }
  return total;
};

test.use({ isRecorded: true });
test.skip(obstacle !== undefined, obstacle);

test('[row 44] nothing that people write, are called or are known by is in a packet, on a disk or in a log', async ({
  app,
  networks,
  newProfile,
}) => {
  const dirs = [await makeTempDir('ana'), await makeTempDir('ben')] as const;
  const [ana, ben] = [
    await newProfile({ executablePath: networks.chromiums[0], dir: dirs[0] }),
    await newProfile({ executablePath: networks.chromiums[1], dir: dirs[1] }),
  ] as const;
  const names = [canary('ana'), canary('ben')] as const;
  const group = canary('group');
  const texts = [canary('note'), canary('direct'), canary('answer'), canary('relayed')] as const;
  const needles = [...names, group, ...texts];
  const ids = new Map<string, Uint8Array>();
  const control = canary('control');

  await test.step('a talk over the direct path, and one over the relay', async () => {
    const [anas, bens] = [ana.page(), ben.page()];
    await begin(anas, app.url, names[0]);
    await write(anas, texts[0]);
    await createGroup(anas, group);
    const conversation = decodeURIComponent(/#\/c\/([^/]+)/.exec(anas.url())?.[1] ?? '');
    const link = await inviteToGroup(anas);
    needles.push(link.split('#/i/')[1] ?? '');
    const opened = decodeInviteLink(link);
    if (!opened.ok) throw new Error('a link that the app made cannot be read');
    ids.set('secret of the invite', opened.value.secret);
    ids.set('identity of who invites', opened.value.inviterRootHash);
    // A name for it on this device alone: it is the key of records, and must not leave.
    ids.set('conversation', Buffer.from(conversation, 'hex'));
    await followLink(bens, link, names[1]);
    await approve(anas, names[1]);
    await untilIn(bens, group);
    await closeDialog(anas);
    await untilDirect(anas);
    await write(anas, texts[1]);
    await see(bens, names[0], texts[1]);
    await write(bens, texts[2]);
    await untilDelivered(bens, texts[2]);
    await networks.set({ ...calm, udpLoss: 1 });
    await write(anas, texts[3]);
    await untilDelivered(anas, texts[3]);
    // The server is asked for it in the clear: a search that does not find it finds nothing.
    await bens.evaluate((path) => fetch(path).then(({ status }) => status), `/${control}`);
  });
  expect([...ids.values()].filter(({ length }) => length < 16)).toEqual([]);
  expect(needles.filter((needle) => needle.length < 20)).toEqual([]);

  await test.step('not in what the pages stored', async () => {
    for (const page of [ana.page(), ben.page()]) {
      const dump = (await page.evaluate(dumpStorage)).map((hex) => Buffer.from(hex, 'hex'));
      expect(needlesIn(Buffer.concat(dump), needles)).toEqual([]);
    }
  });

  await test.step('not on the disk, also when the page has crashed', async () => {
    const devtools = await ben.context().newCDPSession(ben.page());
    const crashed = ben.page().waitForEvent('crash');
    void devtools.send('Page.crash').catch(() => undefined); // the answer dies with the page
    await crashed;
    for (const profile of [ana, ben]) await profile.close();
    for (const dir of dirs) {
      expect(filesWith(dir, [new URL(app.url).host])).not.toEqual([]); // it does look
      // A link that somebody opened is in their browser's own history: that is not ours to keep out.
      expect(filesWith(dir, [...names, group, ...texts])).toEqual([]);
      await removeDir(dir);
    }
    const relay = processWith(`SOTTO_HTTP_ADDR=${new URL(app.url).host}`);
    expect(needlesIn(Buffer.from(app.log()), needles)).toEqual([]);
    expect(filesWith(relay.environment['SOTTO_DATA_DIR'] ?? '', needles)).toEqual([]);
  });

  await test.step('not in any packet', async () => {
    await networks.stop();
    const capture = readFileSync(networks.capturePath);
    expect(needlesIn(capture, [control])).toEqual([control]); // it does look
    expect(directBytes(capture)).toBeGreaterThan(10_000); // and they did talk directly
    expect(needlesIn(capture, needles)).toEqual([]);
    expect(idsIn(capture, ids)).toEqual([]);
  });
});
