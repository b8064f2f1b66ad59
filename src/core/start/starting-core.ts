/**
 * [FP2] The core as an app's worker has it: shown from what was kept as soon as that is read, and
 * whole once the rest of its code has come. Commands that come first wait for that.
 */
import { err, type Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import type { Command, CommandError, CommandResult, Core, CoreEvent, CoreState } from '../api.ts';
import type { CoreConfig } from '../deps.ts';
import { begin, type BeginDeps, type Begun } from './begin.ts';
import { firstLookOf, lookWithoutRest } from './first-look.ts';

export type RunningCore = Core & { close(): Promise<void> };

/** The rest of the core, from what was read. */
export type GoOn = (begun: Begun) => RunningCore;

export interface StartingInput extends BeginDeps {
  readonly config: CoreConfig;
  /** Asked once, at the start; rejects where the code is out of reach. */
  readonly loadRest: () => Promise<GoOn>;
}

type Listener = (event: CoreEvent) => void;

export const startCore = (input: StartingInput): RunningCore => new StartingCore(input);

class StartingCore implements Core {
  readonly #input: StartingInput;
  readonly #listeners = new Set<Listener>();
  /** Undefined: the rest did not come, or was not waited for. */
  readonly #whole: Promise<RunningCore | undefined>;
  #running: RunningCore | undefined;
  #told: CoreState | undefined;
  #waitingCount = 0;
  #isClosed = false;

  constructor(input: StartingInput) {
    this.#input = input;
    const rest = input.loadRest();
    rest.catch(() => undefined); // it is told after what there is to show
    this.#whole = this.#start(rest);
  }

  async execute<C extends Command>(command: C): Promise<CommandResult<C>> {
    if (this.#waitingCount >= limits.commandsWaitingMax) return err('busy');
    this.#waitingCount += 1;
    const whole = await this.#whole;
    this.#waitingCount -= 1;
    return whole === undefined ? notReady : whole.execute(command);
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#told !== undefined) listener({ type: 'StateChanged', state: this.#told });
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await (this.#running ?? this.#input.storage).close();
  }

  async #start(rest: Promise<GoOn>): Promise<RunningCore | undefined> {
    try {
      const begun = await begin(this.#input);
      const look = firstLookOf(begun, this.#input.config);
      if (look !== undefined) this.#tell(look);
      const goOn = await rest;
      if (this.#isClosed) return undefined;
      this.#running = goOn(begun);
      this.#running.subscribe((event) => {
        this.#emit(event);
      });
    } catch {
      this.#tell(lookWithoutRest(this.#told));
    }
    return this.#running;
  }

  #tell(state: CoreState): void {
    this.#emit({ type: 'StateChanged', state });
  }

  #emit(event: CoreEvent): void {
    if (event.type === 'StateChanged') this.#told = event.state;
    for (const listener of this.#listeners) listener(event);
  }
}

const notReady: Result<never, CommandError> = err('not-ready');
