/** A relay with nothing in it, for its memory: each message is answered with a few bytes (P19). */
import { once } from 'node:events';
import { WebSocketServer } from 'ws';

const answer = new Uint8Array(64);

const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
server.on('connection', (socket) => {
  socket.on('message', () => {
    socket.send(answer);
  });
});
await once(server, 'listening');
const address = server.address();
if (address !== null && typeof address === 'object') {
  process.stdout.write(`ws://127.0.0.1:${String(address.port)}\n`);
}
