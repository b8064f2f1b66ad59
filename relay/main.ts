/** A relay by itself, without the app: for a second relay, or one on another machine. Wiring only. */
import { stopOnSignal } from '../src/platform/stop-on-signal.node.ts';
import { readConfig } from './config.ts';
import { startRelay } from './relay.ts';

const main = async (): Promise<void> => {
  const settings = readConfig(process.env);
  if (!settings.ok) {
    process.stderr.write(`${settings.error}\n`);
    process.exit(1);
  }
  const { httpHost: host, ...config } = settings.value;
  const relay = await startRelay({ ...config, host });
  if (!relay.isReady()) {
    process.stderr.write('The relay could not listen anywhere: is SOTTO_WS_PORT in use?\n');
    process.exit(1);
  }
  for (const address of relay.addresses()) process.stdout.write(`${address}\n`);
  stopOnSignal(() => relay.stop());
};

await main();
