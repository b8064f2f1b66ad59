/**
 * Vitest ends its threads with each run, and Stryker runs once for each mutant: most of the time
 * goes into loading the same modules again. All mutants are in the same code, behind switches, so a
 * thread that has loaded it serves the next mutant too. Not where a mutant acts while modules load:
 * then the thread is new, and serves no other.
 */
import {
  ThreadsPoolWorker,
  type PoolOptions,
  type PoolWorker,
  type TestProject,
  type WorkerRequest,
} from 'vitest/node';

/** A thread gathers listeners of ended runs, and whatever mutants have left behind. */
const runsMax = 50;

type Listener = (...args: ReadonlyArray<unknown>) => void;

let kept: { readonly thread: ThreadsPoolWorker; runs: number } | undefined;

const takeKept = async (options: PoolOptions): Promise<ThreadsPoolWorker> => {
  if (kept && kept.runs >= runsMax) {
    await kept.thread.stop();
    kept = undefined;
  }
  kept ??= { thread: new ThreadsPoolWorker(options), runs: 0 };
  kept.runs += 1;
  return kept.thread;
};

/** For Vitest a thread of one run: what says that the run is over does not reach it. */
class KeptWorker implements PoolWorker {
  readonly name = 'kept';
  readonly #options: PoolOptions;
  #thread: ThreadsPoolWorker | undefined;
  #listeners: Array<readonly [event: string, listener: Listener]> = [];

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const thread = await takeKept(this.#options);
    this.#thread = thread;
    if (kept?.runs !== 1) return;
    await thread.start();
    thread.on('exit', () => (kept = undefined));
  }

  on(event: string, listener: Listener): void {
    this.#thread?.on(event, listener);
    this.#listeners.push([event, listener]);
  }

  off(event: string, listener: Listener): void {
    this.#thread?.off(event, listener);
    this.#listeners = this.#listeners.filter(([, other]) => other !== listener);
  }

  send(message: WorkerRequest): void {
    if (message.type !== 'stop') {
      this.#thread?.send(message);
      return;
    }
    for (const [event, listener] of this.#listeners) {
      if (event === 'message') listener({ __vitest_worker_response__: true, type: 'stopped' });
    }
  }

  stop(): Promise<void> {
    for (const [event, listener] of this.#listeners) this.#thread?.off(event, listener);
    this.#listeners = [];
    return Promise.resolve();
  }

  deserialize(message: unknown): unknown {
    return message;
  }
}

const createPoolWorker = (options: PoolOptions): PoolWorker =>
  options.project.getProvidedContext().mutantActivation === 'static'
    ? new ThreadsPoolWorker(options)
    : new KeptWorker(options);

export const keptWorkers = {
  name: 'kept-workers',
  configureVitest: ({ project }: { readonly project: TestProject }): void => {
    project.vitest.onClose(() => kept?.thread.stop());
    project.config.pool = 'kept';
    project.config.poolRunner = { name: 'kept', createPoolWorker };
  },
};
