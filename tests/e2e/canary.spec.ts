import type { Page } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type App, type Profile } from '../support/app.ts';
import { decodeInviteLink } from '../../src/protocol/invites/invite.ts';
import { makeTempDir, removeDir } from '../support/browsers.ts';
import { filesWith, needlesIn, needlesInMemoryOf, processWith } from '../support/needles.ts';
import { dumpStorage } from '../support/page-dump.ts';
import {
  approve,
  begin,
  closeDialog,
  composer,
  createGroup,
  expect,
  followLink,
  inviteToGroup,
  openConversation,
  see,
  truthLine,
  untilDelivered,
  untilIn,
  write,
} from '../support/people.ts';
import { startRecordingProxy, type RecordingProxy } from '../support/recording-proxy.ts';

interface RelayList {
  readonly relays: ReadonlyArray<string>;
}

/** Stands between every page and the relay: pages are told the proxy's port as the relay's. */
const recordRelay = async (
  app: App,
): Promise<{ proxy: RecordingProxy; use: (profile: Profile) => Promise<void> }> => {
  const list = (await (await fetch(`${app.url}relay.json`)).json()) as RelayList;
  const address = list.relays.find((relay) => relay.includes('/ws')) ?? '';
  const [, port = ''] = /\/tcp\/(\d+)\/ws/.exec(address) ?? [];
  const proxy = await startRecordingProxy(Number(port));
  const relays = [address.replace(`/tcp/${port}/`, `/tcp/${String(proxy.port)}/`)];
  return {
    proxy,
    use: async (profile) => {
      await profile
        .context()
        .route('**/relay.json', (route) => route.fulfill({ json: { relays } }));
    },
  };
};

/** Hosts that anything in this browser asked for. */
const watchHosts = (profile: Profile, hosts: Set<string>): void => {
  profile.context().on('request', (request) => hosts.add(new URL(request.url()).hostname));
  const watchSockets = (page: Page): void => {
    page.on('websocket', (socket) => hosts.add(new URL(socket.url()).hostname));
  };
  watchSockets(profile.page());
  profile.context().on('page', watchSockets);
};

const canary = (kind: string): string => `${kind}${randomBytes(12).toString('hex')}`;

