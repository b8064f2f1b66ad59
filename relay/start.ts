/**
 * `npm start`: builds the app if it changed, then runs relay and app in this one process until it is
 * told to stop. Wiring only; what it can be told is in config.ts.
 */
import { stopOnSignal } from '../src/platform/stop-on-signal.node.ts';
import { ensureBuilt, appRoot } from './build.ts';
import { readConfig, type Config } from './config.ts';
import { startHttp } from './http.ts';
import { checkPorts, relayPortsOf } from './ports.ts';
import { startRelay } from './relay.ts';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const giveUp = (sentence: string): never => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};

const welcome = (config: Config, httpPort: number, relays: ReadonlyArray<string>): string => {
  const isOpen = config.httpHost === '0.0.0.0' || config.httpHost === '::';
  const host = config.httpHost.includes(':') ? `[${config.httpHost}]` : config.httpHost;
  const isLoopback = host === '127.0.0.1' || host === '[::1]';
  const first = `http://${isOpen ? '127.0.0.1' : host}:${String(httpPort)}/`;
  const second = isOpen || isLoopback ? `http://localhost:${String(httpPort)}/` : first;
  return [
    '',
    'Sotto is running.',
    '',
    `  Open the app      ${first}`,
    `  Be a second one   ${second}  (in a private window: that is another person)`,
    '',
    ...relays.map((relay, index) => `  ${index === 0 ? 'Relay' : '     '}             ${relay}`),
    '',
    '  Stop with Ctrl-C.',
    '',
  ].join('\n');
};

const main = async (): Promise<void> => {
  const settings = readConfig(process.env);
  if (!settings.ok) return giveUp(settings.error);
  const config = settings.value;
  const { httpHost: host, httpPort } = config;

  const ports = await checkPorts([
    { host, port: httpPort, transport: 'tcp', variable: 'SOTTO_HTTP_ADDR' },
    ...relayPortsOf(config),
  ]);
  if (!ports.ok) return giveUp(ports.error);
  if (!(await ensureBuilt())) return giveUp('The app could not be built; the reason stands above.');

  const relay = await startRelay({ ...config, host });
  const http = await startHttp({ host, port: httpPort, root: appRoot, relay });
  say(welcome(config, http.port, relay.addresses()));

  stopOnSignal(() => Promise.allSettled([http.close(), relay.stop()]));
};

await main();
