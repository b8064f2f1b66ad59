/** Bytes of all TCP connections that this process opens while it is listened to, both ways. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

const channel = 'net.client.socket';

export interface SocketBytes {
  /** Since the beginning. */
  read(): number;
  stop(): void;
}

export const countSocketBytes = (): SocketBytes => {
  const sockets: Socket[] = [];
  const note = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return;
    if (message.socket instanceof Socket) sockets.push(message.socket);
  };
  subscribe(channel, note);
  return {
    read: () =>
      sockets.reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0),
    stop: () => {
      unsubscribe(channel, note);
    },
  };
};
