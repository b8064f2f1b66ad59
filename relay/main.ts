/** A relay by itself, without the app: for a second relay, or one on another machine. Wiring only. */
import { readConfig } from './config.ts';
import { startRelay } from './relay.ts';

const stopWithinMs = 2_500;

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

  let isStopping = false;
  const stop = (): void => {
    if (isStopping) process.exit(0); // asked twice: now
    isStopping = true;
    setTimeout(() => process.exit(0), stopWithinMs).unref();
    void relay.stop().finally(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
};

await main();
