import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import type { Connection } from '@libp2p/interface';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { chunkNameOf } from '../../relay/mailbox/mailbox-chunks.ts';
import { startRelay, type Relay } from '../../relay/relay.ts';
import { createFrameStream } from '../../src/network/frame-stream.ts';
import { createNodeNetwork } from '../../src/network/libp2p.node.ts';
import { mailboxProtocol } from '../../src/network/relays/mailbox-stream.ts';
import { endableWebSockets } from '../../src/network/web-sockets.ts';
import { limits } from '../../src/protocol/limits.ts';
import {
  decodeMailboxReply,
  encodeMailboxRequest,
  type MailboxReply,
  type MailboxRequest,
} from '../../src/protocol/mailbox-frames.ts';
import {
  decodeChunkReply,
  encodeChunkRequest,
  type ChunkRequest,
} from '../../src/protocol/mailbox-chunks.ts';
import { createTestEpoch, updateOf } from '../support/mailboxes.ts';
import { startPeer, untilRelay, type TestPeer } from '../support/network-recorder.ts';
import { startRelayProcess } from '../support/relay-process.ts';

vi.setConfig({ testTimeout: 60_000 });

const kills = 3;
const mailbox = { bytesMax: 64 * 1024 * 1024, lifeMs: 86_400_000, hasFiles: true };

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const setupFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-relay-'));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const setupRelay = async (options: Partial<Parameters<typeof startRelay>[0]> = {}) => {
  const dataDir = await setupFolder();
  const relay = await startRelay({ wsPort: 0, dataDir, mailbox, ...options });
  undo.push(() => relay.stop());
  return { relay, dataDir };
};

const setupPeer = async (relay: string): Promise<TestPeer> => {
  const timing = { retryMinMs: 20, retryMaxMs: 50, requestMs: 3000 };
  const peer = await startPeer(createNodeNetwork({ timing }));
  undo.push(() => peer.network.stop());
  peer.network.setRelays([relay]);
  await untilRelay(peer, relay, 'up');
  return peer;
};

const decoded = (answer: Uint8Array | undefined): MailboxReply | undefined => {
  const reply = answer && decodeMailboxReply(answer);
  return reply?.ok === true ? reply.value : undefined;
};

const askAt = async (peer: TestPeer, relay: string, request: MailboxRequest) =>
  decoded(await peer.network.askMailbox(relay, encodeMailboxRequest(request)));

const askOnFiles = async (peer: TestPeer, relay: string, request: ChunkRequest) => {
  const answer = await peer.network.askMailbox(relay, encodeChunkRequest(request));
  const reply = answer && decodeChunkReply(answer);
  return reply?.ok === true ? reply.value : undefined;
};

/** Whether it was acknowledged. */
const leaveAt = async (peer: TestPeer, relay: string, leave: ChunkRequest): Promise<boolean> => {
  const reply = await askOnFiles(peer, relay, leave);
  return reply?.t === 'left' && reply.outcome === 'stored';
};

const addressOf = (relay: Relay): string => relay.addresses()[0] ?? '';

/** A bare node, without a reservation, that says to the relay whatever a test wants. */
const setupStranger = async (address: string) => {
  const connection = await connectStranger(address);
  return openFrames(connection);
};

const openFrames = async (connection: Connection) =>
  createFrameStream(await connection.newStream(mailboxProtocol), limits.mailboxFrameBytesMax);

