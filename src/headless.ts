/**
 * Node root: the same core over other adapters, for a peer that runs without a browser. With
 * `--mailbox` the relay's own program runs beside it in this process, and others add its address to
 * their relays. Wiring only.
 */
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../relay/config.ts';
import { checkPorts, relayPortsOf } from '../relay/ports.ts';
import { startRelay, type Relay } from '../relay/relay.ts';
import { peer as text } from './app/text/en-peer.ts';
import { err, ok, type Result } from './base/result.ts';
import type { Command, CommandResult, Core, CoreState } from './core/api.ts';
import * as blobCode from './core/blobs/code.ts';
import { createCore } from './core/core.ts';
import { createSubtleCipher } from './crypto/chunk-cipher.ts';
import { createNodeBackend } from './crypto/node-crypto.node.ts';
import { readHeadlessOptions, type HeadlessOptions } from './headless-options.node.ts';
import { createNodeNetwork, type NodeNetworkOptions } from './network/libp2p.node.ts';
import { createClock } from './platform/clock.ts';
import { createNodeRandom } from './platform/random.node.ts';
import { createPlainKeySlot } from './platform/key-slot.node.ts';
import { stopOnSignal } from './platform/stop-on-signal.node.ts';
import { limits } from './protocol/limits.ts';
import { createFileBlobs } from './storage/blobs/files.node.ts';
import { createSqliteStorage } from './storage/sqlite.node.ts';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const giveUp = (sentence: string): never => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};

/** The relay and its mailbox, by the same variables as `relay/main.ts`, in a folder of their own. */
const startMailbox = async (dataDir: string): Promise<Result<Relay, string>> => {
  const settings = readConfig(process.env);
  if (!settings.ok) return settings;
  const { httpHost: host, ...config } = settings.value;
  if (config.mailbox === undefined) return err(text.mailboxOff);
  const ports = await checkPorts(relayPortsOf(settings.value));
  if (!ports.ok) return ports;
  const relay = await startRelay({ ...config, host, dataDir: join(dataDir, 'relay') });
  return relay.isReady() ? ok(relay) : err(text.notListening);
};

/** Where members may dial it, and what they are told of that. */
const listeningAt = ({ listening }: HeadlessOptions): NodeNetworkOptions => {
  if (listening === undefined) return {};
  const { multiaddr, announce } = listening;
  return { listen: [multiaddr], ...(announce.length > 0 && { announce }) };
};

const startCore = (options: HeadlessOptions, ownRelays: ReadonlyArray<string>) => {
  const { dataDir } = options;
  return createCore({
    clock: createClock(),
    random: createNodeRandom(),
    backend: createNodeBackend(),
    keySlot: createPlainKeySlot(),
    storage: createSqliteStorage({ path: join(dataDir, 'peer.sqlite') }),
    network: createNodeNetwork(listeningAt(options)),
    config: { pageUrl: '', ownRelays },
    loadBlobs: () =>
      Promise.resolve({
        ...blobCode,
        store: createFileBlobs(join(dataDir, 'files')),
        cipher: createSubtleCipher(crypto.subtle),
      }),
  });
};

const started = (core: Core): Promise<CoreState> =>
  new Promise((resolve) => {
    const stop = core.subscribe((event) => {
      if (event.type !== 'StateChanged' || event.state.phase === 'starting') return;
      stop();
      resolve(event.state);
    });
  });

/** What the command line asks for beside what is stored. */
const settle = async (core: Core, options: HeadlessOptions): Promise<Result<undefined, string>> => {
  const { name, relays, link } = options;
  const state = await started(core);
  if (state.phase === 'unusable') return err(text.troublesOf(state).join('\n'));
  const isNew = state.phase === 'first-run';
  const commands: Command[] = [
    ...(isNew ? [{ type: 'CreateIdentity', name: name ?? text.usualName } as const] : []),
    ...(!isNew && name !== undefined && name !== state.me?.name
      ? [{ type: 'Rename', name } as const]
      : []),
    ...(relays.length > 0 ? [{ type: 'SetRelays', addresses: relays } as const] : []),
  ];
  for (const command of commands) {
    const done: CommandResult<Command> = await core.execute(command);
    if (!done.ok) return err(text.problem(done.error));
  }
  if (link === undefined) return ok(undefined);
  const joined = await core.execute({ type: 'Join', link });
  if (joined.ok || joined.error === 'already-member') return ok(undefined);
  // A link that has run out since does not keep a member from starting.
  if (state.conversations.every(({ kind }) => kind === 'self'))
    return err(text.problem(joined.error));
  say(text.problem(joined.error));
  return ok(undefined);
};

const report = (core: Core): void => {
  const said = new Set<string>();
  core.subscribe((event) => {
    if (event.type !== 'StateChanged') return;
    for (const line of text.linesOf(event.state)) {
      if (!said.has(line)) say(line);
      said.add(line);
    }
  });
};

const run = async (options: HeadlessOptions): Promise<void> => {
  const { dataDir, isMailbox, listening } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await chmod(dataDir, 0o700);
  const mailbox = isMailbox ? await startMailbox(dataDir) : undefined;
  if (mailbox?.ok === false) return giveUp(mailbox.error);
  const relay = mailbox?.value;
  const free = await checkPorts(
    listening === undefined ? [] : [{ ...listening, transport: 'tcp', variable: '--listen' }],
  );
  if (!free.ok) return giveUp(free.error);
  const addresses = relay?.addresses().slice(0, limits.relaysPerInviteMax) ?? [];
  const core = startCore(options, addresses);
  const settled = await settle(core, options);
  if (!settled.ok) return giveUp(settled.error);

  stopOnSignal(() => Promise.allSettled([core.close(), relay?.stop()]));
  const { me } = await started(core);
  say(text.name(me?.name ?? text.usualName));
  for (const address of addresses) say(text.address(address));
  if (addresses.length === 0) say(text.noAddress);
  if (listening !== undefined) say(text.listens(listening.multiaddr));
  report(core);
};

const options = readHeadlessOptions(process.argv.slice(2));
if (!options.ok) giveUp(`${options.error}\n\n${text.usage}`);
else {
  await run(options.value).catch((error: unknown) => {
    giveUp(text.notStarted(error instanceof Error ? error.message : String(error)));
  });
}
