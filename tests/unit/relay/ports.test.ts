import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { checkPorts, type Port } from '../../../relay/ports.ts';

const host = '127.0.0.1';
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const takeTcp = async (): Promise<number> => {
  const server = createServer().listen({ host, port: 0 });
  closers.push(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

const takeUdp = async (): Promise<number> => {
  const socket = createSocket('udp4').bind({ address: host, port: 0 });
  closers.push(() => socket.close());
  await once(socket, 'listening');
  return socket.address().port;
};

describe('ports', () => {
  test('[HT5] free ones are left free', async () => {
    const port = await takeTcp();
    for (const close of closers.splice(0)) close();
    const wanted: Port = { host, port, transport: 'tcp', variable: 'SOTTO_WS_PORT' };
    expect(await checkPorts([wanted, { ...wanted, transport: 'udp' }])).toEqual({
      ok: true,
      value: undefined,
    });
    expect(await checkPorts([wanted])).toMatchObject({ ok: true });
  });

  test('[HT5] a taken one is named, with the variable that moves it', async () => {
    const tcp = await takeTcp();
    const udp = await takeUdp();
    const answers = [
      await checkPorts([{ host, port: tcp, transport: 'tcp', variable: 'SOTTO_WS_PORT' }]),
      await checkPorts([{ host, port: udp, transport: 'udp', variable: 'SOTTO_WEBRTC_PORT' }]),
    ];
    const sentences = answers.map((answer) => (answer.ok ? '' : answer.error));
    expect(sentences[0]).toMatch(new RegExp(`^TCP port ${tcp} on 127.0.0.1 is already in use`));
    expect(sentences[0]).toContain('SOTTO_WS_PORT');
    expect(sentences[1]).toMatch(new RegExp(`^UDP port ${udp} on 127.0.0.1 is already in use`));
    expect(sentences[1]).toContain('SOTTO_WEBRTC_PORT');
  });

  test('[HT5] an address of another machine is told as such', async () => {
    const answer = await checkPorts([
      { host: '192.0.2.1', port: 0, transport: 'tcp', variable: 'SOTTO_HTTP_ADDR' },
    ]);
    expect(answer).toEqual({
      ok: false,
      error: '192.0.2.1 is no address of this machine: choose another one with SOTTO_HTTP_ADDR.',
    });
  });
});