const connectStranger = async (address: string): Promise<Connection> => {
  const node = await createLibp2p({
    transports: [endableWebSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    services: { identify: identify() },
  });
  undo.push(async () => node.stop());
  return node.dial(multiaddr(address));
};

describe('a mailbox at a real relay', () => {
  test('[MB7] what one leaves another fetches', async () => {
    const { relay } = await setupRelay();
    const address = addressOf(relay);
    const epoch = await createTestEpoch(1);
    const alice = await epoch.writer(1, 20);
    const put = await askAt(await setupPeer(address), address, await epoch.put([alice]));
    expect(put).toMatchObject({ t: 'stored', outcome: 'stored', rows: [{ nextSeq: 20 }] });
    const got = await askAt(await setupPeer(address), address, epoch.get());
    expect(got).toMatchObject({ t: 'held', update: updateOf(alice.envelopes), isComplete: true });
    expect(relay.status()).toMatchObject({ mailboxes: 1 });
  });

  test('[MB14] without a reservation nobody is answered, and what is no frame ends the stream', async () => {
    const { relay } = await setupRelay();
    const epoch = await createTestEpoch(1);
    const eve = await setupStranger(addressOf(relay));
    await eve.write(encodeMailboxRequest(epoch.get()));
    expect(decoded(await eve.read())).toEqual({ t: 'refused', why: 'no-reservation' });
    const mallory = await setupStranger(addressOf(relay));
    await expect(
      mallory.write(new Uint8Array(limits.mailboxFrameBytesMax + 1)).then(() => mallory.read()),
    ).rejects.toThrow();
  });

  test('[MB14] who asks without end is told so', async () => {
    const { relay } = await setupRelay({ now: () => 0 }); // time stands still: nothing refills
    const address = addressOf(relay);
    const mallory = await setupPeer(address);
    const epoch = await createTestEpoch(1);
    let last: MailboxReply | undefined;
    for (let asked = 0; asked <= 600; asked++) last = await askAt(mallory, address, epoch.poll());
    expect(last).toEqual({ t: 'refused', why: 'too-often' });
  });

  test('[MB14] another stream on the same connection begins no new count', async () => {
    const { relay } = await setupRelay({ now: () => 0 });
    const connection = await connectStranger(addressOf(relay));
    const poll = encodeMailboxRequest((await createTestEpoch(1)).poll());
    const askOn = async ({ write, read }: Awaited<ReturnType<typeof openFrames>>) => {
      await write(poll);
      return decoded(await read());
    };
    const first = await openFrames(connection);
    for (let asked = 0; asked < 600; asked++) await askOn(first);
    expect(await askOn(first)).toEqual({ t: 'refused', why: 'too-often' });
    expect(await askOn(await openFrames(connection))).toEqual({ t: 'refused', why: 'too-often' });
  });

  test('[MB13] a relay that keeps none gives no answer, and no file is made', async () => {
    const { relay, dataDir } = await setupRelay({ mailbox: undefined });
    const address = addressOf(relay);
    const epoch = await createTestEpoch(1);
    const alice = await setupPeer(address);
    expect(await askAt(alice, address, epoch.get())).toBeUndefined();
    expect(await alice.network.askMailbox('/p2p/nobody', new Uint8Array(1))).toBeUndefined();
    expect((await readdir(dataDir)).filter((name) => name.includes('mailbox'))).toEqual([]);
  });

  test('[MB6] [MB21] killed in the middle of a write, it has all that it acknowledged', async () => {
    const dataDir = await setupFolder();
    const epoch = await createTestEpoch(7);
    const writer = await epoch.writer(7, 1);
    const put = await epoch.put([writer]);
    const { mailboxId, admitPub } = epoch;
    const dropTag = writer.signer.publicKey;
    const leave = { ...(await epoch.certOf(writer)), mailboxId, admitPub, dropTag };
    const left: Uint8Array[] = [];
    let acknowledged = 0;
    let port = 0;
    for (let kill = 0; kill < kills; kill++) {
      const relay = await startRelayProcess({ dataDir, port });
      undo.push(() => relay.kill());
      port = relay.port;
      const peer = await setupPeer(relay.address);
      const found = await askAt(peer, relay.address, epoch.get());
      const rows = found?.t === 'held' ? found.rows : [];
      const stored = rows[0]?.nextSeq ?? 0;
      expect(found?.t).toBe('held');
      expect(stored).toBeGreaterThanOrEqual(acknowledged);
      // Writes follow each other without a pause until the process is gone.
      let killing: Promise<void> | undefined;
      for (let at = stored; ; at++) {
        while (writer.envelopes.length <= at) await writer.write({ bodyBytes: 4000 });
        const update = updateOf(writer.envelopes.slice(at, at + 1));
        const asked = askAt(peer, relay.address, { ...put, update });
        if (at >= stored + 20 + 7 * kill) killing ??= relay.kill();
        const reply = await asked;
        if (reply?.t !== 'stored') break;
        acknowledged = reply.rows[0]?.nextSeq ?? 0;
        const sealed = new Uint8Array(4112).fill(at);
        if (await leaveAt(peer, relay.address, { t: 'leave', ...leave, sealed }))
          left.push(chunkNameOf(sealed));
      }
      await killing;
      await peer.network.stop();
    }
    const relay = await startRelayProcess({ dataDir, port });
    undo.push(() => relay.stop());
    const again = await setupPeer(relay.address);
    const last = await askAt(again, relay.address, epoch.get());
    const nextSeq = last?.t === 'held' ? (last.rows[0]?.nextSeq ?? 0) : 0;
    expect(nextSeq).toBeGreaterThanOrEqual(acknowledged);
    expect(acknowledged).toBeGreaterThan(20 * kills);
    expect(left.length).toBeGreaterThan(20 * kills);
    const ids = left.slice(-limits.mailboxChunkIdsMax);
    const holds = await askOnFiles(again, relay.address, { t: 'hold', mailboxId, ids });
    expect(holds).toEqual({ t: 'holds', held: ids.map(() => true) });
  });
});
