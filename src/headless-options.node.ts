/** What a headless peer can be told on its command line, or a sentence that says what cannot be read. */
import { parseArgs } from 'node:util';
import { peer as text } from './app/text/en-peer.ts';
import { err, ok, type Result } from './base/result.ts';
import { checkedName, isRelayAddress } from './core/checks.ts';
import { limits } from './protocol/limits.ts';

export interface HeadlessOptions {
  readonly dataDir: string;
  readonly name: string | undefined;
  readonly link: string | undefined;
  /** Empty: those it was given before. */
  readonly relays: ReadonlyArray<string>;
  readonly isMailbox: boolean;
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
    },
  }).values;

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
  return ok({ dataDir, name: checked?.value, link, relays, isMailbox });
};
