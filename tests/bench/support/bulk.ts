/** Many bytes from one page to another with nothing of ours in between, in megabytes a second. */
import type { Page } from '@playwright/test';
import type { TestPage } from '../../support/network-page/page.ts';

declare const testPage: TestPage;

/** As large as the chunks of a file. */
const pieceBytes = 65_536;

interface Incoming {
  readonly arrived: Promise<void>;
}

declare global {
  var benchIncoming: Incoming;
}

const megabytesPerSecond = async (
  byteCount: number,
  run: () => Promise<unknown>,
): Promise<number> => {
  const startedMs = performance.now();
  await run();
  return byteCount / 1000 / (performance.now() - startedMs);
};

/** In the page that hears: begins to count. */
const countThere = (byteCount: number): void => {
  const { benchWire: wire } = globalThis as unknown as { readonly benchWire: RTCDataChannel };
  wire.binaryType = 'arraybuffer';
  let heard = 0;
  const arrived = new Promise<void>((resolve) => {
    wire.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      heard += data.byteLength;
      if (heard >= byteCount) resolve();
    };
  });
  globalThis.benchIncoming = { arrived };
};

/** In the page that sends: at most a megabyte waits in the channel, as its maker advises. */
const pourThere = async ([byteCount, piece]: readonly [number, number]): Promise<void> => {
  const { benchWire: wire } = globalThis as unknown as { readonly benchWire: RTCDataChannel };
  const bytes = new Uint8Array(piece);
  wire.bufferedAmountLowThreshold = 4 * piece;
  for (let sent = 0; sent < byteCount; sent += piece) {
    if (wire.bufferedAmount > 16 * piece) {
      await new Promise((resolve) => {
        wire.addEventListener('bufferedamountlow', resolve, { once: true });
      });
    }
    wire.send(bytes);
  }
};

const untilArrived = (page: Page): Promise<void> =>
  page.evaluate(() => globalThis.benchIncoming.arrived);

/** Over the data channel of two pages of `connectDirectly`. */
export const overChannel = async (from: Page, to: Page, byteCount: number): Promise<number> => {
  await to.evaluate(countThere, byteCount);
  return megabytesPerSecond(byteCount, () =>
    Promise.all([from.evaluate(pourThere, [byteCount, pieceBytes] as const), untilArrived(to)]),
  );
};

/** A page with the network adapter and nothing else; answers its peer id. */
export const openNetworkPage = async (page: Page, url: string, relay: string): Promise<string> => {
  await page.goto(url);
  return page.evaluate(async (address) => {
    const { network, recorder } = testPage;
    const started = await recorder.until(() => recorder.of('Started')[0]);
    network.setRelays([address]);
    await recorder.until(() => recorder.of('RelayChanged').at(-1)?.state === 'up');
    return started.peerId;
  }, relay);
};

export const untilDirectLink = (page: Page, peerId: string, relay: string): Promise<void> =>
  page.evaluate(
    async ({ peerId: wanted, relays }) => {
      const { network, recorder } = testPage;
      network.setWanted([{ peerId: wanted, relays }]);
      await recorder.until(() => recorder.openLink(wanted)?.path === 'direct');
    },
    { peerId, relays: [relay] },
  );

/** Over the one libp2p stream for files beside a link of two network pages. */
export const overStream = (from: Page, to: Page, byteCount: number): Promise<number> => {
  const pieces = Math.ceil(byteCount / pieceBytes);
  const poured = (): Promise<void> =>
    from.evaluate(
      async ([count, piece]) => {
        const { network, recorder } = testPage;
        const open = await recorder.until(() => recorder.openLink());
        for (let i = 0; i < count; i++) await network.sendBlob(open.link, new Uint8Array(piece));
      },
      [pieces, pieceBytes] as const,
    );
  const arrived = (): Promise<void> =>
    to.evaluate(async (count) => {
      const { recorder } = testPage;
      await recorder.until(() => recorder.of('BlobReceived').length >= count);
      recorder.drop('BlobReceived');
    }, pieces);
  return megabytesPerSecond(byteCount, () => Promise.all([poured(), arrived()]));
};
