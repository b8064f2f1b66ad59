/** Hands the contract of stored files to a worker: synchronous file handles exist only there. */
export interface BlobOrder {
  readonly kind: 'opfs' | 'indexeddb';
  readonly title: string;
}

declare global {
  interface Window {
    /** Undefined where it holds, else why not. */
    runBlobCase: (order: BlobOrder) => Promise<string | undefined>;
  }
}

window.runBlobCase = (order) =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./blobs.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<string | undefined>) => {
      worker.terminate();
      resolve(data);
    });
    worker.addEventListener('error', ({ message }) => {
      resolve(message);
    });
    worker.postMessage(order);
  });
