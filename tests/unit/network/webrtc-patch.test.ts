import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { patchInitiateConnection } from '../../../src/network/webrtc-patch.vite.ts';

const installed = readFileSync(
  'node_modules/@libp2p/webrtc/dist/src/private-to-private/initiate-connection.js',
  'utf8',
);

describe('webrtc-patch', () => {
  test('[NT1] the installed package is the one the patch was written for', () => {
    const patched = patchInitiateConnection(installed);
    expect(patched).toBeDefined();
    expect(patched).toContain("pEvent(channel, ['open', 'close'], { signal })");
    // Listening begins before the closing, never after it.
    const listens = patched?.indexOf("const closed = pEvent(channel, 'close', { signal })") ?? -1;
    const closes = patched?.indexOf('channel.close()') ?? -1;
    expect(listens).toBeGreaterThan(0);
    expect(closes).toBeGreaterThan(listens);
    expect(patched?.match(/channel\.close\(\)/gu)).toHaveLength(1);
  });

  test('[NT1] a changed source is refused, so that the build fails', () => {
    expect(
      patchInitiateConnection(installed.replace("'close', {", "'closing', {")),
    ).toBeUndefined();
    expect(patchInitiateConnection(installed.replace("'open', {", "'opening', {"))).toBeUndefined();
    expect(patchInitiateConnection('')).toBeUndefined();
  });
});
