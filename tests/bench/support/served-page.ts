/** A page of the tests, built as the app is and served on loopback for as long as a row needs it. */
import { join } from 'node:path';
import { build, preview } from 'vite';
import { webrtcPatch } from '../../../src/network/webrtc-patch.vite.ts';
import { makeTempDir, removeDir } from '../../support/browsers.ts';

export const withServedPage = async <T>(
  root: string,
  run: (url: string) => Promise<T>,
): Promise<T> => {
  const folder = await makeTempDir('bench');
  try {
    const shared = { configFile: false, root, logLevel: 'error' } as const;
    const outDir = join(folder, 'page');
    await build({ ...shared, plugins: [webrtcPatch()], build: { outDir, target: 'es2022' } });
    const server = await preview({
      ...shared,
      build: { outDir },
      preview: { host: '127.0.0.1', port: 0 },
    });
    try {
      return await run(server.resolvedUrls?.local[0] ?? '');
    } finally {
      await server.close();
    }
  } finally {
    await removeDir(folder);
  }
};
