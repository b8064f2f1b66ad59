/**
 * Repairs a race in @libp2p/webrtc 6.0.33 while the page is bundled. The side that dials waits for
 * its `init` data channel to close, but starts listening only after asking for it; when the other
 * side was quicker, both events have passed, the dial hangs until its timeout and the other side
 * keeps half a connection. About a third of the dials between two browsers on one machine end so.
 *
 * The replacement waits for `open` only while the channel is connecting, waits for nothing once it
 * is closed, and otherwise listens for `close` before asking for it. The build fails when the text
 * to replace is gone: a new version of the package must be looked at by a person.
 */
import type { Plugin } from 'vite';

const packagePath = '/@libp2p/webrtc/';
const patchedFile = '/@libp2p/webrtc/dist/src/private-to-private/initiate-connection.js';

const waitForOpen =
  /if \(channel\.readyState !== 'open'\) \{[^}]*await pEvent\(channel, 'open', \{\s*signal\s*\}\);\s*\}/u;
const waitForClose =
  /channel\.close\(\);((?:\s*\/\/[^\n]*|\s*log\.trace\([^\n]*)*)\s*await pEvent\(channel, 'close', \{\s*signal\s*\}\);/u;

const openOrClosed = `if (channel.readyState === 'connecting') {
  await pEvent(channel, ['open', 'close'], { signal });
}`;
const closeAndWait = `if (channel.readyState !== 'closed') {
  const closed = pEvent(channel, 'close', { signal });
  channel.close();
  await closed;
}`;

const isPatchedFile = (id: string): boolean =>
  (id.split('?')[0] ?? id).replaceAll('\\', '/').endsWith(patchedFile);

/** The repaired source, or undefined when the source is not the one this patch was written for. */
export const patchInitiateConnection = (code: string): string | undefined => {
  if (!waitForOpen.test(code) || !waitForClose.test(code)) return undefined;
  return code.replace(waitForOpen, openOrClosed).replace(waitForClose, closeAndWait);
};

/** The transform alone: the dev server's dependency optimizer takes it too. */
const createTransform = (): Pick<Plugin, 'name' | 'transform' | 'buildEnd'> => {
  let hasSeenPackage = false;
  let hasPatched = false;
  return {
    name: 'sotto:webrtc-patch',
    transform(code, id) {
      hasSeenPackage ||= id.includes(packagePath);
      if (!isPatchedFile(id)) return null;
      const patched = patchInitiateConnection(code);
      if (patched === undefined) {
        this.error(
          `@libp2p/webrtc has changed: look at ${patchedFile} and adapt or drop the patch`,
        );
      }
      hasPatched = true;
      return { code: patched, map: null };
    },
    buildEnd(error) {
      // Builds without the package (a service worker, a Node target) have nothing to patch.
      if (error === undefined && hasSeenPackage && !hasPatched) {
        this.error(
          `@libp2p/webrtc is bundled but ${patchedFile} was not: the patch is not applied`,
        );
      }
    },
  };
};

/**
 * Put it into `plugins` (and into `worker.plugins` should libp2p ever move there). It also hands
 * itself to `optimizeDeps.rolldownOptions.plugins`, since the dev server pre-bundles the package
 * before any ordinary plugin sees it: nothing else is to be set.
 */
export const webrtcPatch = (): Plugin => ({
  ...createTransform(),
  enforce: 'pre',
  config: () => ({ optimizeDeps: { rolldownOptions: { plugins: [createTransform()] } } }),
});