test('[line 12] [line 13] [row 44] [row 45] [attack 22] [attack 23] what people write is on no relay, no wire and no disk; nothing asks elsewhere', async ({
  app,
  newProfile,
}) => {
  const names = [canary('ana'), canary('ben')] as const;
  const group = canary('group');
  const texts = [canary('text'), canary('reply'), canary('relayed')] as const;
  const draft = canary('draft');
  const words = [...names, group, ...texts, draft];
  const needles = [...words]; // and what is known by no word
  const ids = new Map<string, Buffer>();
  const { proxy, use } = await recordRelay(app);
  const dirs = [await makeTempDir('ana'), await makeTempDir('ben')] as const;
  const profiles = [
    await newProfile({ dir: dirs[0] }),
    await newProfile({ dir: dirs[1] }),
  ] as const;
  const hosts = new Set<string>();
  for (const profile of profiles) {
    watchHosts(profile, hosts);
    await use(profile);
  }
  // The second has no WebRTC, so that messages do pass through the relay.
  await profiles[1].context().addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
  });
  const [ana, ben] = [profiles[0].page(), profiles[1].page()];

  await test.step('a session with everything in it', async () => {
    await begin(ana, app.url, names[0]);
    await write(ana, texts[0]);
    await createGroup(ana, group);
    // What the group is called on this device alone, and what its link gives away.
    const [, conversation = ''] = /#\/c\/([^/]+)/.exec(ana.url()) ?? [];
    const link = await inviteToGroup(ana);
    const invite = decodeInviteLink(link);
    if (!invite.ok) throw new Error('a link that the app made cannot be read');
    ids.set('conversation', Buffer.from(decodeURIComponent(conversation), 'hex'));
    ids.set('secret of the invite', Buffer.from(invite.value.secret));
    ids.set('identity of who invites', Buffer.from(invite.value.inviterRootHash));
    needles.push(link.split('#/i/')[1] ?? '', ...[...ids.values()].map((id) => id.toString('hex')));
    await followLink(ben, link, names[1]);
    await approve(ana, names[1]);
    await untilIn(ben, group);
    await closeDialog(ana);
    await write(ana, texts[2]);
    await see(ben, names[0], texts[2]);
    await write(ben, texts[1]);
    await see(ana, names[1], texts[1]);
    await untilDelivered(ana, texts[2]);
    await expect(truthLine(ben)).toHaveText(/^Through your relay/);
    await composer(ana).fill(draft);
    await ana.getByRole('button', { name: 'Settings' }).click();
    await expect(ana.getByRole('link', { name: new RegExp(`^${group}`) })).toContainText(draft);
    await ana.reload();
    await openConversation(ana, group);
    await expect(composer(ana)).toHaveValue(draft);
  });

  await test.step('not in what the relay received, holds in memory, logged or stored', () => {
    const recorded = Buffer.concat(proxy.recorded());
    expect(needlesIn(recorded, ['/multistream/1.0.0'])).not.toEqual([]); // it did record
    expect(needlesIn(recorded, needles)).toEqual([]);
    expect([...ids.values()].filter(({ length }) => length < 16)).toEqual([]);
    expect([...ids].filter(([, id]) => recorded.includes(id))).toEqual([]);
    const setting = `SOTTO_HTTP_ADDR=${new URL(app.url).host}`;
    const relay = processWith(setting);
    expect(needlesInMemoryOf(relay.id, [setting])).toEqual([setting]); // it does look
    expect(needlesInMemoryOf(relay.id, needles)).toEqual([]);
    expect(needlesIn(Buffer.from(app.log()), needles)).toEqual([]);
    const dataDir = relay.environment['SOTTO_DATA_DIR'] ?? '';
    expect(filesWith(dataDir, ['CREATE TABLE mailboxes'])).not.toEqual([]); // the mailbox too
    expect(filesWith(dataDir, needles)).toEqual([]);
  });

  await test.step('not in any database or other store of the page', async () => {
    for (const page of [ana, ben]) {
      const dump = (await page.evaluate(dumpStorage)).map((hex) => Buffer.from(hex, 'hex'));
      const everything = Buffer.concat(dump);
      expect(needlesIn(everything, [String(proxy.port)])).not.toEqual([]); // it did dump
      expect(everything.length).toBeGreaterThan(10_000);
      // The page keeps the local name of a conversation; outside this device it means nothing.
      const local = ids.get('conversation')?.toString('hex');
      expect(needlesIn(everything, needles).filter((needle) => needle !== local)).toEqual([]);
    }
  });

  await test.step('not in any file of the browser, after it was closed', async () => {
    for (const profile of profiles) await profile.close();
    for (const dir of dirs) {
      expect(filesWith(dir, [new URL(app.url).host])).not.toEqual([]); // it does look
      // Addresses that somebody opened are in their browser's own history: not ours to keep out.
      expect(filesWith(dir, words)).toEqual([]);
      await removeDir(dir);
    }
  });

  await test.step('not in the mailbox that the relay leaves behind', async () => {
    const setting = `SOTTO_HTTP_ADDR=${new URL(app.url).host}`;
    const dataDir = processWith(setting).environment['SOTTO_DATA_DIR'] ?? '';
    await app.stop(); // it lets go of the file
    const mailbox = new DatabaseSync(join(dataDir, 'mailbox.sqlite'));
    const kept = mailbox.prepare('SELECT COUNT(*) AS entries FROM entries').get();
    expect(kept?.['entries']).toBeGreaterThan(10); // there is something to look at
    mailbox.close();
    expect(filesWith(dataDir, needles)).toEqual([]);
  });

  expect([...hosts].filter((host) => host !== '127.0.0.1' && host !== '')).toEqual([]);
  await proxy.close();
});
