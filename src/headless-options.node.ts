/** What a headless peer can be told on its command line, or a sentence that says what cannot be read. */
import { parseArgs } from 'node:util';
import { peer as text } from './app/text/en-peer.ts';
import { err, ok, type Result } from './base/result.ts';
import { checkedName, isRelayAddress } from './core/checks.ts';
import { parseDirectAddress } from './network/peers/direct-address.ts';
import { limits } from './protocol/limits.ts';

/** Where others may dial this peer without a relay. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  readonly multiaddr: string;
  /** Told to members instead; empty: that address itself. */
  readonly announce: ReadonlyArray<string>;
}

export interface HeadlessOptions {
  readonly dataDir: string;
  readonly name: string | undefined;
  readonly link: string | undefined;
  /** Empty: those it was given before. */
  readonly relays: ReadonlyArray<string>;
  readonly isMailbox: boolean;
  readonly listening: Listening | undefined;
}

const parse = (args: ReadonlyArray<string>) =>
  parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      name: { type: 'string' },
      join: { type: 'string' },
      relay: { type: 'string', multiple: true, default: [] },
      mailbox: { type: 'boolean', default: false },
      listen: { type: 'string' },
      announce: { type: 'string', multiple: true, default: [] },
    },
  }).values;

const anyHost = /^[0:.]+$/u;

/** `127.0.0.1:4020` or `[::1]:4020`. */
const readListening = (
  listen: string,
  announce: ReadonlyArray<string>,
): Result<Listening, string> => {
  const [, ip4, ip6, port = ''] = /^(?:([\d.]+)|\[([\da-f:.]+)\]):(\d+)$/u.exec(listen) ?? [];
  const host = ip4 ?? ip6 ?? '';
  const multiaddr = `/${ip4 === undefined ? 'ip6' : 'ip4'}/${host}/tcp/${port}/ws`;
  if (parseDirectAddress(multiaddr) === undefined) return err(text.listenUnfit(listen));
  if (anyHost.test(host) && announce.length === 0) return err(text.announceMissing);
  return ok({ host, port: Number(port), multiaddr, announce });
};

export const readHeadlessOptions = (
  args: ReadonlyArray<string>,
): Result<HeadlessOptions, string> => {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error)); // names the argument
  }
  const { data: dataDir = '', name, join: link, relay: relays, mailbox: isMailbox } = values;
  if (dataDir === '') return err(text.dataMissing);
  const checked = name === undefined ? undefined : checkedName(name);
  if (checked?.ok === false) return err(text.nameUnfit);
  const unfit = relays.find((address) => !isRelayAddress(address));
  if (unfit !== undefined) return err(text.notARelay(unfit));
  if (relays.length > limits.relaysMax) return err(text.tooManyRelays(limits.relaysMax));
  const { listen, announce } = values;
  const notDirect = announce.find((address) => parseDirectAddress(address) === undefined);
  if (notDirect !== undefined) return err(text.notDirect(notDirect));
  if (announce.length > limits.directAddressesMax) {
    return err(text.tooManyAnnounced(limits.directAddressesMax));
  }
  const listening = listen === undefined ? undefined : readListening(listen, announce);
  if (listening?.ok === false) return listening;
  const rest = { link, relays, isMailbox, listening: listening?.value };
  return ok({ dataDir, name: checked?.value, ...rest });
};
