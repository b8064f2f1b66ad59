/**
 * One tab at a time runs Sotto: whoever holds the Web Lock. Others wait for it and take over when it
 * is let go, by a closed or crashed tab or on request; nothing is lost, since all of it is on disk.
 */
const lockName = 'sotto-leader';
const channelName = 'sotto-tabs';
const politeMs = 3000;

export interface TabHandlers {
  /** This tab leads from now on. */
  onLead(): void;
  /** Another tab leads; this one waits. */
  onWait(): void;
  /** Another tab asked for it: resolve when nothing runs here any more. */
  onYield(): Promise<void>;
}

export interface TabLeader {
  /** Asks the leading tab to make way for this one. */
  useHere(): void;
}

export const startTabLeader = (handlers: TabHandlers): TabLeader => {
  const channel = new BroadcastChannel(channelName);
  let release: (() => void) | undefined;

  const lead = (): Promise<void> =>
    new Promise((resolve) => {
      release = resolve;
      handlers.onLead();
    });

  const yieldLead = async (): Promise<void> => {
    const letGo = release;
    if (letGo === undefined) return;
    release = undefined;
    await handlers.onYield();
    letGo();
    handlers.onWait();
    void request({});
  };

  const request = async (options: LockOptions): Promise<void> => {
    try {
      await navigator.locks.request(lockName, options, lead);
    } catch {
      // Stolen by a tab that had waited long enough: stop here and wait in turn.
      release = undefined;
      await handlers.onYield();
      handlers.onWait();
      void request({});
    }
  };

  channel.addEventListener('message', ({ data }) => {
    if (data === 'make-way') void yieldLead();
  });

  const start = async (): Promise<void> => {
    const { held = [] } = await navigator.locks.query();
    if (held.some(({ name }) => name === lockName)) handlers.onWait();
    await request({});
  };
  void start();

  return {
    useHere: () => {
      channel.postMessage('make-way');
      setTimeout(() => {
        if (release === undefined) void request({ steal: true });
      }, politeMs);
    },
  };
};
