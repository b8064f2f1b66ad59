import { expect, test } from 'vitest';
import { readHeadlessOptions } from '../../../src/headless-options.node.ts';

const read = (...args: ReadonlyArray<string>) => readHeadlessOptions(['--data', 'folder', ...args]);
const listeningOf = (...args: ReadonlyArray<string>) => {
  const options = read(...args);
  return options.ok ? options.value.listening : options.error;
};
const announce = '/dns4/peer.example/tcp/443/wss';

test('[PE5] a peer listens where it is told, and nowhere else', () => {
  expect(listeningOf()).toBeUndefined();
  expect(listeningOf('--listen', '127.0.0.1:4020')).toEqual({
    host: '127.0.0.1',
    port: 4020,
    multiaddr: '/ip4/127.0.0.1/tcp/4020/ws',
    announce: [],
  });
  expect(listeningOf('--listen', '[::1]:4020')).toMatchObject({
    host: '::1',
    multiaddr: '/ip6/::1/tcp/4020/ws',
  });
  expect(listeningOf('--listen', '0.0.0.0:1', '--announce', announce)).toMatchObject({
    multiaddr: '/ip4/0.0.0.0/tcp/1/ws',
    announce: [announce],
  });
});

test('[PE5] what cannot be listened at or announced is said', () => {
  for (const unfit of ['4020', 'localhost:4020', '127.0.0.1', '::1:4020', '1.2.3.4.5:1']) {
    expect(listeningOf('--listen', unfit), unfit).toContain('is no host and port');
  }
  for (const any of ['0.0.0.0:4020', '[::]:4020']) {
    expect(listeningOf('--listen', any)).toContain('--announce');
  }
  const at = ['--listen', '127.0.0.1:4020'];
  expect(listeningOf(...at, '--announce', 'peer.example')).toContain('cannot be dialled');
  const thrice = Array.from({ length: 3 }, () => ['--announce', announce]).flat();
  expect(listeningOf(...at, ...thrice)).toContain('At most 2');
});
