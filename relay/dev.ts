/** `npm run dev`: the app with hot reload on Vite's own server, and a relay beside it. */
import { createServer, type Plugin } from 'vite';
import { readConfig } from './config.ts';
import { startRelay } from './relay.ts';

/** Answers `/relay.json` as http.ts does. */
const relayJson = (addresses: () => ReadonlyArray<string>): Plugin => ({
  name: 'sotto-relay-json',
  configureServer(server) {
    server.middlewares.use('/relay.json', (_request, response) => {
      response.setHeader('Content-Type', 'application/json; charset=utf-8');
      response.end(JSON.stringify({ relays: addresses() }));
    });
  },
});

const settings = readConfig(process.env);
if (!settings.ok) {
  process.stderr.write(`${settings.error}\n`);
  process.exit(1);
}
const { httpHost: host, httpPort: port } = settings.value;
const relay = await startRelay({ ...settings.value, host });
const vite = await createServer({
  plugins: [relayJson(() => relay.addresses())],
  server: { host, port, strictPort: true },
});
await vite.listen();
vite.printUrls();

const stop = (): void => {
  void Promise.allSettled([vite.close(), relay.stop()]).then(() => process.exit(0));
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
