/** A page with nothing but the browser network, driven by tests/browser/network.spec.ts. */
import { createBrowserNetwork } from '../../../src/network/libp2p.browser.ts';
import type { Network } from '../../../src/network/port.ts';
import { createRecorder, type Recorder } from '../network-recorder.ts';

export interface TestPage {
  readonly network: Network;
  readonly recorder: Recorder;
}

const network = createBrowserNetwork();
const recorder = createRecorder();
network.start(recorder);
Object.assign(globalThis, { testPage: { network, recorder } satisfies TestPage });
